using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>A machine less the ranges that are excluded from TDX, and what all strategies need to know of it,
/// worked out once.</summary>
internal sealed class ReducedHost
{
    /// <summary>How many comparisons it takes to sort a range in.</summary>
    private const int StepsEach = 16;

    private readonly AddressRange[]?[] _holes = new AddressRange[]?[4];
    private readonly Dictionary<(AddressRange[] Holes, bool Split, bool Join), PartitionSolution> _partitions = [];
    private readonly Dictionary<(AddressRange[] Holes, bool Split, bool Join), AddressRange[]> _minExclusions = [];

    /// <summary>The machine without what each array of <see cref="_minExclusions"/> excludes; null until it is
    /// asked for.</summary>
    private readonly Dictionary<AddressRange[], ReducedHost?> _withoutMin = [];
    private readonly Dictionary<KernelModel, TdmrFailure?> _kernelFailures = [];
    private AddressRange[]? _kernelTdmrs;
    private FreePageIndex? _freePages;
    private FreePageIndex? _excludedPages;

    /// <summary>Excludes ranges of a machine.</summary>
    /// <param name="original">The machine.</param>
    /// <param name="module">What its module reports.</param>
    /// <param name="excluded">The ranges, ascending. Those in a TDMR are to be reserved, whether RAM or not.</param>
    /// <param name="steps">Where to count what is done; null for a count of its own.</param>
    internal ReducedHost(
        HostMemory original, ModuleParameters module, AddressRange[] excluded, SearchSteps? steps = null)
    {
        Steps = steps ?? new SearchSteps();
        Original = original;
        Module = module;
        Excluded = excluded;
        ExcludedRam = AddressRanges.Intersect(original.TdxMemoryRanges, excluded);
        Memory = excluded.Length == 0 ? original : Remaining(excluded);
        Steps.Take(StepsEach * (original.Regions.Count + excluded.Length));
    }

    /// <summary>The machine with all its memory.</summary>
    internal HostMemory Original { get; }

    /// <summary>What searches have done for this machine and those made from it.</summary>
    internal SearchSteps Steps { get; }

    /// <summary>What its module reports.</summary>
    internal ModuleParameters Module { get; }

    /// <summary>The machine that the kernel sees.</summary>
    internal HostMemory Memory { get; }

    /// <summary>What is excluded, ascending.</summary>
    internal AddressRange[] Excluded { get; }

    /// <summary>The TDX memory that is excluded, ascending.</summary>
    internal AddressRange[] ExcludedRam { get; }

    /// <summary>The TDMRs of the kernel's own steps.</summary>
    internal AddressRange[] KernelTdmrs => _kernelTdmrs ??= TdmrsOf(Memory);

    /// <summary>Why a kernel makes no TDMRs; null where it does.</summary>
    internal TdmrFailure? KernelFailure(KernelModel kernel)
    {
        if (!_kernelFailures.TryGetValue(kernel, out TdmrFailure? failure))
        {
            TdmrLayout.TryCreate(Memory, kernel, Module, nodeLookup: null, logger: null, out _, out failure);
            _kernelFailures.Add(kernel, failure);
        }

        return failure;
    }

    /// <summary>The pages for PAMTs.</summary>
    internal FreePageIndex FreePages
    {
        get
        {
            if (_freePages is null)
                Steps.Take(StepsEach * Memory.BlockedRanges.Count);
            return _freePages ??= FreePageIndex.Create(Memory);
        }
    }

    /// <summary>The pages for PAMTs in excluded RAM.</summary>
    internal FreePageIndex ExcludedPages => _excludedPages ??= FreePageIndex.Create(Only(ExcludedRam));

    /// <summary>Excludes the RAM that is not convertible.</summary>
    /// <returns>False where that leaves more memory blocks than are searched.</returns>
    internal bool TryExcludeNotConvertible(out ReducedHost convertible)
    {
        AddressRange[] ranges = NotConvertible();
        bool isSmall = ranges.Length <= StrategyConstructor.MaxMemoryBlocks;
        convertible = ranges.Length > 0 && isSmall ? Without(ranges) : this;
        return isSmall;
    }

    /// <summary>Excludes more.</summary>
    internal ReducedHost Without(AddressRange[] more)
    {
        if (_withoutMin.TryGetValue(more, out ReducedHost? reduced) && reduced is not null)
            return reduced;
        reduced = new(Original, Module, AddressRanges.Union(Excluded, more), Steps);
        if (_withoutMin.ContainsKey(more))
            _withoutMin[more] = reduced;
        return reduced;
    }

    /// <summary>How many bytes of TDX memory are excluded together with some that are not yet.</summary>
    internal ulong ExcludedBytesWith(AddressRange[] more)
    {
        ulong bytes = AddressRanges.TotalBytes(ExcludedRam);
        foreach (AddressRange range in more)
            bytes += RamBytes(range);
        return bytes;
    }

    /// <summary>The holes of a kernel with strategies, ascending.</summary>
    internal AddressRange[] Holes(KernelModel kernel, PlanStrategies strategies) => Holes(
        kernel.TakesHolesFromCmrs || strategies.Has(PlanStrategies.HolesFromCmrs),
        strategies.Has(PlanStrategies.MergeAreas));

    /// <summary>The holes, ascending: what a TDMR must reserve whatever its PAMTs are.</summary>
    /// <param name="fromCmrs">Whether they are what the CMRs leave, or what the memory blocks leave.</param>
    /// <param name="merged">Whether holes without RAM between them are one.</param>
    internal AddressRange[] Holes(bool fromCmrs, bool merged)
    {
        // Between two holes that memory blocks leave there always is RAM.
        bool bridged = fromCmrs && merged;
        ref AddressRange[]? holes = ref _holes[(fromCmrs ? 1 : 0) + (bridged ? 2 : 0)];
        if (holes is not null)
            return holes;
        holes = AddressRanges.Gaps(fromCmrs ? Memory.Cmrs.Span : Memory.TdxMemoryRanges);
        if (bridged)
            holes = Bridge(holes);
        return holes;
    }

    /// <summary>Whether there is RAM for TDX between two addresses.</summary>
    internal bool HasRam(ulong start, ulong end) => AddressRange.TryCreate(start, end, out AddressRange range)
        && AddressRanges.Overlaps(Memory.TdxMemoryRanges, range);

    /// <summary>How much RAM for TDX there is in a range, in bytes.</summary>
    internal ulong RamBytes(AddressRange range)
    {
        ulong bytes = 0;
        ReadOnlySpan<AddressRange> blocks = Memory.TdxMemoryRanges;
        int first = AddressRanges.FirstEndingAbove(blocks, range.Start);
        for (int i = first; i < blocks.Length && blocks[i].Start < range.End; i++)
            bytes += blocks[i].Intersect(range).Size;
        return bytes;
    }

    /// <summary>The RAM that cannot hold TDX memory: outside the CMRs, or where addresses carry a KeyID. Where no CMRs
    /// are known, all RAM is taken to be convertible.</summary>
    internal AddressRange[] NotConvertible()
    {
        ulong limit = SysConfigChecker.AddressLimit(Module) & ~(TdmrInfo.Alignment - 1);
        ReadOnlySpan<AddressRange> cmrs = Memory.Cmrs.Count > 0 ? Memory.Cmrs.Span : Memory.TdxMemoryRanges;
        AddressRange[] convertible = limit == 0 ? [] : AddressRanges.Intersect(cmrs, [AddressRange.Create(0, limit)]);
        return AddressRanges.Subtract(Memory.TdxMemoryRanges, convertible);
    }

    /// <summary>The cheapest partition of memory into TDMRs over holes.</summary>
    internal PartitionSolution Partition(AddressRange[] holes, bool split, bool join)
    {
        if (!_partitions.TryGetValue((holes, split, join), out PartitionSolution? solution))
        {
            PartitionGraph graph = new(KernelTdmrs, holes, Module, split, join);
            Steps.Take(graph.EdgeCount);
            solution = new PartitionSearch(graph).Run();
            _partitions.Add((holes, split, join), solution);
        }

        return solution;
    }

    /// <summary>The least to exclude so that holes and TDMRs stay within the limits, ascending.</summary>
    internal AddressRange[] MinExclusion(AddressRange[] holes, bool split, bool join)
    {
        if (!_minExclusions.TryGetValue((holes, split, join), out AddressRange[]? ranges))
        {
            ranges = [.. new RamExclusionSearch(new RamExclusionUnits(this, holes, split), join).Run(Steps)];
            _minExclusions.Add((holes, split, join), ranges);
            _withoutMin[ranges] = null;
        }

        return ranges;
    }

    /// <summary>The kernel's TDMRs over a machine's memory.</summary>
    internal static AddressRange[] TdmrsOf(HostMemory host)
    {
        List<AddressRange> tdmrs = [];
        TdmrRangeEnumerator ranges = new(host.TdxMemoryBlocks.Span);
        while (ranges.MoveNext())
            tdmrs.Add(ranges.Current);
        return [.. tdmrs];
    }

    private AddressRange[] Bridge(AddressRange[] holes)
    {
        List<AddressRange> bridged = [];
        foreach (AddressRange hole in holes)
        {
            if (bridged.Count > 0 && !HasRam(bridged[^1].End, hole.Start))
                bridged[^1] = AddressRange.Create(bridged[^1].Start, hole.End);
            else
                bridged.Add(hole);
        }

        return [.. bridged];
    }

    private HostMemory Remaining(AddressRange[] excluded)
    {
        AddressRange[] kept = AddressRanges.Gaps(excluded);
        return Original.With(
            Regions(Original.Regions, kept), new(AddressRanges.Intersect(Original.Cmrs.Span, kept)));
    }

    private HostMemory Only(AddressRange[] ranges) =>
        Original.With(Regions(Original.TdxMemoryBlocks, ranges), cmrs: default);

    /// <summary>What is left of regions where only some ranges are kept.</summary>
    internal static List<MemoryRegion> Regions(ValueList<MemoryRegion> regions, AddressRange[] kept)
    {
        List<MemoryRegion> parts = [];
        foreach (MemoryRegion region in regions)
        {
            int first = AddressRanges.FirstEndingAbove(kept, region.Range.Start);
            for (int i = first; i < kept.Length && kept[i].Start < region.Range.End; i++)
                parts.Add(new(region.Range.Intersect(kept[i]), region.Node));
        }

        return parts;
    }
}
