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
    /// <returns>A row for each <see cref="HeadroomResource"/>. A machine that fails has a row only for the limits that
    /// it exceeds; there is none where the machine has no TDX memory, or memory that the kernel finds not convertible.
    /// The machine was planned with the holes and GiB that a row claims: with holes of a page each at several places of
    /// the TDMR's RAM, once with one on a GiB boundary, and with GiB below the first address with a KeyID.</returns>
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
        return tdmr.Left == 0 || Fit(tdmr.Left) ? tdmr.Left : Bisection.LastPassing(0, tdmr.Left, Fit);

        bool Fit(long count) =>
            holes.Placed((int)count).All(more => Works(WithHoles(host, more), kernel, module));
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

        return Bisection.LastPassing(works, fails, giB => Works(host, kernel, module, giB));
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
