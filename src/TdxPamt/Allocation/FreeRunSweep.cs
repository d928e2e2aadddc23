namespace TdxPamt;

/// <summary>The runs of pages that can be handed out, in ascending order, each in one zone of one node: the RAM at or
/// above 1 MiB that is not blocked.</summary>
internal ref struct FreeRunSweep
{
    private readonly ReadOnlySpan<MemoryRegion> _blocks;
    private readonly ReadOnlySpan<BlockedRange> _blocked;
    private int _block = -1;
    private int _nextBlocked;
    private ulong _position;
    private ulong _end;
    private ulong _blockEnd;
    private ulong _blockedUpTo;

    /// <summary>Sweeps over memory blocks.</summary>
    /// <param name="blocks">The memory blocks.</param>
    /// <param name="blocked">The blocked ranges, in ascending order of their starts.</param>
    internal FreeRunSweep(ReadOnlySpan<MemoryRegion> blocks, ReadOnlySpan<BlockedRange> blocked)
    {
        _blocks = blocks;
        _blocked = blocked;
    }

    /// <summary>The node of the current run.</summary>
    internal readonly int Node => _blocks[_block].Node;

    /// <summary>The zone of the current run.</summary>
    internal MemoryZone Zone { get; private set; }

    /// <summary>The current run.</summary>
    internal PageRun Current { get; private set; }

    internal bool MoveNext()
    {
        while (_position == _end)
        {
            if (!MoveToNextStretch())
                return false;
        }

        ulong start = _position / AddressRange.PageBytes;
        Zone = ZoneLimits.ZoneOf(start);
        Current = new(start, Math.Min(_end / AddressRange.PageBytes, ZoneLimits.PagesOf(Zone).End));
        _position = Current.End * AddressRange.PageBytes;
        return true;
    }

    /// <summary>Finds the next stretch without blocked pages in it; it may be empty.</summary>
    private bool MoveToNextStretch()
    {
        if (_position == _blockEnd)
        {
            if (_block + 1 == _blocks.Length)
                return false;
            AddressRange block = _blocks[++_block].Range;
            _position = block.Start;
            _blockEnd = block.End;
        }

        _position = Math.Min(Math.Max(_position, _blockedUpTo), _blockEnd);
        _end = _blockEnd;
        while (_nextBlocked < _blocked.Length && _blocked[_nextBlocked].Range.Start < _blockEnd)
        {
            BlockedRange blocked = _blocked[_nextBlocked];
            if (blocked.Range.Start > _position)
            {
                _end = blocked.Range.Start;
                break;
            }

            _nextBlocked++;
            _blockedUpTo = Math.Max(_blockedUpTo, blocked.Range.End);
            _position = Math.Min(Math.Max(_position, _blockedUpTo), _blockEnd);
        }

        return true;
    }
}
