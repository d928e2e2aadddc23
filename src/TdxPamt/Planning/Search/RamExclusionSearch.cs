namespace TdxPamt.Planning;

/// <summary>The least RAM to give up so that holes and TDMRs stay within the limits, PAMTs aside: dynamic programming
/// over the pieces that TDMRs are put together from. A piece can be left out whole, and so can the RAM between two
/// holes of a TDMR, which makes the two one.</summary>
internal sealed class RamExclusionSearch
{
    private readonly AddressRange[] _units;
    private readonly ulong[] _unitRam;
    private readonly bool[] _startsTdmr;
    private readonly AddressRange[] _holes;
    private readonly int[] _firstHole;
    private readonly int[] _holeEnd;
    private readonly ulong[] _gapRam;
    private readonly ModuleParameters _module;
    private readonly bool _join;
    private readonly TdmrChoice[][] _tdmrs;
    private readonly List<Way[]> _rows = [];
    private readonly bool _bounded;

    internal RamExclusionSearch(PlanHost host, AddressRange[] holes, bool split, bool join)
    {
        _module = host.Module;
        _join = join;
        _holes = holes;
        _units = split ? CoverUnits.Of(host.KernelCover, holes) : host.KernelCover;
        _unitRam = Array.ConvertAll(_units, unit => host.RamBytes(unit));
        _startsTdmr = Array.ConvertAll(_units, unit => CoverUnits.StartsTdmr(host.KernelCover, unit));
        _firstHole = Array.ConvertAll(_units, unit => AddressRanges.FirstEndingAbove(holes, unit.Start));
        _holeEnd = Array.ConvertAll(_units, unit => CoverUnits.FirstStartingFrom(holes, unit.End));
        _gapRam = new ulong[Math.Max(0, holes.Length - 1)];
        for (int i = 0; i < _gapRam.Length; i++)
            _gapRam[i] = host.RamBytes(AddressRange.Create(holes[i].End, holes[i + 1].Start));
        _tdmrs = PossibleTdmrs(
            join ? Math.Min(LossWithoutJoining(), LossOfEvenTdmrs()) : LossWithoutJoining());
        _rows.Add(WaysFrom(after: null));
        if (_rows[0][0].Tdmrs <= _module.MaxTdmrs)
            return;
        _bounded = true;
        _rows[0] = WaysFrom(AllLeftOut());
        while (_rows.Count < Math.Min(_module.MaxTdmrs, _units.Length))
            _rows.Add(WaysFrom(_rows[^1]));
    }

    /// <summary>How many TDMRs were looked at.</summary>
    internal int Ways => _tdmrs.Sum(static from => from.Length);

    /// <summary>The ranges to leave out, ascending; none where nothing has to be.</summary>
    internal List<AddressRange> Cheapest()
    {
        List<AddressRange> leftOut = [];
        int row = _rows.Count - 1;
        for (int unit = 0; unit < _units.Length;)
        {
            int last = row < 0 ? -1 : _rows[row][unit].Last;
            if (last < 0)
            {
                leftOut.Add(_units[unit++]);
                continue;
            }

            leftOut.AddRange(ClosedGaps(unit, last));
            unit = last + 1;
            row -= _bounded ? 1 : 0;
        }

        return leftOut;
    }

    /// <summary>What units lose one by one, those with least RAM left out: a bound on what the best way
    /// loses.</summary>
    private ulong LossWithoutJoining()
    {
        ulong lost = 0;
        List<ulong> rest = [];
        for (int unit = 0; unit < _units.Length; unit++)
        {
            GapsKept kept = new(_module.MaxReservedAreas);
            ulong closed = AddHoles(kept, _firstHole[unit], _holeEnd[unit]) ? kept.Closed : _unitRam[unit];
            closed = Math.Min(closed, _unitRam[unit]);
            lost += closed;
            rest.Add(_unitRam[unit] - closed);
        }

        rest.Sort();
        foreach (ulong ram in rest.Take(Math.Max(0, _units.Length - _module.MaxTdmrs)))
            lost += ram;
        return lost;
    }

    /// <summary>What TDMRs with about as many holes each lose: another bound.</summary>
    private ulong LossOfEvenTdmrs()
    {
        for (int most = _module.MaxReservedAreas; most <= _holes.Length; most += 1 + (most / 8))
        {
            ulong lost = 0;
            int tdmrs = 0;
            for (int first = 0; first < _units.Length; tdmrs++)
            {
                GapsKept kept = new(_module.MaxReservedAreas);
                int from = _firstHole[first];
                int to = from;
                int last = first;
                for (; last < _units.Length && (last == first || _holeEnd[last] - from <= most); last++)
                    to = Math.Max(to, _holeEnd[last]);
                if (!AddHoles(kept, from, to))
                    return ulong.MaxValue;
                lost += kept.Closed;
                first = last;
            }

            if (tdmrs <= _module.MaxTdmrs)
                return lost;
        }

        return ulong.MaxValue;
    }

    /// <summary>The TDMRs from each unit on, the shortest first, that lose no more than a bound.</summary>
    private TdmrChoice[][] PossibleTdmrs(ulong mostLost)
    {
        TdmrChoice[][] tdmrs = new TdmrChoice[_units.Length][];
        List<TdmrChoice> ways = [];
        for (int first = 0; first < _units.Length; first++)
        {
            ways.Clear();
            GapsKept kept = new(_module.MaxReservedAreas);
            int hole = _firstHole[first];
            for (int last = first; last < _units.Length && (last == first || _join || !_startsTdmr[last]); last++)
            {
                int holeEnd = Math.Max(hole, _holeEnd[last]);
                if (!AddHoles(kept, hole, holeEnd) || kept.Closed > mostLost)
                    break;
                hole = holeEnd;
                ulong size = _units[last].End - _units[first].Start;
                ways.Add(new(kept.Closed, PamtSizes.CalculateUnchecked(size, _module).TotalPages));
            }

            tdmrs[first] = [.. ways];
        }

        return tdmrs;
    }

    private Way[] AllLeftOut()
    {
        Way[] ways = new Way[_units.Length + 1];
        for (int unit = _units.Length - 1; unit >= 0; unit--)
            ways[unit] = ways[unit + 1].LeavingOut(_unitRam[unit]);
        return ways;
    }

    /// <summary>The best way on from each unit, where the units after a TDMR go on as another row says; without one, as
    /// this one does.</summary>
    private Way[] WaysFrom(Way[]? after)
    {
        Way[] ways = new Way[_units.Length + 1];
        for (int first = _units.Length - 1; first >= 0; first--)
        {
            Way best = ways[first + 1].LeavingOut(_unitRam[first]);
            int last = first;
            foreach (TdmrChoice tdmr in _tdmrs[first])
            {
                Way rest = (after ?? ways)[last + 1];
                Way way = new(rest.Lost + tdmr.Closed, rest.Pages + tdmr.Pages, rest.Tdmrs + 1, last++);
                if (way.IsBetterThan(best))
                    best = way;
            }

            ways[first] = best;
        }

        return ways;
    }

    /// <summary>Goes on to holes of a TDMR; false where even with all gaps closed there are too many.</summary>
    private bool AddHoles(GapsKept kept, int from, int to)
    {
        for (int hole = from; hole < to; hole++)
        {
            if (kept.Any)
                kept.Add(_gapRam[hole - 1]);
            kept.Any = true;
        }

        return !kept.Any || _module.MaxReservedAreas > 0;
    }

    /// <summary>The gaps of a TDMR that are closed: all but the largest, one fewer than areas are allowed.</summary>
    private IEnumerable<AddressRange> ClosedGaps(int first, int last)
    {
        int from = _firstHole[first];
        int gaps = Math.Max(from, _holeEnd[last]) - from - 1;
        int tooMany = gaps - (_module.MaxReservedAreas - 1);
        return tooMany <= 0
            ? []
            : Enumerable.Range(from, gaps)
                .OrderBy(gap => _gapRam[gap])
                .Take(tooMany)
                .Select(gap => AddressRange.Create(_holes[gap].End, _holes[gap + 1].Start))
                .OrderBy(static gap => gap.Start);
    }

    /// <summary>What a TDMR costs: RAM that is given up in it, and pages of PAMTs.</summary>
    private readonly record struct TdmrChoice(ulong Closed, ulong Pages);

    /// <summary>What the units from one on cost, and where the TDMR ends that it starts; -1 where it is left
    /// out.</summary>
    private readonly record struct Way(ulong Lost, ulong Pages, int Tdmrs, int Last)
    {
        internal bool IsBetterThan(Way other) =>
            Lost != other.Lost ? Lost < other.Lost
            : Pages != other.Pages ? Pages < other.Pages
            : Tdmrs < other.Tdmrs;

        internal Way LeavingOut(ulong ram) => new(Lost + ram, Pages, Tdmrs, -1);
    }

    /// <summary>The largest gaps between the holes of a TDMR, as many as can stay open.</summary>
    private sealed class GapsKept(int maxAreas)
    {
        private readonly ulong[] _largest = new ulong[Math.Max(0, maxAreas - 1)];
        private int _count;

        /// <summary>Whether there is any hole.</summary>
        internal bool Any { get; set; }

        /// <summary>The RAM in the gaps that are closed.</summary>
        internal ulong Closed { get; private set; }

        internal void Add(ulong ram)
        {
            int position = _count;
            if (_count < _largest.Length)
            {
                _count++;
            }
            else if (_count == 0 || ram <= _largest[_count - 1])
            {
                Closed += ram;
                return;
            }
            else
            {
                Closed += _largest[--position];
            }

            for (; position > 0 && _largest[position - 1] < ram; position--)
                _largest[position] = _largest[position - 1];
            _largest[position] = ram;
        }
    }
}
