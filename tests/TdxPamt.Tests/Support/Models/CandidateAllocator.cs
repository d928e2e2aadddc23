namespace TdxPamt.Tests.Support;

/// <summary>The contiguous page allocator on a machine of any size: every candidate against every range.</summary>
internal sealed class CandidateAllocator : IModelAllocator
{
    private readonly List<(ulong Start, ulong End, int Node)> _ram;
    private readonly ModelHost _host;
    private readonly bool _movesHugetlb;
    private readonly List<(ulong Start, ulong End)> _given = [];

    public CandidateAllocator(ModelHost host, bool movesHugetlb = true)
    {
        _host = host;
        _movesHugetlb = movesHugetlb;
        // Page 0 is never RAM.
        _ram = [.. host.Ram().Where(static ram => ram.End > 0x1000)
            .Select(static ram => (Math.Max(ram.Start, 0x1000), ram.End, ram.Node))];
    }

    public ulong PagesInUse
    {
        get
        {
            ulong pages = 0;
            foreach ((ulong start, ulong end) in _given)
                pages += (end - start) / 4096;
            return pages;
        }
    }

    public ulong? Allocate(ulong pages, List<int> nodes) =>
        Allocate(pages, nodes, secondPass: false)
        ?? (_movesHugetlb ? Allocate(pages, nodes, secondPass: true) : null);

    public void Free(ulong address, ulong pages) =>
        _given.Remove((address, address + pages * 4096)).Should().BeTrue("0x{0:x} was given out", address);

    private ulong? Allocate(ulong pages, List<int> nodes, bool secondPass)
    {
        ulong size = pages * 4096;
        (ulong Start, ulong End)[] unusable = [(0, 0x100000), .. _host.BlockedFor(size, secondPass)];
        foreach (int node in nodes)
        {
            ulong nodeStart = ulong.MaxValue;
            ulong nodeEnd = 0;
            foreach ((ulong start, ulong end, int itsNode) in _ram)
            {
                if (itsNode == node)
                {
                    nodeStart = Math.Min(nodeStart, start);
                    nodeEnd = Math.Max(nodeEnd, end);
                }
            }

            (ulong Start, ulong End)[] zones = [(1UL << 32, ulong.MaxValue), (1UL << 24, 1UL << 32), (0, 1UL << 24)];
            foreach ((ulong lower, ulong upper) in zones)
            {
                ulong zoneStart = Math.Max(nodeStart, lower);
                ulong zoneEnd = Math.Min(Math.Min(nodeEnd, upper), _host.MovableStart(node));
                if (zoneStart >= zoneEnd)
                    continue;
                ulong address = ((zoneStart / 4096 + pages - 1) & ~(pages - 1)) * 4096;
                while (address >= zoneStart && address + size <= zoneEnd)
                {
                    if (IsGood(address, address + size, node, unusable))
                    {
                        _given.Add((address, address + size));
                        return address;
                    }

                    address += size;
                }
            }
        }

        return null;
    }

    private bool IsGood(ulong start, ulong end, int node, (ulong Start, ulong End)[] unusable)
    {
        foreach ((ulong otherStart, ulong otherEnd) in unusable)
        {
            if (start < otherEnd && otherStart < end)
                return false;
        }

        foreach ((ulong otherStart, ulong otherEnd) in _given)
        {
            if (start < otherEnd && otherStart < end)
                return false;
        }

        // RAM of one node that touches is one range, so all pages exist only where one range holds them.
        foreach ((ulong ramStart, ulong ramEnd, int ramNode) in _ram)
        {
            if (ramNode == node && start >= ramStart && end <= ramEnd)
                return true;
        }

        return false;
    }
}
