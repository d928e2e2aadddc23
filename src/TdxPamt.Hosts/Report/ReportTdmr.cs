namespace TdxPamt.Hosts.Report;

/// <summary>A TDMR as a report shows it, whether the plan has it or would have needed it.</summary>
/// <param name="Index">Its position among the TDMRs.</param>
/// <param name="Range">The memory it covers.</param>
/// <param name="Node">Its node.</param>
/// <param name="Pamts">Where its PAMTs lie: one chunk, or three; none where that is not known.</param>
/// <param name="Areas">Its reserved areas in ascending order; more than are allowed where it does not fit.</param>
/// <param name="Holes">How many areas cover a hole.</param>
internal sealed record ReportTdmr(
    int Index,
    AddressRange Range,
    int Node,
    IReadOnlyList<AddressRange> Pamts,
    IReadOnlyList<ReportArea> Areas,
    int Holes)
{
    /// <summary>What is wrong and what would make it fit; null where nothing is wrong.</summary>
    internal string? Advice { get; init; }

    /// <summary>The id of the part of the page with its areas.</summary>
    internal string AreasId => $"areas-{Index}";
}
