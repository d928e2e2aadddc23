namespace TdxPamt.Hosts;

/// <summary>What an input may leave open, so that an answer is neither yes nor no.</summary>
public enum HostUnknown
{
    /// <summary>What RAM there is: it is guessed from the CMRs, or not known at all.</summary>
    Ram,

    /// <summary>Which NUMA node memory is on: all is taken to be on node 0.</summary>
    Nodes,

    /// <summary>The CMRs: all RAM is taken to be convertible, and the module cannot be asked.</summary>
    Cmrs,
}
