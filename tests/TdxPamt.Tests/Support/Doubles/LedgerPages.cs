using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>Pages for pairs, with books of what is out and what came back twice. Safe for many threads.</summary>
internal sealed class LedgerPages(ulong start, int pages) : IPamtPageSource
{
    private readonly Stack<ulong> _free = new(Enumerable.Range(0, pages).Select(page => start + ((ulong)page * 4096)));
    private readonly HashSet<ulong> _out = [];
    private int _requests;
    private int _frees;
    private ulong? _owed;

    /// <summary>What to do at a request, from 0: give an address, or null for no page, or throw.</summary>
    public (int Request, Func<ulong?>? Answer) Wrong { get; init; } = (-1, null);

    /// <summary>At which page handed back, from 0, it throws; or never.</summary>
    public int FreeThrowsAt { get; init; } = -1;

    public Exception Thrown { get; } = new InvalidTimeZoneException("out of time");

    /// <summary>Pages that are handed out: two per pair, if none is lost.</summary>
    public int Out
    {
        get
        {
            lock (_out)
                return _out.Count + (_owed is null ? 0 : 1);
        }
    }

    public int FreedTwice { get; private set; }

    public bool TryAllocate(out ulong page)
    {
        lock (_out)
        {
            if (_requests++ == Wrong.Request)
            {
                ulong? lie = Wrong.Answer!();
                page = lie ?? 0xdead;
                if (lie is not null && !_out.Contains(page))
                    _owed = page;
                return lie is not null;
            }

            if (!_free.TryPop(out page))
                return false;
            if (_owed == page)
                _owed = null;
            return _out.Add(page);
        }
    }

    public void Free(ulong page)
    {
        lock (_out)
        {
            if (_owed == page)
                _owed = null;
            else if (_out.Remove(page))
                _free.Push(page);
            else
                FreedTwice++;
            if (_frees++ == FreeThrowsAt)
                throw Thrown;
        }
    }
}
