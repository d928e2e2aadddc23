namespace TdxPamt.Tests.Support;

/// <summary>Finds the kernel's nodes, but throws at one request, from 0, and finds none at another.</summary>
internal sealed class ThrowingNodeLookup(int throwsAt, int findsNoneAt = -1) : INodeLookup
{
    private int _requests;

    public Exception Thrown { get; } = new KeyNotFoundException("where?");

    public bool TryGetNode(HostMemory host, AddressRange tdmr, out int node)
    {
        int request = _requests++;
        if (request == throwsAt)
            throw Thrown;
        return FirstBlockNodeLookup.Instance.TryGetNode(host, tdmr, out node) && request != findsNoneAt;
    }
}
