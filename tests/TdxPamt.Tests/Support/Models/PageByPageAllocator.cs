namespace TdxPamt.Tests.Support;

/// <summary>The contiguous page allocator on a machine of few pages: every page is an entry in a dictionary.</summary>
internal sealed class PageByPageAllocator : IModelAllocator
{
    private const ulong Dma32Start = (16 << 20) / 4096;
    private const ulong NormalStart = (4UL << 30) / 4096;
    private const ulong FirstMiB = (1 << 20) / 4096;

    private readonly Dictionary<ulong, int> _nodeOfPage = [];
    private readonly ModelHost _host;
    private readonly HashSet<ulong> _unusable = [];
    private readonly Dictionary<ulong, ulong> _hugePage = [];
    private readonly HashSet<ulong> _given = [];
    private readonly Dictionary<int, (ulong Lowest, ulong Highest)> _spans = [];

    public PageByPageAllocator(ModelHost host)
    {
        _host = host;
        foreach ((ulong start, ulong end, int node) in host.Memory)
        {
            // Page 0 is never RAM.
            for (ulong page = Math.Max(start / 4096, 1); page < end / 4096; page++)
                _nodeOfPage.Add(page, node);
        }

        foreach ((ulong page, int node) in _nodeOfPage)
        {
            if (page < FirstMiB)
                _unusable.Add(page);
            foreach ((ulong start, ulong end, int kind) in host.Blocked)
            {
                if (page < start / 4096 || page >= end / 4096)
                    continue;
                if (kind < 3)
                    _unusable.Add(page);
                else
                    _hugePage[page] = Math.Max(_hugePage.GetValueOrDefault(page), kind == 3 ? 512UL : 262_144);
            }

            _spans[node] = _spans.TryGetValue(node, out (ulong Lowest, ulong Highest) span)
                ? (Math.Min(span.Lowest, page), Math.Max(span.Highest, page))
                : (page, page);
        }
    }

    public int PagesInUse => _given.Count;

    public ulong? Allocate(ulong pages, List<int> nodes) =>
        Allocate(pages, nodes, secondPass: false) ?? Allocate(pages, nodes, secondPass: true);

    private ulong? Allocate(ulong pages, List<int> nodes, bool secondPass)
    {
        foreach (int node in nodes)
        {
            if (!_spans.TryGetValue(node, out (ulong Lowest, ulong Highest) span))
                continue;
            foreach (char zone in "N3D")
            {
                // The zone's first and last page.
                (ulong first, ulong last) = zone switch
                {
                    'N' => (Math.Max(span.Lowest, NormalStart), span.Highest),
                    '3' => (Math.Max(span.Lowest, Dma32Start), Math.Min(span.Highest, NormalStart - 1)),
                    _ => (span.Lowest, Math.Min(span.Highest, Dma32Start - 1)),
                };
                ulong movable = _host.MovableStart(node) / 4096;
                if (movable <= first)
                    continue;
                last = Math.Min(last, movable - 1);
                ulong page = (first + pages - 1) & ~(pages - 1);
                for (; page + pages - 1 <= last && page >= first; page += pages)
                {
                    if (!IsGood(page, pages, node, zone, secondPass))
                        continue;
                    for (ulong taken = page; taken < page + pages; taken++)
                        _given.Add(taken);
                    return page * 4096;
                }
            }
        }

        return null;
    }

    public void Free(ulong address, ulong pages)
    {
        for (ulong page = address / 4096; page < address / 4096 + pages; page++)
            _given.Remove(page).Should().BeTrue("page {0} was given out", page);
    }

    private bool IsGood(ulong candidate, ulong pages, int node, char zone, bool secondPass)
    {
        for (ulong page = candidate; page < candidate + pages; page++)
        {
            if (!_nodeOfPage.TryGetValue(page, out int itsNode) || itsNode != node)
                return false;
            if (zone != (page >= NormalStart ? 'N' : page >= Dma32Start ? '3' : 'D'))
                return false;
            if (_unusable.Contains(page) || _given.Contains(page))
                return false;
            if (_hugePage.TryGetValue(page, out ulong huge) && (!secondPass || huge >= pages))
                return false;
        }

        return true;
    }
}
