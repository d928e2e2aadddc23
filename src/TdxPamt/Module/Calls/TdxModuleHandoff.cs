namespace TdxPamt.Module;

/// <summary>What a module that was shut down leaves to the next one: TDMRs with their progress, key ids, Dynamic
/// PAMT (docs/model.md#shutdown).</summary>
/// <remarks>Immutable. PAMTs and the state in TDs' own pages stay in the machine's memory and are not part
/// of it.</remarks>
public sealed class TdxModuleHandoff
{
    private readonly PamtTdmr[] _tdmrs;
    private readonly bool _isDynamic;
    private readonly KeyIdTable _keyIds;
    private readonly TdTable _tds;
    private readonly ulong _globalKeyId;

    internal TdxModuleHandoff(ModuleContext module)
    {
        _tdmrs = module.Pamts!.CopyTdmrs();
        _isDynamic = module.Pamts.IsDynamic;
        _keyIds = module.KeyIds.Copy();
        _tds = module.Tds;
        _globalKeyId = module.GlobalKeyId;
    }

    /// <summary>How much it holds: <c>3 TDMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{_tdmrs.Length} TDMRs";

    internal void CopyTo(ModuleContext module)
    {
        module.Pamts = new(
            Array.ConvertAll(_tdmrs, static tdmr => tdmr.Copy()), _isDynamic, module.Release, module.Memory);
        module.KeyIds = _keyIds.Copy();
        module.Tds = _tds;
        module.GlobalKeyId = _globalKeyId;
    }
}
