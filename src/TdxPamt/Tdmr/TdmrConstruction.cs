using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace TdxPamt;

/// <summary>The TDMRs that were constructed, holding the pages of their PAMTs until they are freed.</summary>
/// <remarks>What it says of the TDMRs stays readable after <see cref="Free"/>. Reading is safe for many threads,
/// freeing
/// is not.</remarks>
public sealed class TdmrConstruction : IDisposable
{
    private readonly IContiguousPageAllocator _allocator;
    private readonly ILogger _logger;
    private readonly TdmrInfo[] _tdmrs;
    private TdmrInfo[] _byPamt;
    private int _count;
    private int _held;

    internal TdmrConstruction(IContiguousPageAllocator allocator, ILogger logger, int capacity)
    {
        _allocator = allocator;
        _logger = logger;
        _tdmrs = new TdmrInfo[capacity];
        _byPamt = _tdmrs;
    }

    /// <summary>The TDMRs in ascending order.</summary>
    public ValueList<TdmrInfo> Tdmrs => new(_tdmrs, 0, _count);

    /// <summary>The TDMRs in ascending order of their PAMTs' addresses.</summary>
    public ValueList<TdmrInfo> TdmrsByPamt => new(_byPamt, 0, _count);

    /// <summary>How many 4 KiB pages were allocated for PAMTs.</summary>
    public ulong PamtPages { get; private set; }

    /// <summary>How many KiB were allocated for PAMTs: the figure that the kernel prints.</summary>
    public ulong PamtKiB => PamtPages * (AddressRange.PageBytes / 1024);

    /// <summary>How many 4 KiB pages are held: <see cref="PamtPages"/>, or 0 once freed.</summary>
    public ulong PagesInUse => _held == 0 ? 0 : PamtPages;

    /// <summary>Says whether an address lies in a PAMT, by binary search.</summary>
    /// <param name="address">The physical address, in bytes.</param>
    /// <returns>Whether its page belongs to a PAMT of these TDMRs.</returns>
    public bool IsPamtPage(ulong address)
    {
        int position = FirstPamtEndingAbove(address);
        return position < _count && _byPamt[position].PamtStart <= address;
    }

    /// <summary>Frees the PAMTs of all TDMRs, in the reverse order of their allocation; for a caller whose own later
    /// step failed. A second call does nothing.</summary>
    /// <exception cref="AggregateException">The allocator threw; every PAMT was handed to it all the same.</exception>
    public void Free()
    {
        List<Exception>? exceptions = null;
        while (_held > 0)
        {
            TdmrInfo tdmr = _tdmrs[--_held];
            FreeChunk(tdmr.Range, tdmr.PamtStart, tdmr.PamtChunkPages, ref exceptions);
        }

        if (exceptions is not null)
            throw new AggregateException("the allocator threw while PAMTs were freed", exceptions);
    }

    /// <summary>Frees the PAMTs; see <see cref="Free"/>.</summary>
    public void Dispose() => Free();

    /// <summary>What there is: <c>3 TDMRs, 1050636 KiB of PAMTs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Tdmrs.Count} TDMRs, {PamtKiB} KiB of PAMTs{(PagesInUse < PamtPages ? ", freed" : "")}";

    /// <summary>Adds the next TDMR with its PAMTs; false where they share pages with those of an earlier one.</summary>
    internal bool TryAdd(TdmrInfo tdmr, [NotNullWhen(false)] out TdmrInfo? sharing)
    {
        int position = _count;
        if (position > 0 && _byPamt[position - 1].PamtEnd > tdmr.PamtStart)
        {
            position = FirstPamtEndingAbove(tdmr.PamtStart);
            sharing = _byPamt[position];
            if (sharing.PamtStart < tdmr.PamtEnd)
                return false;
            MakeRoomAt(position);
        }

        sharing = null;
        _byPamt[position] = tdmr;
        _tdmrs[_count++] = tdmr;
        _held++;
        PamtPages += tdmr.PamtChunkPages;
        return true;
    }

    private void MakeRoomAt(int position)
    {
        if (_byPamt == _tdmrs)
            _byPamt = (TdmrInfo[])_tdmrs.Clone();
        Array.Copy(_byPamt, position, _byPamt, position + 1, _count - position);
    }

    /// <summary>Frees everything after a failure, which a failing <see cref="IContiguousPageAllocator.Free"/> does not
    /// replace.</summary>
    internal void Rollback()
    {
        try
        {
            Free();
        }
        catch (AggregateException)
        {
            // Each was logged where it was caught.
        }
    }

    /// <summary>Hands back a chunk that was refused, unless it shares pages with one that is held.</summary>
    internal void FreeRefused(AddressRange tdmr, ulong address, ulong pages)
    {
        ulong end = address + Math.Min(pages * AddressRange.PageBytes, ulong.MaxValue - address);
        int position = FirstPamtEndingAbove(address);
        if (position < _count && _byPamt[position].PamtStart < end)
            return;
        List<Exception>? ignored = null;
        FreeChunk(tdmr, address, pages, ref ignored);
    }

    private void FreeChunk(AddressRange tdmr, ulong address, ulong pages, ref List<Exception>? exceptions)
    {
        try
        {
            if (address == 0)
                Log.PamtAtPageZero(_logger, tdmr);
            else
                _allocator.Free(address, pages);
        }
        catch (Exception exception)
        {
            (exceptions ??= []).Add(exception);
            LogFreeFailed(tdmr, exception, exceptions);
        }
    }

    /// <summary>Logs; a logger that throws must not keep the other TDMRs' pages.</summary>
    private void LogFreeFailed(AddressRange tdmr, Exception exception, List<Exception> exceptions)
    {
        try
        {
            Log.FreeFailed(_logger, tdmr, exception);
        }
        catch (Exception loggers)
        {
            exceptions.Add(loggers);
        }
    }

    private int FirstPamtEndingAbove(ulong address) =>
        BinarySearch.First(TdmrsByPamt.Span, new PamtEndsAbove(address));

    private readonly struct PamtEndsAbove(ulong address) : ICondition<TdmrInfo>
    {
        public bool Holds(TdmrInfo item) => item.PamtEnd > address;
    }
}
