using Microsoft.Extensions.Logging;

namespace TdxPamt;

/// <summary>The TDMRs that were constructed, which hold the pages of their PAMTs until these are freed.</summary>
/// <remarks>What it says of the TDMRs stays readable after <see cref="Free"/>. Reading is safe for many threads,
/// freeing is not.</remarks>
public sealed class TdmrConstruction : IDisposable
{
    private readonly IContiguousPageAllocator _allocator;
    private readonly ILogger _logger;
    private readonly ModuleParameters _module;
    private readonly PlacedTdmr[] _placed;
    private readonly ReservedArea[] _areas;
    private TdmrInfo[]? _tdmrs;
    private TdmrInfo[]? _byPamt;
    private int _held;

    internal TdmrConstruction(
        IContiguousPageAllocator allocator,
        ILogger logger,
        ModuleParameters module,
        in PamtChunks chunks,
        ReservedArea[] areas)
    {
        _allocator = allocator;
        _logger = logger;
        _module = module;
        _placed = chunks.Tdmrs;
        _areas = areas;
        _held = _placed.Length;
        PamtPages = chunks.Pages;
    }

    /// <summary>The TDMRs in ascending order.</summary>
    public ValueList<TdmrInfo> Tdmrs => new(_tdmrs ?? Keep(ref _tdmrs, CreateTdmrs()));

    /// <summary>The TDMRs in ascending order of their PAMTs' addresses.</summary>
    public ValueList<TdmrInfo> TdmrsByPamt => new(_byPamt ?? Keep(ref _byPamt, SortByPamt(Tdmrs.Span)));

    /// <summary>How many 4 KiB pages were allocated for PAMTs.</summary>
    public ulong PamtPages { get; }

    /// <summary>How many KiB were allocated for PAMTs: the figure that
    /// the kernel prints; docs/model.md#pamt-total.</summary>
    public ulong PamtKiB => PamtPages * (AddressRange.PageBytes / 1024);

    /// <summary>How many 4 KiB pages are held: <see cref="PamtPages"/>, or 0 once freed.</summary>
    public ulong PagesInUse => _held == 0 ? 0 : PamtPages;

    /// <summary>Whether an address lies in a PAMT, by binary search.</summary>
    /// <param name="address">The physical address, in bytes.</param>
    /// <returns>Whether its page belongs to a PAMT of these TDMRs.</returns>
    public bool IsPamtPage(ulong address)
    {
        ReadOnlySpan<TdmrInfo> byPamt = TdmrsByPamt.Span;
        int position = BinarySearch.First<TdmrInfo, PamtEndsAbove>(byPamt, new(address));
        return position < byPamt.Length && byPamt[position].PamtStart <= address;
    }

    /// <summary>Frees the PAMTs of all TDMRs, in the reverse order of their allocation, as a caller does whose own
    /// later step failed; docs/model.md#tdmrs_free_pamt_all. A second call has no effect.</summary>
    /// <exception cref="AggregateException">The allocator threw; every PAMT was handed to it all the same.</exception>
    public void Free()
    {
        List<Exception>? exceptions = null;
        while (_held > 0)
        {
            ref readonly PlacedTdmr placed = ref _placed[--_held];
            PamtChunks.Free(
                _allocator, _logger, placed.Range, placed.Chunk.Start, placed.Chunk.Pages, ref exceptions);
        }

        if (exceptions is not null)
            throw new AggregateException("the allocator threw while PAMTs were freed", exceptions);
    }

    /// <summary>Frees the PAMTs; see <see cref="Free"/>.</summary>
    public void Dispose() => Free();

    /// <summary>A summary: <c>3 TDMRs, 1.002 GiB of PAMTs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{_placed.Length} TDMRs, {Quantities.Size(PamtKiB * 1024)} of PAMTs"
        + $"{(PagesInUse < PamtPages ? ", freed" : "")}";

    /// <summary>Keeps what was made first, where several threads make it.</summary>
    private static TdmrInfo[] Keep(ref TdmrInfo[]? kept, TdmrInfo[] made) =>
        Interlocked.CompareExchange(ref kept, made, null) ?? made;

    private TdmrInfo[] CreateTdmrs()
    {
        TdmrInfo[] tdmrs = new TdmrInfo[_placed.Length];
        int first = 0;
        for (int i = 0; i < tdmrs.Length; i++)
        {
            PlacedTdmr placed = _placed[i];
            UnplacedTdmr tdmr = new(
                placed.Range, placed.Node, PamtSizes.CalculateUnchecked(placed.Range.Size, _module));
            tdmrs[i] = new(tdmr, placed.Chunk.Start, new(_areas, first, placed.AreasEnd - first));
            first = placed.AreasEnd;
        }

        return tdmrs;
    }

    private static TdmrInfo[] SortByPamt(ReadOnlySpan<TdmrInfo> tdmrs)
    {
        TdmrInfo[] sorted = tdmrs.ToArray();
        Array.Sort(sorted, static (left, right) => left.PamtStart.CompareTo(right.PamtStart));
        return sorted;
    }

    private readonly struct PamtEndsAbove(ulong address) : ICondition<TdmrInfo>
    {
        public bool Holds(TdmrInfo item) => item.PamtEnd > address;
    }
}
