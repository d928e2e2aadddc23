namespace TdxPamt;

/// <summary>Which NUMA node a TDMR belongs to, and so where its PAMTs are wanted.</summary>
/// <remarks>A construction asks once a TDMR, in ascending order of TDMRs, from one thread at a time. What it throws
/// reaches
/// the caller, who then holds no pages.</remarks>
public interface INodeLookup
{
    /// <summary>Finds the node of a TDMR.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="tdmr">The TDMR's range.</param>
    /// <param name="node">The node, 0 to 1023. Not read when the method returns false.</param>
    /// <returns>False where no node is found: the pipeline then logs a warning and takes node 0.</returns>
    bool TryGetNode(HostMemory host, AddressRange tdmr, out int node);
}
