namespace TdxPamt.Tests.Support;

/// <summary>Hands out a machine's pages, does one thing wrong where it is told to, and keeps the books.</summary>
internal sealed class LedgerAllocator(HostMemory host, FreePageIndex index) : IContiguousPageAllocator
{
    private readonly LinuxPageAllocator _pages = new(index);
    private readonly List<(ulong Address, ulong Pages)> _out = [];
    private (ulong Address, ulong Pages)? _owed;
    private int _frees;

    /// <summary>At which request, from 0, it does what.</summary>
    public (int Request, Violation Violation) Wrong { get; init; } = (-1, default);

    /// <summary>At which chunk handed back, from 0, it throws; or never.</summary>
    public int FreeThrowsAt { get; init; } = -1;

    public Exception Thrown { get; } = new InvalidTimeZoneException("out of time");

    public int Requests { get; private set; }

    /// <summary>How often something really went wrong.</summary>
    public int Faults { get; private set; }

    /// <summary>How many pages were handed out, or owed for a refused chunk, and did not come back.</summary>
    public ulong PagesLost =>
        _out.Aggregate(_owed?.Pages ?? 0, static (sum, chunk) => sum + chunk.Pages);

    /// <summary>How many pages came back that were not out.</summary>
    public ulong PagesFreedTwice { get; private set; }

    public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
    {
        bool misbehaves = Requests++ == Wrong.Request;
        if (misbehaves && Wrong.Violation == Violation.Throws)
        {
            Faults++;
            throw Thrown;
        }

        address = 0xdead;
        if (misbehaves && Wrong.Violation == Violation.HasNoPages)
        {
            Faults++;
            return false;
        }

        if (misbehaves && Lie() is { } lie)
        {
            Faults++;
            address = lie;
            ulong end = lie + Math.Min(pages * 4096, ulong.MaxValue - lie);
            if (lie != 0 && !_out.Exists(chunk => chunk.Address < end && lie < chunk.Address + (chunk.Pages * 4096)))
                _owed = (lie, pages);
            return true;
        }

        int[] order = nodes.ToArray();
        if (misbehaves && Wrong.Violation == Violation.ReturnsPagesOfAnotherNode)
            Array.Reverse(order);
        bool found = _pages.TryAllocate(pages, order, out ulong first);
        if (found)
            _out.Add((address = first, pages));
        return found;
    }

    public void Free(ulong address, ulong pages)
    {
        if (_owed == (address, pages))
            _owed = null;
        else if (_out.Remove((address, pages)))
            _pages.Free(address, pages);
        else
            PagesFreedTwice += pages;
        if (_frees++ == FreeThrowsAt)
        {
            Faults++;
            throw Thrown;
        }
    }

    private ulong? Lie() => Wrong.Violation switch
    {
        Violation.ReturnsNoPage => 0x4000_0001,
        Violation.ReturnsPage0 => 0,
        Violation.ReturnsPagesBelow1MiB => 0x1000,
        Violation.ReturnsPagesOffTheMachine => host.TdxMemoryBlocks[^1].Range.End,
        Violation.ReturnsPagesAcrossTheMachinesEnd => host.TdxMemoryBlocks[^1].Range.End - 4096,
        Violation.ReturnsPagesAt4PiB => AddressRange.Limit,
        Violation.ReturnsPagesAcross16EiB => ulong.MaxValue - 4095,
        _ when _out.Count == 0 => null,
        Violation.ReturnsTheLastChunkAgain => _out[^1].Address,
        Violation.ReturnsPagesOfTheLastChunk => _out[^1].Address + 4096,
        Violation.ReturnsHalfAPageOfTheLastChunk => _out[^1].Address + 2048,
        _ => null,
    };
}
