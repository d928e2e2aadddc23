using TdxPamt.Allocation;
using TdxPamt.Memory;

namespace TdxPamt.Tests.Doubles;

/// <summary>Hands out a machine's pages, does one thing wrong where it is told to, and keeps the books.</summary>
internal sealed class LedgerAllocator(HostMemory host, FreePageIndex index) : IContiguousPageAllocator
{
    private readonly LinuxPageAllocator _pages = new(index);
    private readonly List<(ulong Address, ulong Pages)> _out = [];
    private (ulong Address, ulong Pages)? _owed;
    private int _frees;

    /// <summary>At which request, from 0, it does what.</summary>
    public (int Request, Misdeed Misdeed) Wrong { get; init; } = (-1, default);

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

    public bool TryAllocate(ulong pages, int node, ReadOnlySpan<int> fallbackOrder, out ulong address)
    {
        bool misbehaves = Requests++ == Wrong.Request;
        if (misbehaves && Wrong.Misdeed == Misdeed.Throws)
        {
            Faults++;
            throw Thrown;
        }

        address = 0xdead;
        if (misbehaves && Wrong.Misdeed == Misdeed.HasNoPages)
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

        int[] order = fallbackOrder.ToArray();
        if (misbehaves && Wrong.Misdeed == Misdeed.ReturnsPagesOfAnotherNode)
            Array.Reverse(order);
        bool found = _pages.TryAllocate(pages, order[0], order, out ulong first);
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

    private ulong? Lie() => Wrong.Misdeed switch
    {
        Misdeed.ReturnsNoPage => 0x4000_0001,
        Misdeed.ReturnsPage0 => 0,
        Misdeed.ReturnsPagesBelow1MiB => 0x1000,
        Misdeed.ReturnsPagesOffTheMachine => host.Blocks[^1].Range.End,
        Misdeed.ReturnsPagesAcrossTheMachinesEnd => host.Blocks[^1].Range.End - 4096,
        Misdeed.ReturnsPagesAt4PiB => AddressRange.Limit,
        Misdeed.ReturnsPagesAcross16EiB => ulong.MaxValue - 4095,
        _ when _out.Count == 0 => null,
        Misdeed.ReturnsTheLastChunkAgain => _out[^1].Address,
        Misdeed.ReturnsPagesOfTheLastChunk => _out[^1].Address + 4096,
        Misdeed.ReturnsHalfAPageOfTheLastChunk => _out[^1].Address + 2048,
        _ => null,
    };
}
