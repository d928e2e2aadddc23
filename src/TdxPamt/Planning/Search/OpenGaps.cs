namespace TdxPamt.Planning;

/// <summary>The largest gaps between the holes of a TDMR, as many as can stay open; the others are closed, which makes
/// the holes around them one.</summary>
internal sealed class OpenGaps(int maxAreas)
{
    private const int InitialCapacity = 16;

    private readonly int _maxOpen = Math.Max(0, maxAreas - 1);
    private ulong[] _largest = new ulong[InitialCapacity];
    private int _count;

    /// <summary>Whether there is any hole.</summary>
    internal bool HasHole { get; set; }

    /// <summary>The RAM in the gaps that are closed, in bytes.</summary>
    internal ulong ClosedBytes { get; private set; }

    /// <summary>Adds a gap, by its RAM in bytes: insertion sort, the smallest gap falls out.</summary>
    internal void Add(ulong ram)
    {
        int position = _count;
        if (_count < _maxOpen)
        {
            if (_count == _largest.Length)
                Array.Resize(ref _largest, 2 * _count);
            _count++;
        }
        else if (_count == 0 || ram <= _largest[_count - 1])
        {
            ClosedBytes += ram;
            return;
        }
        else
        {
            ClosedBytes += _largest[--position];
        }

        for (; position > 0 && _largest[position - 1] < ram; position--)
            _largest[position] = _largest[position - 1];
        _largest[position] = ram;
    }
}
