namespace TdxPamt.Planning;

/// <summary>Which numbers of pages the chunks that have no place yet can sum up to: the subset-sum problem,
/// by dynamic programming.</summary>
internal sealed class ChunkSums
{
    /// <summary>For each number of pages the size of the last chunk of a sum; 0 where there is no sum.</summary>
    private readonly int[] _last;
    private readonly Dictionary<int, Queue<PamtRequest>> _bySize = [];

    internal ChunkSums(List<PamtRequest> requests, int maxPages)
    {
        _last = new int[maxPages + 1];
        foreach (PamtRequest request in requests)
        {
            ulong pages = request.Bytes / AddressRange.PageBytes;
            if (request.Chunk.Size > 0 || pages > (ulong)maxPages)
                continue;
            if (!_bySize.TryGetValue((int)pages, out Queue<PamtRequest>? same))
                _bySize.Add((int)pages, same = []);
            same.Enqueue(request);
        }

        int[] used = new int[maxPages + 1];
        foreach (KeyValuePair<int, Queue<PamtRequest>> same in _bySize.OrderByDescending(static pair => pair.Key))
        {
            int size = same.Key;
            Array.Clear(used, 0, used.Length);
            for (int sum = size; sum <= maxPages; sum++)
            {
                bool known = _last[sum] != 0;
                bool reachable = sum == size || _last[sum - size] != 0;
                if (known || !reachable || used[sum - size] == same.Value.Count)
                    continue;
                _last[sum] = size;
                used[sum] = used[sum - size] + 1;
            }
        }
    }

    /// <summary>Takes chunks that sum up to a number of bytes; none where no chunks do. The sums do not hold any more
    /// once chunks were taken.</summary>
    internal List<PamtRequest> Find(ulong bytes)
    {
        List<PamtRequest> found = [];
        ulong pages = bytes / AddressRange.PageBytes;
        if (pages >= (ulong)_last.Length || _last[pages] == 0)
            return found;
        for (int sum = (int)pages; sum > 0; sum -= _last[sum])
            found.Add(_bySize[_last[sum]].Dequeue());
        return found;
    }
}
