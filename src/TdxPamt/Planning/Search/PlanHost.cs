using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>A machine less what is left out of TDX, and what all strategies need to know of it, found out
/// once.</summary>
internal sealed class PlanHost
{
    private readonly AddressRange[]?[] _holes = new AddressRange[]?[4];
    private readonly Dictionary<(AddressRange[] Holes, bool Split, bool Join), CoverSearch> _searches = [];
    private readonly Dictionary<(AddressRange[] Holes, bool Split, bool Join), List<AddressRange>> _leastGivenUp = [];
    private AddressRange[]? _kernelCover;
    private FreePageIndex? _freePages;
    private FreePageIndex? _sparePages;

    /// <summary>Leaves ranges of a machine out of TDX.</summary>
    /// <param name="original">The machine.</param>
    /// <param name="module">What its module reports.</param>
    /// <param name="leftOut">The ranges, ascending. Those in a TDMR are to be reserved, whether RAM or not.</param>
    internal PlanHost(HostMemory original, ModuleParameters module, AddressRange[] leftOut)
    {
        Original = original;
        Module = module;
        LeftOut = leftOut;
        ExcludedRam = RangeSet.Intersect(original.TdxMemoryRanges, leftOut);
        Memory = leftOut.Length == 0 ? original : Remaining(leftOut);
    }

    /// <summary>The machine with all its memory.</summary>
    internal HostMemory Original { get; }

    /// <summary>What its module reports.</summary>
    internal ModuleParameters Module { get; }

    /// <summary>The machine that the kernel sees.</summary>
    internal HostMemory Memory { get; }

    /// <summary>What is left out, ascending.</summary>
    internal AddressRange[] LeftOut { get; }

    /// <summary>The TDX memory that is left out, ascending.</summary>
    internal AddressRange[] ExcludedRam { get; }

    /// <summary>The TDMRs of the kernel's own way.</summary>
    internal AddressRange[] KernelCover => _kernelCover ??= Cover(Memory);

    /// <summary>The pages for PAMTs.</summary>
    internal FreePageIndex FreePages => _freePages ??= FreePageIndex.Create(Memory);

    /// <summary>The pages for PAMTs in what is left out.</summary>
    internal FreePageIndex SparePages => _sparePages ??= FreePageIndex.Create(Only(ExcludedRam));

    /// <summary>Leaves more out.</summary>
    internal PlanHost Without(AddressRange[] more) => new(Original, Module, RangeSet.Unite(LeftOut, more));

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
        holes = RangeSet.Gaps(fromCmrs ? Memory.Cmrs.Span : Memory.TdxMemoryRanges);
        if (bridged)
            holes = Bridge(holes);
        return holes;
    }

    /// <summary>Whether there is RAM for TDX between two addresses.</summary>
    internal bool HasRam(ulong start, ulong end) => RangeSet.Overlap(Memory.TdxMemoryRanges, start, end);

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

    /// <summary>The RAM that cannot hold TDX memory: outside the CMRs, touching ones taken as one, or where addresses
    /// carry a key id. Where no CMRs are known, all RAM is taken to be convertible.</summary>
    internal AddressRange[] NotConvertible()
    {
        ulong limit = SysConfigChecker.AddressLimit(Module) & ~(TdmrInfo.Alignment - 1);
        ReadOnlySpan<AddressRange> cmrs = Memory.Cmrs.Count > 0 ? Memory.Cmrs.Span : Memory.TdxMemoryRanges;
        AddressRange[] convertible = limit == 0 ? [] : RangeSet.Intersect(cmrs, [AddressRange.Create(0, limit)]);
        return RangeSet.Subtract(Memory.TdxMemoryRanges, convertible);
    }

    /// <summary>The search for the cheapest TDMRs over the holes.</summary>
    internal CoverSearch Search(bool fromCmrs, bool merged, bool split, bool join) =>
        Search(Holes(fromCmrs, merged), split, join);

    /// <summary>The search for the cheapest TDMRs whatever holes they have.</summary>
    internal CoverSearch SearchWithoutHoles(bool split, bool join) => Search([], split, join);

    /// <summary>The least to give up so that holes and TDMRs stay within the limits.</summary>
    internal List<AddressRange> LeastGivenUp(AddressRange[] holes, bool split, bool join)
    {
        if (!_leastGivenUp.TryGetValue((holes, split, join), out List<AddressRange>? ranges))
        {
            ranges = new RamExclusionSearch(this, holes, split, join).Cheapest();
            _leastGivenUp.Add((holes, split, join), ranges);
        }

        return ranges;
    }

    /// <summary>The machine's CMRs; where none are known, its RAM.</summary>
    internal ReadOnlySpan<AddressRange> Convertible =>
        Original.Cmrs.Count > 0 ? Original.Cmrs.Span : Original.TdxMemoryRanges;

    /// <summary>The kernel's TDMRs over a machine's memory.</summary>
    internal static AddressRange[] Cover(HostMemory host)
    {
        List<AddressRange> tdmrs = [];
        TdmrRangeEnumerator ranges = new(host.TdxMemoryBlocks.Span);
        while (ranges.MoveNext())
            tdmrs.Add(ranges.Current);
        return [.. tdmrs];
    }

    private CoverSearch Search(AddressRange[] holes, bool split, bool join)
    {
        if (!_searches.TryGetValue((holes, split, join), out CoverSearch? search))
        {
            search = new CoverSearch(KernelCover, holes, Module, split, join);
            _searches.Add((holes, split, join), search);
        }

        return search;
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

    private HostMemory Remaining(AddressRange[] leftOut)
    {
        AddressRange[] kept = RangeSet.Gaps(leftOut);
        return HostMemory.Create(
            Regions(Original.Regions, kept),
            RangeSet.Intersect(Original.Cmrs.Span, kept),
            Original.BlockedRanges,
            Original.Fallback);
    }

    private HostMemory Only(AddressRange[] ranges) =>
        HostMemory.Create(Regions(Original.TdxMemoryBlocks, ranges), null, Original.BlockedRanges, Original.Fallback);

    private static List<MemoryRegion> Regions(ValueList<MemoryRegion> regions, AddressRange[] kept)
    {
        List<MemoryRegion> parts = [];
        foreach (MemoryRegion region in regions)
        {
            foreach (AddressRange part in RangeSet.Intersect([region.Range], kept))
                parts.Add(new(part, region.Node));
        }

        return parts;
    }
}
