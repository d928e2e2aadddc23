using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TdxPamt;

/// <summary>What a kernel knows of a machine's TDMRs before it allocates anything: the first half
/// of <see cref="TdmrConstructor"/>.</summary>
/// <remarks>It enumerates the TDMRs in ascending order, and asks for the node of each as it comes to it.</remarks>
internal ref struct TdmrLayout
{
    /// <summary>With fewer TDMRs left than this, kernels that warn do so.</summary>
    private const int FewTdmrs = 4;

    private readonly HostMemory _host;
    private readonly ModuleParameters _module;
    private readonly INodeLookup _nodeLookup;
    private readonly ILogger _logger;
    private TdmrRangeEnumerator _ranges;

    private TdmrLayout(HostMemory host, ModuleParameters module, INodeLookup nodeLookup, ILogger logger)
    {
        _host = host;
        _module = module;
        _nodeLookup = nodeLookup;
        _logger = logger;
        _ranges = new(host.TdxMemoryBlocks.Span);
    }

    /// <summary>Starts to lay TDMRs out, unless the machine has none or too many.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="kernel">The kernel: whether it tests that RAM is convertible, and how it fails.</param>
    /// <param name="module">How many TDMRs the module takes, and how large PAMT entries are.</param>
    /// <param name="nodeLookup">Finds the node of a TDMR; null: <see cref="FirstBlockNodeLookup"/>.</param>
    /// <param name="logger">Where warnings go; null disables logging.</param>
    /// <param name="layout">The layout, before the first TDMR.</param>
    /// <param name="failure">Why there is none, or null.</param>
    internal static bool TryCreate(
        HostMemory host,
        KernelModel kernel,
        ModuleParameters module,
        INodeLookup? nodeLookup,
        ILogger? logger,
        out TdmrLayout layout,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        layout = new(host, module, nodeLookup ?? FirstBlockNodeLookup.Instance, logger ?? NullLogger.Instance);
        failure = CheckMemory(host, kernel) ?? layout.CheckCount(kernel);
        return failure is null;
    }

    /// <summary>The next TDMR; false where there are no more.</summary>
    internal bool TryGetNext(out UnplacedTdmr tdmr)
    {
        if (!_ranges.MoveNext())
        {
            tdmr = default;
            return false;
        }

        // The kernel's rule finds the block that the TDMR starts for, without a search.
        tdmr = _nodeLookup == FirstBlockNodeLookup.Instance
            ? new(_ranges.Current, _ranges.Block.Node, PamtSizes.CalculateUnchecked(_ranges.Current.Size, _module))
            : UnplacedTdmr.Create(_host, _ranges.Current, _module, _nodeLookup, _logger);
        return true;
    }

    /// <summary>There must be memory (docs/model.md#build_tdx_memlist) and, for kernels that test it, all of it must
    /// be convertible (docs/model.md#convertible-test). Kernels that take holes from CMRs need some.</summary>
    private static TdmrFailure? CheckMemory(HostMemory host, KernelModel kernel)
    {
        if (host.TdxMemoryBlocks.Count == 0)
            return TdmrFailures.NoTdxMemory();
        bool tests = kernel.TestsConvertibility || (kernel.TakesHolesFromCmrs && host.Cmrs.Count == 0);
        return tests && ConvertibleMemory.TryFindOutside(host, out AddressRange outside)
            ? TdmrFailures.NotConvertible(outside)
            : null;
    }

    /// <summary>The limit of docs/model.md#fill_out_tdmrs.</summary>
    private readonly TdmrFailure? CheckCount(KernelModel kernel)
    {
        // A block opens one TDMR at most: where even that leaves enough, the count is not needed.
        if (_host.TdxMemoryBlocks.Count <= _module.MaxTdmrs - FewTdmrs)
            return null;
        int tdmrs = TdmrRangeEnumerator.Count(_host.TdxMemoryBlocks.Span);
        if (tdmrs > _module.MaxTdmrs)
            return TdmrFailures.TdmrsExhausted(kernel, tdmrs, _module.MaxTdmrs);
        if (kernel.WarnsOfFewTdmrs && _module.MaxTdmrs - tdmrs < FewTdmrs)
            Log.FewTdmrsLeft(_logger, tdmrs, _module.MaxTdmrs);
        return null;
    }
}
