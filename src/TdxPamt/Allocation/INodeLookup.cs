using TdxPamt.Memory;

namespace TdxPamt.Allocation;

/// <summary>Which NUMA node a TDMR belongs to, and so where its PAMTs are wanted.</summary>
public interface INodeLookup
{
    /// <summary>Finds the node of a TDMR.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="tdmr">The TDMR's range.</param>
    /// <param name="node">The node, 0 to 1023. Not read when the method returns false.</param>
    /// <returns>False where no node is found: the pipeline then logs a warning and takes node 0.</returns>
    bool TryGetNode(HostMemory host, AddressRange tdmr, out int node);
}
