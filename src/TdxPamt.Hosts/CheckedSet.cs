using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>What the TDX module answers to a set of TDMRs, without the set, which may be large.</summary>
/// <param name="Name">The set's name.</param>
/// <param name="Failure">Why there are no TDMRs, where the set is that of a plan that failed.</param>
/// <param name="Verdict">The answer.</param>
internal readonly record struct CheckedSet(string Name, string? Failure, ModuleVerdict Verdict)
{
    /// <summary>Whether there are TDMRs that the module does not reject.</summary>
    internal bool Works => Failure is null && !Verdict.IsRejected;

    internal static CheckedSet Create(TdmrSet set, Func<TdmrSet, TdmrSet>? change)
    {
        TdmrSet changed = change?.Invoke(set) ?? set;
        return new(changed.Name, changed.Failure, changed.Check());
    }
}
