using Microsoft.Extensions.Logging;

namespace TdxPamt;

/// <summary>A TDMR whose PAMTs have no place yet.</summary>
/// <param name="Range">The memory that it covers.</param>
/// <param name="Node">The node that its PAMTs are wanted on.</param>
/// <param name="Sizes">How large its PAMTs are.</param>
internal readonly record struct UnplacedTdmr(AddressRange Range, int Node, PamtSizes Sizes)
{
    /// <summary>Looks up the node of a TDMR (docs/model.md#tdmr_get_nid) and sizes
    /// its PAMTs (docs/model.md#tdmr_get_pamt_sz).</summary>
    internal static UnplacedTdmr Create(
        HostMemory host, AddressRange range, ModuleParameters module, INodeLookup nodeLookup, ILogger logger)
    {
        if (!nodeLookup.TryGetNode(host, range, out int node))
        {
            Log.NodeUnknown(logger, range);
            node = 0;
        }

        return new(range, node, PamtSizes.CalculateUnchecked(range.Size, module));
    }
}
