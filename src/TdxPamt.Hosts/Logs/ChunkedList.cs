using System.Collections;

namespace TdxPamt.Hosts;

/// <summary>Ranges in ascending order that are inserted and removed anywhere at a cost that grows with the square root
/// of their number, not with their number: logs may have their lines in any order.</summary>
internal sealed class ChunkedList<T> : IReadOnlyList<T>
    where T : struct, IEndingRange
{
    /// <summary>About twice the square root of the most ranges that a log may have.</summary>
    private const int MaxChunk = 512;

    /// <summary>The ranges, in chunks of which the first alone may be empty.</summary>
    private readonly List<List<T>> _chunks = [[]];

    public int Count { get; private set; }

    /// <summary>How many ranges were moved to make or close gaps so far.</summary>
    internal long Moves { get; private set; }

    public T this[int index]
    {
        get
        {
            (int chunk, int place) = Find(index);
            return _chunks[chunk][place];
        }
    }

    internal void Clear()
    {
        _chunks.RemoveRange(1, _chunks.Count - 1);
        _chunks[0].Clear();
        Count = 0;
    }

    /// <summary>The index of the first range that ends above an address, or the number of ranges.</summary>
    internal int FirstEndingAbove(ulong address)
    {
        if (Count == 0 || _chunks[^1][^1].End <= address)
            return Count;
        int chunk = 0;
        int before = 0;
        for (; _chunks[chunk][^1].End <= address; chunk++)
            before += _chunks[chunk].Count;
        int low = 0;
        for (int high = _chunks[chunk].Count - 1; low < high;)
        {
            int middle = (low + high) >>> 1;
            if (_chunks[chunk][middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }

        return before + low;
    }

    /// <summary>A walk over the ranges from an index on.</summary>
    internal Walk From(int index)
    {
        (int chunk, int place) = Find(index);
        return new(_chunks, chunk, place);
    }

    internal void Insert(int index, T range)
    {
        (int chunk, int place) = Find(index);
        Moves += _chunks[chunk].Count - place;
        _chunks[chunk].Insert(place, range);
        Count++;
        Split(chunk);
    }

    /// <summary>Replaces ranges by others, of which there may be more, fewer or none.</summary>
    internal void Replace(int index, int count, List<T> ranges)
    {
        (int chunk, int place) = Find(index);
        _chunks[chunk].InsertRange(place, ranges);
        Moves += _chunks[chunk].Count - place;
        Count += ranges.Count - count;
        for (int from = place + ranges.Count, at = chunk; count > 0; from = 0)
        {
            int removed = Math.Min(count, _chunks[at].Count - from);
            _chunks[at].RemoveRange(from, removed);
            Moves += _chunks[at].Count - from;
            count -= removed;
            if (_chunks[at].Count == 0 && at > 0)
                _chunks.RemoveAt(at);
            else
                at++;
        }

        if (_chunks.Count > 1 && _chunks[0].Count == 0)
            _chunks.RemoveAt(0);
        if (chunk < _chunks.Count)
            Split(chunk);
    }

    public IEnumerator<T> GetEnumerator() => _chunks.SelectMany(static chunk => chunk).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Where a range is; for the number of ranges, where one would be added.</summary>
    private (int Chunk, int Place) Find(int index)
    {
        if (index == Count)
            return (_chunks.Count - 1, _chunks[^1].Count);
        int chunk = 0;
        while (index >= _chunks[chunk].Count)
            index -= _chunks[chunk++].Count;
        return (chunk, index);
    }

    private void Split(int index)
    {
        List<T> chunk = _chunks[index];
        if (chunk.Count <= MaxChunk)
            return;
        List<List<T>> parts = [];
        for (int start = 0; start < chunk.Count; start += MaxChunk / 2)
            parts.Add(chunk.GetRange(start, Math.Min(MaxChunk / 2, chunk.Count - start)));
        _chunks.RemoveAt(index);
        _chunks.InsertRange(index, parts);
        Moves += chunk.Count + _chunks.Count - index;
    }

    /// <summary>A walk over ranges, which takes no memory.</summary>
    internal struct Walk(List<List<T>> chunks, int chunk, int place)
    {
        private int _chunk = chunk;
        private int _place = place - 1;

        public readonly T Current => chunks[_chunk][_place];

        public readonly Walk GetEnumerator() => this;

        public bool MoveNext()
        {
            if (++_place < chunks[_chunk].Count)
                return true;
            _place = 0;
            return ++_chunk < chunks.Count && chunks[_chunk].Count > 0;
        }
    }
}
