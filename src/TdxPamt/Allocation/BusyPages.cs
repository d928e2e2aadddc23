using System.Runtime.CompilerServices;

namespace TdxPamt;

/// <summary>The pages of an index that are in use: runs in ascending order that share no page.</summary>
internal sealed class BusyPages
{
    private static readonly IComparer<PageRun> Ascending =
        Comparer<PageRun>.Create(static (left, right) => left.Start.CompareTo(right.Start));

    private PageRun[] _runs = [];
    private int _count;
    private bool _mustSort;

    /// <summary>How often pages were made free.</summary>
    internal int Removals { get; private set; }

    /// <summary>The runs.</summary>
    internal ReadOnlySpan<PageRun> Runs => new(_runs, 0, _count);

    /// <summary>The position of the first run that ends above a page, or the number of runs.</summary>
    internal int FirstEndingAbove(ulong page) =>
        _count == 0 || _runs[_count - 1].End <= page ? _count : PageRun.FirstEndingAbove(Runs, page);

    /// <summary>The position of the first run that starts at or above a page, or the number of runs.</summary>
    internal int FirstStartingFrom(ulong page) => BinarySearch.First(Runs, new StartsFrom(page));

    /// <summary>Whether a run shares a page with one of these.</summary>
    internal bool Overlaps(PageRun run)
    {
        int position = FirstStartingFrom(run.End);
        return position > 0 && _runs[position - 1].End > run.Start;
    }

    /// <summary>Adds a run that shares no page with the others.</summary>
    internal void Add(PageRun run)
    {
        if (_count == _runs.Length)
            Grow();
        int position = _count == 0 || _runs[_count - 1].Start < run.Start ? _count : FirstStartingFrom(run.Start);
        if (position < _count)
            Array.Copy(_runs, position, _runs, position + 1, _count - position);
        _runs[position] = run;
        _count++;
    }

    /// <summary>Adds a run after those that were added before; <see cref="Sort"/> must follow the last one.</summary>
    /// <param name="run">The run.</param>
    /// <param name="minGap">Pages between the run before and this one count as in use if they are fewer than this; 1
    /// or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Append(PageRun run, ulong minGap)
    {
        if (_count == _runs.Length)
            Grow();
        if (_count > 0)
        {
            ref PageRun last = ref _runs[_count - 1];
            if (unchecked(run.Start - last.End) < minGap)
            {
                last = new(last.Start, run.End);
                return;
            }

            _mustSort |= run.Start < last.End;
        }

        _runs[_count++] = run;
    }

    /// <summary>Puts appended runs in ascending order, in which they almost always are. Runs that overlap, because
    /// short gaps between earlier ones were closed, become one.</summary>
    internal void Sort()
    {
        if (!_mustSort)
            return;
        _mustSort = false;
        Array.Sort(_runs, 0, _count, Ascending);
        int last = 0;
        for (int i = 1; i < _count; i++)
        {
            if (_runs[i].Start < _runs[last].End)
                _runs[last] = new(_runs[last].Start, Math.Max(_runs[last].End, _runs[i].End));
            else
                _runs[++last] = _runs[i];
        }

        _count = last + 1;
    }

    /// <summary>Removes a run; false where there is none that starts and ends there.</summary>
    internal bool TryRemove(PageRun run)
    {
        int position = _count > 0 && _runs[_count - 1] == run ? _count - 1 : FirstStartingFrom(run.Start);
        if (position == _count || _runs[position] != run)
            return false;
        Removals++;
        _count--;
        if (position < _count)
            Array.Copy(_runs, position + 1, _runs, position, _count - position);
        return true;
    }

    /// <summary>Removes all runs.</summary>
    internal void Clear()
    {
        _count = 0;
        Removals++;
    }

    private void Grow() => Array.Resize(ref _runs, Math.Max(4, (_count < 16 ? 4 : 2) * _count));

    private readonly struct StartsFrom(ulong page) : ICondition<PageRun>
    {
        public bool Holds(PageRun item) => item.Start >= page;
    }
}
