using Microsoft.Extensions.Logging;

namespace TdxPamt;

/// <summary>The TDMRs that were constructed, which hold the pages of their PAMTs until these are freed.</summary>
/// <remarks>What it says of the TDMRs stays readable after <see cref="Free"/>. Reading is safe for many threads,
/// freeing is not.</remarks>
public sealed class TdmrConstruction : IDisposable
{
    private readonly IContiguousPageAllocator _allocator;
    private readonly ILogger _logger;
    private readonly TdmrInfo[] _tdmrs;
    private readonly TdmrInfo[] _byPamt;
    private int _held;

    internal TdmrConstruction(
        IContiguousPageAllocator allocator, ILogger logger, in PamtChunks chunks, TdmrInfo[] tdmrs)
    {
        _allocator = allocator;
        _logger = logger;
        _tdmrs = tdmrs;
        _byPamt = chunks.AreAscending ? tdmrs : SortByPamt(tdmrs);
        _held = tdmrs.Length;
        PamtPages = chunks.Pages;
    }

    /// <summary>The TDMRs in ascending order.</summary>
    public ValueList<TdmrInfo> Tdmrs => new(_tdmrs);

    /// <summary>The TDMRs in ascending order of their PAMTs' addresses.</summary>
    public ValueList<TdmrInfo> TdmrsByPamt => new(_byPamt);

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
        int position = BinarySearch.First<TdmrInfo, PamtEndsAbove>(_byPamt, new(address));
        return position < _byPamt.Length && _byPamt[position].PamtStart <= address;
    }

    /// <summary>Frees the PAMTs of all TDMRs, in the reverse order of their allocation, as a caller does whose own
    /// later step failed; docs/model.md#tdmrs_free_pamt_all. A second call has no effect.</summary>
    /// <exception cref="AggregateException">The allocator threw; every PAMT was handed to it all the same.</exception>
    public void Free()
    {
        List<Exception>? exceptions = null;
        while (_held > 0)
        {
            TdmrInfo tdmr = _tdmrs[--_held];
            PamtChunks.Free(_allocator, _logger, tdmr.Range, tdmr.PamtStart, tdmr.PamtChunkPages, ref exceptions);
        }

        if (exceptions is not null)
            throw new AggregateException("the allocator threw while PAMTs were freed", exceptions);
    }

    /// <summary>Frees the PAMTs; see <see cref="Free"/>.</summary>
    public void Dispose() => Free();

    /// <summary>A summary: <c>3 TDMRs, 1050636 KiB of PAMTs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Tdmrs.Count} TDMRs, {PamtKiB} KiB of PAMTs{(PagesInUse < PamtPages ? ", freed" : "")}";

    private static TdmrInfo[] SortByPamt(TdmrInfo[] tdmrs)
    {
        TdmrInfo[] sorted = (TdmrInfo[])tdmrs.Clone();
        Array.Sort(sorted, static (left, right) => left.PamtStart.CompareTo(right.PamtStart));
        return sorted;
    }

    private readonly struct PamtEndsAbove(ulong address) : ICondition<TdmrInfo>
    {
        public bool Holds(TdmrInfo item) => item.PamtEnd > address;
    }
}
