namespace TdxPamt;

/// <summary>The free pieces of those runs of a zone that have pages in use, in ascending order.</summary>
internal ref struct CutRuns(Zone zone, BusyPages busy)
{
    private readonly ReadOnlySpan<PageRun> _runs = zone.Runs;
    private readonly ReadOnlySpan<PageRun> _busy = busy.Runs;
    private int _nextBusy = PageRun.FirstEndingAbove(busy.Runs, zone.Span.Start);
    private ulong _position;
    private ulong _runEnd;

    /// <summary>The current piece.</summary>
    internal PageRun Current { get; private set; }

    internal bool MoveNext()
    {
        while (_position < _runEnd || MoveToNextCutRun())
        {
            ulong start = _position;
            ulong end = _runEnd;
            if (_nextBusy < _busy.Length && _busy[_nextBusy].Start < _runEnd)
            {
                end = _busy[_nextBusy].Start;
                _position = _busy[_nextBusy].End;
                // What cuts the end of one run may cut the start of the next.
                if (_position <= _runEnd)
                    _nextBusy++;
            }
            else
            {
                _position = _runEnd;
            }

            if (start >= end)
                continue;
            Current = new(start, end);
            return true;
        }

        return false;
    }

    private bool MoveToNextCutRun()
    {
        for (; _nextBusy < _busy.Length; _nextBusy++)
        {
            PageRun cut = _busy[_nextBusy];
            int run = PageRun.FirstEndingAbove(_runs, Math.Max(cut.Start, _runEnd));
            if (run == _runs.Length)
                return false;
            if (_runs[run].Start >= cut.End)
                continue;
            _position = _runs[run].Start;
            _runEnd = _runs[run].End;
            return true;
        }

        return false;
    }
}
