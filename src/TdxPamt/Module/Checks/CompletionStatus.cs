namespace TdxPamt.Module;

/// <summary>How the TDX module ended a call: the 64 bits it leaves in RAX (docs/model.md#completion-status).</summary>
/// <param name="Value">The bits. Any value is legal.</param>
/// <remarks>Immutable; <c>default</c> is success.</remarks>
public readonly record struct CompletionStatus(ulong Value)
{
    internal CompletionStatus(CompletionCode code, int info0 = 0, int info1 = 0, int info2 = 0)
        : this(((ulong)code << 32) | (uint)(info0 & 0xFF) | ((uint)(info1 & 0xFF) << 8) | ((uint)(info2 & 0xFF) << 16))
    {
    }

    /// <summary>Success, which is 0.</summary>
    public static CompletionStatus Success => default;

    /// <summary>Whether the status is TDX_SUCCESS, all 64 bits 0.</summary>
    public bool IsSuccess => Value == 0;

    /// <summary>Whether the call failed: bit 63. A status may be neither an error nor <see cref="IsSuccess"/>, such
    /// as TDX_TDMR_ALREADY_INITIALIZED.</summary>
    public bool IsError => Value >> 63 != 0;

    /// <summary>What the status says, without its operands: bits 63:32. It need not be one of the
    /// named values.</summary>
    public CompletionCode Code => (CompletionCode)(uint)(Value >> 32);

    /// <summary>The class of the status: bits 47:40; 0x0A for TDMRs, PAMTs and CMRs.</summary>
    public byte Class => (byte)((Value >> 40) & 0xFF);

    /// <summary>The first operand byte: bits 7:0.</summary>
    public byte Info0 => (byte)(Value & 0xFF);

    /// <summary>The second operand byte: bits 15:8.</summary>
    public byte Info1 => (byte)((Value >> 8) & 0xFF);

    /// <summary>The third operand byte: bits 23:16.</summary>
    public byte Info2 => (byte)((Value >> 16) & 0xFF);

    /// <summary>The module's name for the status, such as <c>TDX_INVALID_PAMT</c>; bits 63:32 in hex where
    /// <see cref="CompletionCode"/> has none.</summary>
    public string Name => CompletionNames.Find(Code) ?? $"0x{(uint)Code:X8}";

    /// <summary>The index of the TDMR at fault, 0 to 255; null where the status carries none.</summary>
    public int? Tdmr => Code is CompletionCode.InvalidTdmr or CompletionCode.NonOrderedTdmr
        or CompletionCode.TdmrOutsideCmrs or CompletionCode.InvalidPamt or CompletionCode.PamtOutsideCmrs
        or CompletionCode.PamtOverlap or CompletionCode.InvalidReservedInTdmr
        or CompletionCode.NonOrderedReservedInTdmr ? Info0 : null;

    /// <summary>The page size of the PAMT at fault; null where the status carries none.</summary>
    public PageSize? Level =>
        Code is CompletionCode.InvalidPamt or CompletionCode.PamtOutsideCmrs or CompletionCode.PamtOverlap
        && Info1 <= (int)PageSize.Page1G ? (PageSize)Info1 : null;

    /// <summary>The index of the reserved area at fault, 0 to 255; null where the status carries none.</summary>
    public int? ReservedArea =>
        Code is CompletionCode.InvalidReservedInTdmr or CompletionCode.NonOrderedReservedInTdmr ? Info1 : null;

    /// <summary>The index of the TDMR that a PAMT overlaps, 0 to 255, which may be <see cref="Tdmr"/> itself; null
    /// where the status carries none.</summary>
    public int? Other => Code == CompletionCode.PamtOverlap ? Info2 : null;

    /// <summary>Says in words what is wrong with the TDMRs that TDH.SYS.CONFIG refused.</summary>
    /// <param name="tdmrs">The TDMRs that were refused. With others the text is less exact, never an exception.</param>
    /// <param name="cmrs">The CMRs they were checked against. Without them the text names no range outside
    /// the CMRs.</param>
    /// <param name="module">The parameters they were checked with; null
    /// means <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>One sentence without a full stop.</returns>
    public string Describe(
        ReadOnlySpan<TdmrInfoEntry> tdmrs, ReadOnlySpan<CmrInfo> cmrs = default, ModuleParameters? module = null) =>
        CompletionText.Describe(this, tdmrs, cmrs, module ?? ModuleParameters.Default);

    /// <summary>The name and the bits: <c>TDX_INVALID_PAMT 0xC0000A1000000203</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name} 0x{Value:X}";
}
