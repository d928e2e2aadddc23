namespace TdxPamt.Planning;

/// <summary>What uses the TDMRs and reserved areas of a machine under a kernel, whether it works or fails.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#tdmr_add_rsvd_area.</remarks>
public sealed record LayoutExplanation
{
    /// <summary>After that many comparisons no further TDMR is explained.</summary>
    internal const long MaxSteps = 20_000_000;

    private LayoutExplanation(KernelModel kernel, TdmrFailure? failure, ValueList<TdmrUsage> tdmrs, int allowed)
    {
        Kernel = kernel;
        Failure = failure;
        Tdmrs = tdmrs;
        TdmrsAllowed = allowed;
    }

    /// <summary>The kernel.</summary>
    public KernelModel Kernel { get; }

    /// <summary>Why it fails; null where it works.</summary>
    public TdmrFailure? Failure { get; }

    /// <summary>All TDMRs that it would need in ascending order, and their areas as if there were no limit. PAMTs that
    /// find no room do not count.</summary>
    public ValueList<TdmrUsage> Tdmrs { get; }

    /// <summary>The maximum number of TDMRs.</summary>
    public int TdmrsAllowed { get; }

    /// <summary>How many TDMRs are left; negative where there are too many, by that number.</summary>
    public int TdmrsLeft => TdmrsAllowed - Tdmrs.Count;

    /// <summary>The TDMR with the fewest areas left; null where there is no TDMR.</summary>
    public TdmrUsage? Tightest => Tdmrs.OrderBy(static tdmr => tdmr.Left).FirstOrDefault();

    /// <summary>Explains a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="kernel">The kernel; null for <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What its module reports; null for <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static LayoutExplanation Create(
        HostMemory host, KernelModel? kernel = null, ModuleParameters? module = null)
    {
        kernel ??= KernelModel.Mainline;
        ReducedHost whole = new(Preconditions.NotNull(host, nameof(host)), module ?? ModuleParameters.Default, []);
        TdmrFailure? failure = new LayoutSearch(whole, PlanStrategies.None, kernel).Run().Failure;
        Layout layout = Layout.Create(whole, whole.KernelTdmrs, PlanStrategies.None, kernel);
        AddressRange[] holes = whole.Holes(kernel.TakesHolesFromCmrs, merged: false);
        ValueList<ReservedArea>[] areas = AreaLayout.Create(whole, layout.Tdmrs, holes, layout.Chunks, merge: false);
        TdmrUsage[] usages = new TdmrUsage[layout.Tdmrs.Length];
        if (usages.Length == 0)
            return new LayoutExplanation(kernel, failure, default, whole.Module.MaxTdmrs);
        Dictionary<AddressRange, int> owners = layout.Owners();
        int first = failure?.TdmrIndex ?? 0;
        usages[first] = Usage(whole, kernel, layout, owners, holes, areas[first], first);
        for (int t = 0; t < usages.Length; t++)
            usages[t] ??= Usage(whole, kernel, layout, owners, holes, areas[t], t);
        return new LayoutExplanation(kernel, failure, new(usages), whole.Module.MaxTdmrs);
    }

    /// <summary>The explanation in a sentence.</summary>
    /// <returns>The failure or that there is none, and the tightest TDMR.</returns>
    public override string ToString()
    {
        string outcome = Failure is null ? $"{Kernel} works" : $"{Kernel} fails ({Failure.Message})";
        string tdmrs = $"{Tdmrs.Count} of {TdmrsAllowed} TDMRs are needed";
        return Tightest is { } tightest ? $"{outcome}; {tdmrs}; {tightest}." : $"{outcome}.";
    }

    private static TdmrUsage Usage(
        ReducedHost host,
        KernelModel kernel,
        Layout layout,
        Dictionary<AddressRange, int> owners,
        AddressRange[] holes,
        ValueList<ReservedArea> areas,
        int t)
    {
        AddressRange tdmr = layout.Tdmrs[t];
        AreaUse[] uses = new AreaUse[areas.Count];
        for (int i = 0; i < uses.Length; i++)
        {
            ulong start = tdmr.Start + areas[i].Offset;
            AddressRange range = AddressRange.Create(start, start + areas[i].Size);
            bool isHole = areas[i].Source == ReservedAreaSource.Hole;
            AddressRange whole = isHole ? Holding(holes, start) : Holding(layout.Chunks, start);
            uses[i] = new(range, whole, areas[i].Source, isHole ? null : owners[whole]);
        }

        TdmrUsage usage = new(t, tdmr, new(uses), host.Module.MaxReservedAreas);
        if (usage.Left >= 0 || host.Steps.Taken >= MaxSteps)
            return usage;
        FittingTdmr fitting = new(host, kernel, tdmr);
        return usage with
        {
            HolesToRemove = fitting.HolesToRemove(uses),
            RamToExclude = fitting.RamToExclude(areas),
        };
    }

    private static AddressRange Holding(AddressRange[] ranges, ulong address) =>
        ranges[AddressRanges.FirstEndingAbove(ranges, address)];
}
