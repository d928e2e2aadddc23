using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TdxPamt;

/// <summary>The kernel's way from a machine's memory to TDMRs with PAMTs and reserved areas; its steps
/// are in docs/model.md#kernel-steps.</summary>
/// <remarks>
/// It follows the patch "x86/virt/tdx: Allocate and set up PAMTs for TDMRs" (v5, 2022) and its successors in Linux. It
/// keeps no state between calls: it is as safe for many threads as its allocator, node look-up and logger are.
/// </remarks>
/// <example><code>
/// TdmrConstructor constructor = new(new LinuxPageAllocator(host), KernelModel.Mainline);
/// if (constructor.TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure))
/// {
///     foreach (TdmrInfo tdmr in construction.Tdmrs)
///         Console.WriteLine($"{tdmr}: PAMTs at {tdmr.PamtChunk}, reserved: {tdmr.ReservedAreas}");
///     Console.WriteLine($"{construction.PamtKiB} KB allocated for PAMT");
/// }
/// else
/// {
///     Console.WriteLine($"{failure.Errno}: {failure.Message}");
/// }
/// </code></example>
public sealed class TdmrConstructor
{
    /// <summary>For how many TDMRs there is room on the stack.</summary>
    private const int MaxOnStack = 64;

    private readonly IContiguousPageAllocator _allocator;
    private readonly PageAllocator? _ownAllocator;
    private readonly INodeLookup _nodeLookup;
    private readonly ILogger _logger;

    /// <summary>Makes a constructor.</summary>
    /// <param name="allocator">Hands out the pages of PAMTs.</param>
    /// <param name="kernel">The kernel to follow; null: <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null: <see cref="ModuleParameters.Default"/>.</param>
    /// <param name="nodeLookup">Finds the node of a TDMR; null: <see cref="FirstBlockNodeLookup"/>.</param>
    /// <param name="logger">Gets what the kernel would print; null disables logging.</param>
    /// <exception cref="ArgumentNullException"><paramref name="allocator"/> is null.</exception>
    public TdmrConstructor(
        IContiguousPageAllocator allocator,
        KernelModel? kernel = null,
        ModuleParameters? module = null,
        INodeLookup? nodeLookup = null,
        ILogger? logger = null)
    {
        _allocator = Preconditions.NotNull(allocator, nameof(allocator));
        _ownAllocator = allocator as PageAllocator;
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

    /// <summary>Constructs the TDMRs of a machine, or says why they cannot be constructed.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="construction">The TDMRs, holding their PAMTs' pages; null on failure.</param>
    /// <param name="failure">Why not, null on success. A logger that throws as the failure is logged does
    /// not replace it.</param>
    /// <returns>Whether they were constructed. If not, or if the node look-up or the logger throws, which is not
    /// caught, everything that was allocated is freed, once, in the reverse order.</returns>
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
            construction = Construct(host, layout, out failure);
        if (failure is not null)
            LogFailure(failure);
        return failure is null;
    }

    /// <summary>The kernel that is followed.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"kernel {Kernel}";

    private TdmrConstruction? Construct(HostMemory host, scoped TdmrLayout layout, out TdmrFailure? failure)
    {
        int count = TdmrRangeEnumerator.Count(host.TdxMemoryBlocks.Span);
        PamtChunks chunks = new(
            _allocator,
            _logger,
            new PlacedTdmr[count],
            count <= MaxOnStack ? stackalloc AddressRange[count] : new AddressRange[count]);
        TdmrConstruction? complete = null;
        try
        {
            failure = SetUpPamts(host, ref layout, ref chunks);
            TdmrConstruction? construction = failure is null ? SetUpReservedAreas(host, chunks, out failure) : null;
            if (construction is not null)
                LogTotal(construction);
            return complete = construction;
        }
        finally
        {
            if (complete is null)
                chunks.Rollback();
        }
    }

    private TdmrFailure? SetUpPamts(HostMemory host, ref TdmrLayout layout, ref PamtChunks chunks)
    {
        TdmrFailure? failure = null;
        for (int index = 0; failure is null && layout.TryGetNext(out UnplacedTdmr tdmr); index++)
            failure = SetUpPamt(host, index, tdmr, ref chunks);
        return failure;
    }

    /// <summary>Allocates a chunk for the three PAMTs of a TDMR, its own
    /// node first; docs/model.md#tdmr_set_up_pamt.</summary>
    private TdmrFailure? SetUpPamt(HostMemory host, int index, in UnplacedTdmr tdmr, ref PamtChunks chunks)
    {
        ulong bytes = tdmr.Sizes.TotalBytes;
        ulong pages = bytes / AddressRange.PageBytes;
        PageAllocator? own = OwnAllocator(host, tdmr.Node);
        ReadOnlySpan<int> nodes = own is null ? host.FallbackOrder(tdmr.Node) : default;
        ulong address;
        try
        {
            bool found = own is null
                ? _allocator.TryAllocate(pages, nodes, out address)
                : own.TryAllocate(pages, tdmr.Node, out address);
            if (!found)
                return TdmrFailures.NoPages(index, tdmr.Range, pages);
        }
        catch (Exception exception)
        {
            return TdmrFailures.Threw(index, tdmr.Range, exception);
        }

        ulong end = unchecked(address + bytes);
        if (!AddressRange.TryCreate(address, end, out AddressRange chunk) || (own is null && !host.IsTdxMemory(chunk)))
        {
            chunks.FreeRefused(tdmr.Range, address, pages);
            return TdmrFailures.NotTdxMemory(index, tdmr.Range, address, pages);
        }

        return chunks.TryAdd(tdmr, chunk, out AddressRange sharing)
            ? null
            : TdmrFailures.Overlapping(index, tdmr.Range, chunk, sharing);
    }

    /// <summary>The allocator if it is one of our own over this machine: it knows the fallback order and hands out
    /// nothing but TDX memory.</summary>
    private PageAllocator? OwnAllocator(HostMemory host, int node) =>
        _ownAllocator?.Index.Host == host && node is >= 0 and <= MemoryRegion.MaxNode ? _ownAllocator : null;

    /// <summary>Reserves holes (docs/model.md#tdmr_populate_rsvd_holes) and PAMTs
    /// (docs/model.md#tdmr_populate_rsvd_pamts) in each TDMR.</summary>
    private TdmrConstruction? SetUpReservedAreas(HostMemory host, in PamtChunks chunks, out TdmrFailure? failure)
    {
        PlacedTdmr[] tdmrs = chunks.Tdmrs;
        ReservedAreaSweep sweep = new(
            Kernel.TakesHolesFromCmrs ? AsRegions(host.Cmrs) : host.TdxMemoryBlocks.Span, chunks.Ascending);
        for (int i = 0; i < tdmrs.Length; i++)
        {
            ref PlacedTdmr tdmr = ref tdmrs[i];
            int first = sweep.Count;
            sweep.Add(tdmr.Range);
            tdmr.AreasEnd = sweep.Count;
            if (sweep.Count - first > Module.MaxReservedAreas)
            {
                ValueList<ReservedArea> areas = new(sweep.Areas, first, sweep.Count - first);
                failure = TdmrFailures.AreasExhausted(Kernel, i, tdmr.Range, areas, Module.MaxReservedAreas);
                return null;
            }
        }

        failure = null;
        return new TdmrConstruction(_allocator, _logger, Module, chunks, sweep.Areas);
    }

    private static MemoryRegion[] AsRegions(ValueList<AddressRange> cmrs)
    {
        MemoryRegion[] regions = new MemoryRegion[cmrs.Count];
        for (int i = 0; i < regions.Length; i++)
            regions[i] = new(cmrs[i], node: 0);
        return regions;
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
