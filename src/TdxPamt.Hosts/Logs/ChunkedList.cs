using System.Collections;

namespace TdxPamt.Hosts;

/// <summary>A list in which elements are inserted and removed anywhere at a cost that grows with the square root of
/// their number, not with their number: logs may have their lines in any order.</summary>
internal sealed class ChunkedList<T> : IReadOnlyList<T>
{
    /// <summary>About twice the square root of the most ranges that a log may have.</summary>
    private const int MaxChunk = 512;

    /// <summary>The elements, in chunks none of which is empty.</summary>
    private readonly List<List<T>> _chunks = [];

    public int Count { get; private set; }

    /// <summary>How many elements were moved to make or close gaps so far.</summary>
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
        _chunks.Clear();
        Count = 0;
    }

    /// <summary>The index of the first element that a test accepts, where it accepts all elements after one that it
    /// accepts; the number of elements where it accepts none.</summary>
    internal int FirstIndex(Func<T, bool> test)
    {
        int chunk = FirstIndex(_chunks.Count, i => test(_chunks[i][^1]));
        int before = 0;
        for (int i = 0; i < chunk; i++)
            before += _chunks[i].Count;
        return chunk == _chunks.Count
            ? before
            : before + FirstIndex(_chunks[chunk].Count, i => test(_chunks[chunk][i]));
    }

    /// <summary>The elements from an index on.</summary>
    internal IEnumerable<T> From(int index)
    {
        (int chunk, int place) = Find(index);
        for (; chunk < _chunks.Count; chunk++, place = 0)
        {
            for (; place < _chunks[chunk].Count; place++)
                yield return _chunks[chunk][place];
        }
    }

    /// <summary>Replaces elements by others, of which there may be more, fewer or none.</summary>
    internal void Replace(int index, int count, params ReadOnlySpan<T> elements)
    {
        (int chunk, int place) = Find(index);
        Count += elements.Length - count;
        while (count > 0)
        {
            int removed = Math.Min(count, _chunks[chunk].Count - place);
            _chunks[chunk].RemoveRange(place, removed);
            Moves += _chunks[chunk].Count - place;
            count -= removed;
            if (_chunks[chunk].Count == 0)
                _chunks.RemoveAt(chunk);
            else if (count > 0)
                (chunk, place) = (chunk + 1, 0);
        }

        if (elements.IsEmpty)
            return;
        if (chunk == _chunks.Count && chunk > 0)
            (chunk, place) = (chunk - 1, _chunks[chunk - 1].Count);
        else if (chunk == _chunks.Count)
            _chunks.Add([]);
        Moves += _chunks[chunk].Count - place;
        _chunks[chunk].InsertRange(place, elements.ToArray());
        Split(chunk);
    }

    public IEnumerator<T> GetEnumerator() => From(0).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Where an element is; behind the last one, where one would be added.</summary>
    private (int Chunk, int Place) Find(int index)
    {
        int chunk = 0;
        while (chunk < _chunks.Count && index >= _chunks[chunk].Count)
            index -= _chunks[chunk++].Count;
        return (chunk, index);
    }

    private static int FirstIndex(int count, Func<int, bool> test)
    {
        int low = 0;
        while (low < count)
        {
            int middle = (low + count) >>> 1;
            if (test(middle))
                count = middle;
            else
                low = middle + 1;
        }

        return low;
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
}
