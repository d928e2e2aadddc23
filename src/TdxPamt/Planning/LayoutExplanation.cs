namespace TdxPamt.Planning;

/// <summary>Where a kernel's own way uses up reserved areas on a machine, whether it works or not.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record LayoutExplanation
{
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

    /// <summary>All TDMRs it would need in ascending order, and their areas as if there were no limit. Where PAMTs find
    /// no room, those that do are looked at.</summary>
    public ValueList<TdmrUsage> Tdmrs { get; }

    /// <summary>How many TDMRs the module takes.</summary>
    public int TdmrsAllowed { get; }

    /// <summary>How many TDMRs are left; below 0 where there are that many too many.</summary>
    public int TdmrsLeft => TdmrsAllowed - Tdmrs.Count;

    /// <summary>The TDMR with fewest areas left; null where there is no TDMR.</summary>
    public TdmrUsage? Tightest => Tdmrs.OrderBy(static tdmr => tdmr.Left).FirstOrDefault();

    /// <summary>Explains a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="kernel">The kernel; null: <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What its module reports; null: <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static LayoutExplanation Create(
        HostMemory host, KernelModel? kernel = null, ModuleParameters? module = null)
    {
        kernel ??= KernelModel.Mainline;
        PlanHost whole = new(Preconditions.NotNull(host, nameof(host)), module ?? ModuleParameters.Default, []);
        new LayoutSearch(PlanStrategies.None, kernel).TryFind(whole, out _, out TdmrFailure? failure);
        Layout layout = Layout.Of(whole, whole.KernelCover, PlanStrategies.None, kernel);
        AddressRange[] holes = whole.Holes(kernel.TakesHolesFromCmrs, merged: false);
        ValueList<ReservedArea>[] areas = AreaLayout.Of(whole, layout.Cover, holes, layout.Chunks, merge: false);
        TdmrUsage[] usages = new TdmrUsage[layout.Cover.Length];
        for (int t = 0; t < usages.Length; t++)
            usages[t] = Usage(whole, kernel, layout, holes, areas[t], t);
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
        PlanHost host,
        KernelModel kernel,
        Layout layout,
        AddressRange[] holes,
        ValueList<ReservedArea> areas,
        int t)
    {
        AddressRange tdmr = layout.Cover[t];
        AreaUse[] uses = new AreaUse[areas.Count];
        for (int i = 0; i < uses.Length; i++)
        {
            ulong start = tdmr.Start + areas[i].Offset;
            AddressRange range = AddressRange.Create(start, start + areas[i].Size);
            bool isHole = areas[i].Source == ReservedAreaSource.Hole;
            AddressRange whole = isHole ? Holding(holes, start) : Holding(layout.Chunks, start);
            uses[i] = new(range, whole, areas[i].Source, isHole ? null : layout.OwnerOf(whole));
        }

        int allowed = host.Module.MaxReservedAreas;
        if (uses.Length <= allowed)
            return new(t, tdmr, new(uses), allowed);
        return new(t, tdmr, new(uses), allowed)
        {
            HolesToRemove = HoleRemoval.Smallest(host, kernel, tdmr, uses),
            RamToExclude = new([.. RamExclusion.ForAreas(host, tdmr, areas.Span, allowed, merge: false)]),
        };
    }

    private static AddressRange Holding(AddressRange[] ranges, ulong address) =>
        ranges[AddressRanges.FirstEndingAbove(ranges, address)];
}
