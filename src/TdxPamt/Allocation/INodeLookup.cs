namespace TdxPamt;

/// <summary>Finds the NUMA node of a TDMR, on which its PAMTs are wanted.</summary>
/// <remarks><see cref="TdmrConstructor"/> asks once per TDMR, in ascending order of TDMRs, from the thread that
/// constructs: a look-up that several share must be safe for many threads. What it throws reaches the caller, who then
/// holds no pages.</remarks>
public interface INodeLookup
{
    /// <summary>Finds the node of a TDMR.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="tdmr">The TDMR's range.</param>
    /// <param name="node">The node, 0 to 1023. Not read when the method returns false.</param>
    /// <returns>False where no node is found: a warning is then logged and node 0 taken.</returns>
    bool TryGetNode(HostMemory host, AddressRange tdmr, out int node);
}
