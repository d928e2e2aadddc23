using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>How many more holes, nodes or GiB a machine can get until a kernel fails on it.</summary>
/// <remarks>Without state, so safe for many threads. Rules: docs/model.md#headroom.</remarks>
public static class LayoutHeadroom
{
    /// <summary>Works out the table.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="kernel">The kernel; null for <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What its module reports; null for <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>A row for each <see cref="HeadroomResource"/>; none where the machine has no TDX memory, or memory that
    /// the kernel finds not convertible. That many holes of a page were put into the TDMR's RAM, in several places
    /// and also with one on a GiB boundary, and the machine planned anew each time. GiB are counted up to the end of
    /// addresses without a KeyID, by doubling and bisection. A machine that fails takes no more of anything: it has a
    /// row only for the limits that it exceeds.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static ValueList<HeadroomRow> Create(
        HostMemory host, KernelModel? kernel = null, ModuleParameters? module = null)
    {
        kernel ??= KernelModel.Mainline;
        module ??= ModuleParameters.Default;
        LayoutExplanation layout = LayoutExplanation.Create(host, kernel, module);
        if (layout.Tightest is not { } tightest || layout.Failure?.Code == TdmrFailureCode.MemoryNotConvertible)
            return default;
        AddressRange last = layout.Tdmrs[^1].Range;
        long giB = layout.Tdmrs.Sum(static tdmr => (long)(tdmr.Range.Size / TdmrInfo.Alignment));
        HeadroomRow areas = new(
            kernel, HeadroomResource.Holes, tightest.Areas.Count, tightest.Allowed, tightest.Range);
        HeadroomRow nodes = new(kernel, HeadroomResource.Nodes, layout.Tdmrs.Count, layout.TdmrsAllowed, Tdmr: null);
        if (layout.Failure is not null)
            return [.. new[] { areas, nodes }.Where(static row => row.Left < 0)];
        return
        [
            areas with { Allowed = areas.Used + MaxMoreHoles(host, kernel, module, tightest) },
            nodes,
            new(kernel, HeadroomResource.GiB, giB, giB + MaxMoreGiB(host, kernel, module, last), last),
        ];
    }

    /// <summary>How many holes more the TDMR with the fewest areas left takes: as many as areas are left, or fewer
    /// where the machine fails with those.</summary>
    private static long MaxMoreHoles(
        HostMemory host, KernelModel kernel, ModuleParameters module, TdmrUsage tdmr)
    {
        MoreHoles holes = new(host, tdmr);
        int fails = tdmr.Left + 1;
        int works = 0;
        for (int tried = tdmr.Left; fails - works > 1; tried = works + ((fails - works) / 2))
        {
            if (holes.Placed(tried).All(more => Works(WithHoles(host, more), kernel, module)))
                works = tried;
            else
                fails = tried;
        }

        return works;
    }

    private static HostMemory WithHoles(HostMemory host, AddressRange[] holes)
    {
        AddressRange[] kept = AddressRanges.Gaps(holes);
        return host.With(
            ReducedHost.Regions(host.Regions, kept), new(AddressRanges.Intersect(host.Cmrs.Span, kept)));
    }

    private static bool Works(HostMemory host, KernelModel kernel, ModuleParameters module) =>
        new LayoutSearch(new ReducedHost(host, module, []), PlanStrategies.None, kernel).Run().Failure is null;

    /// <summary>By how many GiB the last memory block can grow.</summary>
    private static long MaxMoreGiB(HostMemory host, KernelModel kernel, ModuleParameters module, AddressRange last)
    {
        ulong limit = SysConfigChecker.AddressLimit(module);
        ulong end = host.TdxMemoryRanges[^1].End;
        long room = limit <= end ? 0 : (long)((limit - end) / TdmrInfo.Alignment);
        long works = 0;
        long fails = room + 1;
        for (long step = 1; works + step < fails; step *= 2)
        {
            if (Works(host, kernel, module, works + step))
                works += step;
            else
                fails = works + step;
        }

        while (fails - works > 1)
        {
            long middle = works + ((fails - works) / 2);
            if (Works(host, kernel, module, middle))
                works = middle;
            else
                fails = middle;
        }

        return works;
    }

    private static bool Works(HostMemory host, KernelModel kernel, ModuleParameters module, long giB)
    {
        MemoryRegion last = host.TdxMemoryBlocks[^1];
        AddressRange more = AddressRange.Create(
            last.Range.End, last.Range.End + ((ulong)giB * TdmrInfo.Alignment));
        AddressRange[] cmrs = host.Cmrs.Count == 0 ? [] : AddressRanges.Union(host.Cmrs.Span, [more]);
        HostMemory grown = host.With([.. host.Regions, new MemoryRegion(more, last.Node)], new(cmrs));
        return Works(grown, kernel, module);
    }
}
