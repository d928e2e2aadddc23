namespace TdxPamt.Planning;

/// <summary>Why the PAMT total that a machine's kernel printed differs from that of its memory map.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#figure.</remarks>
public sealed record PamtTotalExplanation
{
    private PamtTotalExplanation(ulong plannedKiB, ulong reportedKiB, PamtTotalCause[] causes)
    {
        PlannedKiB = plannedKiB;
        ReportedKiB = reportedKiB;
        Causes = new(causes);
    }

    /// <summary>What the PAMTs of the kernel's TDMRs take, in KiB.</summary>
    public ulong PlannedKiB { get; }

    /// <summary>What the machine reported, in KiB.</summary>
    public ulong ReportedKiB { get; }

    /// <summary>Whether the two are equal.</summary>
    public bool Matches => PlannedKiB == ReportedKiB;

    /// <summary>The possible causes, the likeliest first: the fewest splits or joins, low memory before high,
    /// because firmware's holes are mostly in low memory. At most 8; none where the totals match or nothing
    /// explains the difference.</summary>
    public ValueList<PamtTotalCause> Causes { get; }

    /// <summary>Explains a total.</summary>
    /// <param name="host">The machine, as far as it is known; CMRs may stand in for RAM.</param>
    /// <param name="reportedKiB">What its kernel printed, in KiB.</param>
    /// <param name="module">What its module reports; null for <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static PamtTotalExplanation Create(HostMemory host, ulong reportedKiB, ModuleParameters? module = null)
    {
        module ??= ModuleParameters.Default;
        AddressRange[] tdmrs = ReducedHost.TdmrsOf(Preconditions.NotNull(host, nameof(host)));
        ulong plannedKiB = KiB(PartitionCost.PagesOf(tdmrs, module));
        bool explainable = plannedKiB != reportedKiB && reportedKiB % KiB(1) == 0 && tdmrs.Length > 0;
        return new(plannedKiB, reportedKiB, explainable ? CausesOf(tdmrs, reportedKiB / KiB(1), module) : []);
    }

    /// <summary>The explanation in a sentence.</summary>
    /// <returns>Both figures and the likeliest cause.</returns>
    public override string ToString()
    {
        if (Matches)
            return $"{ReportedKiB} KB are what the memory map gives.";
        string cause = Causes.Count == 0 ? "nothing known here explains it" : $"{Causes[0]} would explain it";
        return $"{ReportedKiB} KB were reported, but the memory map gives {PlannedKiB} KB; {cause}.";
    }

    private static ulong KiB(ulong pages) => pages * (AddressRange.PageBytes / 1024);

    private static PamtTotalCause[] CausesOf(AddressRange[] tdmrs, ulong pages, ModuleParameters module)
    {
        PamtTotalCause[] causes = new PamtTotalSearch(tdmrs, module, pages).Find();
        if (causes.Length > 0)
            return causes;
        if (PartitionCost.PagesOf(tdmrs, module with { DynamicPamt = !module.DynamicPamt }) == pages)
            return [new(PamtTotalCauseKind.DynamicPamt) { Tdmrs = new(tdmrs) }];
        return OtherMemory(PartitionCost.PagesOf(tdmrs, module), pages, module);
    }

    /// <summary>Explains a difference by whole GiBs of TDMRs, and at most a few pages of rounding.</summary>
    private static PamtTotalCause[] OtherMemory(ulong planned, ulong reported, ModuleParameters module)
    {
        const ulong MaxRounding = 8;
        bool more = reported > planned;
        ulong difference = more ? reported - planned : planned - reported;
        PamtSizes sizes = PamtSizes.CalculateUnchecked(TdmrInfo.Alignment, module);
        ulong giB = (sizes.Page4K + sizes.Page2M) / AddressRange.PageBytes;
        ulong count = difference / giB;
        return count > 0 && difference % giB <= MaxRounding
            ? [new(PamtTotalCauseKind.OtherMemory) { MoreGiB = more ? (long)count : -(long)count }]
            : [];
    }
}
