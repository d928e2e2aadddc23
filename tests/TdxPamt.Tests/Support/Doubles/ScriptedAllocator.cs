namespace TdxPamt.Tests.Support;

/// <summary>Answers each request as it is told, and remembers what it was asked for and handed back.</summary>
/// <param name="answer">From the number of the request and the pages wanted to an address, or null: no memory.</param>
internal sealed class ScriptedAllocator(Func<int, ulong, ulong?> answer) : IContiguousPageAllocator
{
    public List<(ulong Pages, int Node, int[] Order)> Asked { get; } = [];

    public List<(ulong Address, ulong Pages)> Given { get; } = [];

    public List<(ulong Address, ulong Pages)> Freed { get; } = [];

    /// <summary>Called with the address of what is handed back, after it is remembered.</summary>
    public Action<ulong>? OnFree { get; init; }

    /// <summary>Hands out these addresses in turn.</summary>
    public static ScriptedAllocator At(string addresses)
    {
        ulong[] turns = [.. addresses.Split(", ").Select(Machine.Address)];
        return new ScriptedAllocator((index, _) => turns[index]);
    }

    /// <summary>Hands out one chunk after another from an address on.</summary>
    public static ScriptedAllocator From(string address, Action<ulong>? onFree = null) =>
        new(Chunks(address)) { OnFree = onFree };

    /// <summary>The answers of an allocator that hands out one chunk after another from an address on.</summary>
    public static Func<int, ulong, ulong?> Chunks(string address)
    {
        ulong next = Machine.Address(address);
        return (_, pages) =>
        {
            ulong chunk = next;
            next += pages * 4096;
            return chunk;
        };
    }

    public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
    {
        Asked.Add((pages, nodes[0], nodes.ToArray()));
        ulong? chunk = answer(Asked.Count - 1, pages);
        address = chunk ?? 0xdead;
        if (chunk is not null)
            Given.Add((address, pages));
        return chunk is not null;
    }

    public void Free(ulong address, ulong pages)
    {
        Freed.Add((address, pages));
        OnFree?.Invoke(address);
    }
}
