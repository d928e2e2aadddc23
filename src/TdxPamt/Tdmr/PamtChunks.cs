using Microsoft.Extensions.Logging;

namespace TdxPamt;

/// <summary>The chunks that are allocated while TDMRs are constructed, to be freed if that fails.</summary>
internal ref struct PamtChunks
{
    private readonly IContiguousPageAllocator _allocator;
    private readonly ILogger _logger;
    private readonly PlacedTdmr[] _tdmrs;
    private readonly Span<AddressRange> _ascending;
    private int _count;

    /// <summary>Starts without chunks.</summary>
    /// <param name="allocator">Takes chunks back.</param>
    /// <param name="logger">Where it is logged that one could not be freed.</param>
    /// <param name="tdmrs">Room for the TDMRs.</param>
    /// <param name="chunks">Room for their chunks.</param>
    internal PamtChunks(
        IContiguousPageAllocator allocator, ILogger logger, PlacedTdmr[] tdmrs, Span<AddressRange> chunks)
    {
        _allocator = allocator;
        _logger = logger;
        _tdmrs = tdmrs;
        _ascending = chunks;
    }

    /// <summary>The TDMRs, in the order in which their chunks were allocated.</summary>
    internal readonly PlacedTdmr[] Tdmrs => _tdmrs;

    /// <summary>How many pages the chunks have.</summary>
    internal ulong Pages { get; private set; }

    /// <summary>The chunks, in ascending order.</summary>
    internal readonly ReadOnlySpan<AddressRange> Ascending => _ascending[.._count];

    /// <summary>Adds the chunk of the next TDMR; false where it shares pages with an earlier one.</summary>
    internal bool TryAdd(in UnplacedTdmr tdmr, AddressRange chunk, out AddressRange sharing)
    {
        int position = _count;
        if (position > 0 && _ascending[position - 1].End > chunk.Start)
        {
            position = AddressRanges.FirstEndingAbove(Ascending, chunk.Start);
            sharing = _ascending[position];
            if (sharing.Start < chunk.End)
                return false;
            Ascending[position..].CopyTo(_ascending[(position + 1)..]);
        }

        sharing = default;
        _ascending[position] = chunk;
        ref PlacedTdmr placed = ref _tdmrs[_count++];
        placed.Range = tdmr.Range;
        placed.Chunk = chunk;
        placed.Node = tdmr.Node;
        Pages += chunk.Pages;
        return true;
    }

    /// <summary>Hands back a chunk that was refused, unless it shares pages with one that is held.</summary>
    internal readonly void FreeRefused(AddressRange tdmr, ulong address, ulong pages)
    {
        ulong end = address + Math.Min(pages * AddressRange.PageBytes, ulong.MaxValue - address);
        int position = AddressRanges.FirstEndingAbove(Ascending, address);
        if (position < _count && _ascending[position].Start < end)
            return;
        List<Exception>? ignored = null;
        Free(_allocator, _logger, tdmr, address, pages, ref ignored);
    }

    /// <summary>Frees all chunks, in the reverse order, after a failure that a failing
    /// <see cref="IContiguousPageAllocator.Free"/> does not replace; docs/model.md#tdmrs_free_pamt_all.</summary>
    internal void Rollback()
    {
        List<Exception>? ignored = null;
        while (_count > 0)
        {
            ref readonly PlacedTdmr placed = ref _tdmrs[--_count];
            Free(_allocator, _logger, placed.Range, placed.Chunk.Start, placed.Chunk.Pages, ref ignored);
        }
    }

    /// <summary>Frees one chunk, except at address 0, which the kernel takes for none. What is thrown is
    /// logged and collected.</summary>
    internal static void Free(
        IContiguousPageAllocator allocator,
        ILogger logger,
        AddressRange tdmr,
        ulong address,
        ulong pages,
        ref List<Exception>? exceptions)
    {
        try
        {
            if (address == 0)
                Log.PamtAtPageZero(logger, tdmr);
            else
                allocator.Free(address, pages);
        }
        catch (Exception exception)
        {
            (exceptions ??= []).Add(exception);
            LogFreeFailed(logger, tdmr, exception, exceptions);
        }
    }

    /// <summary>Logs; a logger that throws must not keep the other chunks from being freed.</summary>
    private static void LogFreeFailed(
        ILogger logger, AddressRange tdmr, Exception exception, List<Exception> exceptions)
    {
        try
        {
            Log.FreeFailed(logger, tdmr, exception);
        }
        catch (Exception thrownByLogger)
        {
            exceptions.Add(thrownByLogger);
        }
    }
}
