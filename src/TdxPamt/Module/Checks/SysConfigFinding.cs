namespace TdxPamt.Module;

/// <summary>What TDH.SYS.CONFIG finds, with whole indices where the status has 8 bits of them.</summary>
/// <param name="Status">The completion status.</param>
/// <param name="Tdmr">The index of the TDMR at fault; that of the status where no TDMR was checked.</param>
/// <param name="Other">The index of the TDMR that its PAMT overlaps; that of the status where none does.</param>
internal readonly record struct SysConfigFinding(CompletionStatus Status, int Tdmr, int Other)
{
    internal SysConfigFinding(CompletionStatus status)
        : this(status, status.Info0, status.Info2)
    {
    }
}
