using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>A set of TDMRs and what the TDX module answers to it.</summary>
internal readonly record struct CheckedSet(TdmrSet Set, ModuleVerdict Verdict)
{
    /// <summary>Whether there are TDMRs that the module does not reject.</summary>
    internal bool Works => Set.Failure is null && !Verdict.IsRejected;

    internal static CheckedSet Create(TdmrSet set, Func<TdmrSet, TdmrSet>? change)
    {
        TdmrSet changed = change?.Invoke(set) ?? set;
        return new(changed, changed.Check());
    }
}
