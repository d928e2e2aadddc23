using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TdxPamt;

/// <summary>The kernel's pipeline from a machine's memory to TDMRs with PAMTs and reserved areas.</summary>
/// <remarks>
/// It follows the patch "x86/virt/tdx: Allocate and set up PAMTs for TDMRs" (v5, 2022) and what became of it. It keeps
/// no state between calls: it is as safe for many threads as its allocator, node look-up and logger are.
/// </remarks>
public sealed class TdmrConstructor
{
    private readonly IContiguousPageAllocator _allocator;
    private readonly INodeLookup _nodeLookup;
    private readonly ILogger _logger;

    /// <summary>Sets the pipeline up.</summary>
    /// <param name="allocator">Who hands out the pages of PAMTs.</param>
    /// <param name="kernel">The kernel to follow; null: <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null: <see cref="ModuleParameters.Default"/>.</param>
    /// <param name="nodeLookup">Which node a TDMR belongs to; null: <see cref="FirstBlockNodeLookup"/>.</param>
    /// <param name="logger">Who is told what the kernel would print; null: nobody.</param>
    /// <exception cref="ArgumentNullException"><paramref name="allocator"/> is null.</exception>
    public TdmrConstructor(
        IContiguousPageAllocator allocator,
        KernelModel? kernel = null,
        ModuleParameters? module = null,
        INodeLookup? nodeLookup = null,
        ILogger? logger = null)
    {
        _allocator = Preconditions.NotNull(allocator, nameof(allocator));
        Kernel = kernel ?? KernelModel.Mainline;
        Module = module ?? ModuleParameters.Default;
        _nodeLookup = nodeLookup ?? FirstBlockNodeLookup.Instance;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>The kernel that is followed.</summary>
    public KernelModel Kernel { get; }

    /// <summary>What the module reports.</summary>
    public ModuleParameters Module { get; }

    /// <summary>Constructs the TDMRs of a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The TDMRs, holding their PAMTs' pages.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The node look-up found a node that is not 0 to 1023.</exception>
    /// <exception cref="TdmrConstructionException">They cannot be constructed; nothing stays allocated.</exception>
    public TdmrConstruction Construct(HostMemory host) =>
        TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure)
            ? construction
            : throw new TdmrConstructionException(failure);

    /// <summary>Constructs the TDMRs of a machine, or says why they cannot be.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="construction">The TDMRs, holding their PAMTs' pages; null on failure.</param>
    /// <param name="failure">Why not, null on success. Everything that was allocated is then freed, once, in the
    /// reverse order; so it is where the node look-up or the logger throws, which is not caught. But a logger that
    /// throws
    /// when it is told of a failure does not replace that failure.</param>
    /// <returns>Whether they were constructed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The node look-up found a node that is not 0 to 1023.</exception>
    public bool TryConstruct(
        HostMemory host,
        [NotNullWhen(true)] out TdmrConstruction? construction,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        Preconditions.NotNull(host, nameof(host));
        construction = null;
        if (TdmrLayout.TryCreate(host, Kernel, Module, _nodeLookup, _logger, out TdmrLayout layout, out failure))
        {
            TdmrConstruction attempt =
                new(_allocator, _logger, capacity: Math.Min(host.TdxMemoryBlocks.Count, Module.MaxTdmrs));
            bool complete = false;
            try
            {
                failure = SetUpPamts(host, ref layout, attempt) ?? SetUpReservedAreas(host, attempt);
                if (failure is null)
                    LogTotal(attempt);
                complete = failure is null;
            }
            finally
            {
                if (!complete)
                    attempt.Rollback();
            }

            construction = complete ? attempt : null;
        }

        if (failure is not null)
            LogFailure(failure);
        return failure is null;
    }

    /// <summary>The kernel that is followed.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"kernel {Kernel}";

    /// <summary>Allocates a chunk for each TDMR's three PAMTs, its own node first; docs/model.md#tdmr_set_up_pamt.
    /// </summary>
    private TdmrFailure? SetUpPamts(HostMemory host, ref TdmrLayout layout, TdmrConstruction construction)
    {
        int index = 0;
        bool asking = false;
        try
        {
            for (; layout.MoveNext(); index++)
            {
                UnplacedTdmr tdmr = layout.Current;
                ulong pages = tdmr.Sizes.TotalPages;
                ReadOnlySpan<int> order = host.FallbackOrder(tdmr.Node);
                asking = true;
                bool found = _allocator.TryAllocate(pages, tdmr.Node, order, out ulong address);
                asking = false;
                if (!found)
                    return TdmrFailures.NoPages(index, tdmr.Range, pages);
                if (!AddressRange.TryCreate(
                        address, unchecked(address + tdmr.Sizes.TotalBytes), out AddressRange chunk)
                    || !host.IsTdxMemory(chunk))
                {
                    construction.FreeRefused(tdmr.Range, address, pages);
                    return NotTdxMemory(index, tdmr.Range, address, pages);
                }

                if (!construction.TryAdd(
                        new TdmrInfo(tdmr.Range, tdmr.Node, address, tdmr.Sizes), out TdmrInfo? sharing))
                    return Overlapping(index, tdmr.Range, chunk, sharing);
            }
        }
        catch (Exception exception) when (asking)
        {
            return Threw(index, layout.Current.Range, exception);
        }

        return null;
    }

    private static TdmrFailure Threw(int index, AddressRange tdmr, Exception exception) =>
        Misbehaved(index, tdmr, $"threw {exception.GetType().Name}: {exception.Message}", exception);

    private static TdmrFailure NotTdxMemory(int index, AddressRange tdmr, ulong address, ulong pages) =>
        Misbehaved(
            index,
            tdmr,
            address % AddressRange.PageBytes != 0
                ? $"returned 0x{address:x}, which is not the address of a page"
                : $"returned {pages} pages at 0x{address:x}, which are not all TDX memory of this host");

    private static TdmrFailure Overlapping(int index, AddressRange tdmr, AddressRange chunk, TdmrInfo sharing) =>
        Misbehaved(index, tdmr, $"returned {chunk}, which overlaps {sharing.PamtChunk}, already handed out");

    private static TdmrFailure Misbehaved(int index, AddressRange tdmr, string how, Exception? cause = null) =>
        new(TdmrFailureCode.AllocatorMisbehaved, errno: null, $"TDMR {tdmr}: the page allocator {how}")
        {
            TdmrIndex = index,
            Range = tdmr,
            Cause = cause,
        };

    private TdmrFailure? SetUpReservedAreas(HostMemory host, TdmrConstruction construction)
    {
        ReadOnlySpan<TdmrInfo> tdmrs = construction.Tdmrs.Span;
        ReservedAreaSweep sweep = new(
            Kernel.TakesHolesFromCmrs ? host.Cmrs.Span : host.TdxMemoryRanges, construction.TdmrsByPamt.Span);
        for (int i = 0; i < tdmrs.Length; i++)
        {
            ValueList<ReservedArea> areas = sweep.AreasOf(tdmrs[i].Range);
            if (areas.Count > Module.MaxReservedAreas)
                return TdmrFailures.AreasExhausted(Kernel, i, tdmrs[i].Range, areas, Module.MaxReservedAreas);
            tdmrs[i].ReservedAreas = areas;
        }

        return null;
    }

    private void LogFailure(TdmrFailure failure)
    {
        try
        {
            Log.Failure(_logger, failure);
        }
        catch (Exception)
        {
            // The failure is what the caller has to know.
        }
    }

    private void LogTotal(TdmrConstruction construction)
    {
        if (Kernel.PrintsPages)
            Log.PamtPagesAllocated(_logger, construction.PamtPages);
        else
            Log.PamtKiBAllocated(_logger, construction.PamtKiB);
    }
}
