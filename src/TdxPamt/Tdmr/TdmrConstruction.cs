using Microsoft.Extensions.Logging;
using TdxPamt.Allocation;
using TdxPamt.Memory;

namespace TdxPamt.Tdmr;

/// <summary>The TDMRs that were constructed, holding the pages of their PAMTs until they are freed.</summary>
/// <remarks>What it says of the TDMRs stays readable after <see cref="Free"/>. Reading is safe for many threads, freeing
/// is not.</remarks>
public sealed class TdmrConstruction : IDisposable
{
    private readonly IContiguousPageAllocator _allocator;
    private readonly ILogger _logger;
    private readonly TdmrInfo[] _tdmrs;
    private readonly AddressRange[] _pamts;
    private int _allocated;
    private ulong _pages;

    internal TdmrConstruction(IContiguousPageAllocator allocator, ILogger logger, int tdmrs)
    {
        _allocator = allocator;
        _logger = logger;
        _tdmrs = new TdmrInfo[tdmrs];
        _pamts = new AddressRange[tdmrs];
    }

    /// <summary>The TDMRs in ascending order.</summary>
    public ValueList<TdmrInfo> Tdmrs => new(_tdmrs);

    /// <summary>The PAMT chunks, one a TDMR, in ascending order of their addresses.</summary>
    public ValueList<AddressRange> Pamts => new(_pamts);

    /// <summary>How many 4 KiB pages were allocated for PAMTs.</summary>
    public ulong PamtPages => _pages;

    /// <summary>How many KiB were allocated for PAMTs: the figure that the kernel prints.</summary>
    public ulong PamtKiB => PamtPages * (AddressRange.PageBytes / 1024);

    /// <summary>How many 4 KiB pages are held: <see cref="PamtPages"/>, or 0 once freed.</summary>
    public ulong PagesInUse => _allocated == 0 ? 0 : _pages;

    /// <summary>Says whether an address lies in a PAMT, by binary search.</summary>
    /// <param name="address">The physical address, in bytes.</param>
    /// <returns>Whether its page belongs to a PAMT of these TDMRs.</returns>
    public bool IsPamtPage(ulong address)
    {
        int position = FirstPamtEndingAbove(address, _pamts.Length);
        return position < _pamts.Length && _pamts[position].Contains(address);
    }

    /// <summary>Frees the PAMTs of all TDMRs, in the reverse order of their allocation; for a caller whose own later
    /// step failed. A second call does nothing.</summary>
    /// <exception cref="AggregateException">The allocator threw; every PAMT was handed to it all the same.</exception>
    public void Free()
    {
        List<Exception>? exceptions = null;
        while (_allocated > 0)
        {
            ref readonly TdmrInfo tdmr = ref _tdmrs[--_allocated];
            FreeChunk(tdmr.Range, tdmr.Pamt4K.Base, tdmr.PamtChunk.Pages, ref exceptions);
        }

        if (exceptions is not null)
            throw new AggregateException("the allocator threw while PAMTs were freed", exceptions);
    }

    /// <summary>Frees the PAMTs; see <see cref="Free"/>.</summary>
    public void Dispose() => Free();

    /// <summary>Adds the next TDMR with its PAMTs; false where their chunk shares pages with an earlier one.</summary>
    internal bool TryAdd(in TdmrInfo tdmr, AddressRange chunk, out AddressRange shared)
    {
        int position = _allocated;
        if (position > 0 && _pamts[position - 1].End > chunk.Start)
        {
            position = FirstPamtEndingAbove(chunk.Start, _allocated);
            shared = _pamts[position];
            if (shared.Overlaps(chunk))
                return false;
            Array.Copy(_pamts, position, _pamts, position + 1, _allocated - position);
        }

        shared = default;
        _pamts[position] = chunk;
        _tdmrs[_allocated++] = tdmr;
        _pages += chunk.Pages;
        return true;
    }

    internal void SetReservedAreas(int index, ValueList<ReservedArea> areas) =>
        _tdmrs[index] = new TdmrInfo(_tdmrs[index], areas);

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

    /// <summary>Hands back a chunk that was refused.</summary>
    internal void FreeRefused(AddressRange tdmr, ulong address, ulong pages)
    {
        List<Exception>? ignored = null;
        FreeChunk(tdmr, address, pages, ref ignored);
    }

    private void FreeChunk(AddressRange tdmr, ulong address, ulong pages, ref List<Exception>? exceptions)
    {
        if (address == 0)
        {
            Log.PamtAtPageZero(_logger, tdmr);
            return;
        }

        try
        {
            _allocator.Free(address, pages);
        }
        catch (Exception exception)
        {
            Log.FreeFailed(_logger, tdmr, exception);
            (exceptions ??= []).Add(exception);
        }
    }

    private int FirstPamtEndingAbove(ulong address, int count)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_pamts[middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
