using System.Runtime.CompilerServices;

namespace TdxPamt.Planning;

/// <summary>The least RAM to exclude so that holes and TDMRs stay within the limits, PAMTs aside: dynamic programming
/// over the units that TDMRs are put together from.</summary>
/// <remarks>A unit can be excluded whole, and so can the RAM between two holes of a TDMR, which makes the two one. Two
/// greedy solutions give an upper bound, beyond which TDMRs are not looked at.</remarks>
internal sealed class RamExclusionSearch(RamExclusionUnits units, bool join)
{
    private readonly int _maxTdmrs = units.Module.MaxTdmrs;
    private readonly int _maxAreas = units.Module.MaxReservedAreas;

    /// <summary>Up to that many cells a table with a row for each number of TDMRs is exact.</summary>
    internal const long MaxCells = 1 << 20;

    /// <summary>Where more comparisons than that would fill the exact table, there is none.</summary>
    internal const long MaxComparisons = 1 << 24;

    /// <summary>About how many comparisons a TDMR costs that may be chosen.</summary>
    private const int StepsEach = 16;

    /// <summary>A TDMR may always have this many units, however many there are.</summary>
    private const int MinLength = 64;

    /// <summary>Looks for the ranges to exclude, ascending; none where nothing has to be.</summary>
    /// <param name="steps">Where to count what is done.</param>
    internal List<AddressRange> Run(SearchSteps steps)
    {
        Candidate[][] candidates = Candidates();
        foreach (Candidate[] from in candidates)
            steps.Take(StepsEach * from.Length);
        Choice[] unbounded = Row(candidates, after: null, multiplier: 0);
        if (unbounded[0].Tdmrs <= _maxTdmrs)
            return Excluded([unbounded], isBounded: false);
        (ulong tooLow, ulong multiplier) = FindMultiplier(candidates);
        Choice[] relaxed = Row(candidates, after: null, multiplier);
        if ((long)_maxTdmrs * units.Count <= MaxCells && Bounded(candidates, relaxed, multiplier) is { } rows)
            return Excluded(rows, isBounded: true);
        Choice[] largest = WithLargest(Row(candidates, after: null, tooLow));
        return Excluded([largest[0].IsBetterThan(relaxed[0], multiplier: 0) ? largest : relaxed], isBounded: false);
    }

    /// <summary>The rows for each number of TDMRs, by Lagrangian relaxation as in <see cref="PartitionRelaxation"/>:
    /// with each TDMR at the price of a number of bytes, the multiplier, most candidates are on no path that is near
    /// the cheapest one. Null where too many are.</summary>
    private List<Choice[]>? Bounded(Candidate[][] candidates, Choice[] relaxed, ulong multiplier)
    {
        ulong[] toUnit = CheapestTo(candidates, multiplier);
        ulong min = relaxed[0].Relaxed(multiplier);
        for (ulong gap = 1 + (multiplier / 4); ; gap *= 4)
        {
            Candidate[][] near = new Candidate[candidates.Length][];
            long count = 0;
            for (int first = 0; first < near.Length; first++)
            {
                ulong before = toUnit[first] + multiplier;
                near[first] = Array.FindAll(candidates[first], tdmr =>
                    before + tdmr.Excluded + relaxed[tdmr.End].Relaxed(multiplier) <= min + gap);
                count += near[first].Length;
            }

            if (count * _maxTdmrs > MaxComparisons)
                return null;

            List<Choice[]> rows = [Row(near, AllExcluded(), multiplier: 0)];
            while (rows.Count < Math.Min(_maxTdmrs, units.Count))
                rows.Add(Row(near, rows[^1], multiplier: 0));
            if (rows[^1][0].Excluded + (multiplier * (ulong)rows.Count) <= min + gap)
                return rows;
        }
    }

    /// <summary>The choices with too many TDMRs less those that keep least RAM.</summary>
    private Choice[] WithLargest(Choice[] choices)
    {
        List<(ulong Kept, int First)> tdmrs = [];
        for (int unit = 0; unit < units.Count;)
        {
            int end = choices[unit].End;
            if (end != Choice.NoTdmr)
            {
                ulong ram = 0;
                for (int i = unit; i < end; i++)
                    ram += units.Ram[i];
                tdmrs.Add((ram - (choices[unit].Excluded - choices[end].Excluded), unit));
            }

            unit = end == Choice.NoTdmr ? unit + 1 : end;
        }

        tdmrs.Sort(static (left, right) =>
            left.Kept != right.Kept ? left.Kept.CompareTo(right.Kept) : right.First.CompareTo(left.First));
        ulong excluded = choices[0].Excluded;
        foreach ((ulong kept, int first) in tdmrs.Take(tdmrs.Count - _maxTdmrs))
        {
            excluded += kept;
            for (int unit = first, end = choices[first].End; unit < end; unit++)
                choices[unit] = choices[unit] with { End = Choice.NoTdmr };
        }

        choices[0] = choices[0] with { Excluded = excluded, Tdmrs = _maxTdmrs };
        return choices;
    }

    /// <summary>About the least multiplier at which the cheapest choice keeps the number of TDMRs, and one just below:
    /// doubling, then bisection.</summary>
    private (ulong TooLow, ulong Enough) FindMultiplier(Candidate[][] candidates)
    {
        ulong tooLow = 0;
        ulong enough = AddressRange.PageBytes;
        Choice[] row = new Choice[units.Count + 1];
        while (Fill(row, candidates, row, enough).Tdmrs > _maxTdmrs)
        {
            tooLow = enough;
            enough *= 4;
        }

        while (enough - tooLow > 1 + (enough / 16))
        {
            ulong middle = tooLow + ((enough - tooLow) / 2);
            int tdmrs = Fill(row, candidates, row, middle).Tdmrs;
            if (tdmrs > _maxTdmrs)
                tooLow = middle;
            else
                enough = middle;
            if (tdmrs == _maxTdmrs)
                break;
        }

        return (tooLow, enough);
    }

    /// <summary>The least price of what lies below each unit.</summary>
    private ulong[] CheapestTo(Candidate[][] candidates, ulong multiplier)
    {
        ulong[] prices = new ulong[units.Count + 1];
        prices.AsSpan(1).Fill(ulong.MaxValue);
        for (int first = 0; first < units.Count; first++)
        {
            prices[first + 1] = Math.Min(prices[first + 1], prices[first] + units.Ram[first]);
            foreach (Candidate tdmr in candidates[first])
                prices[tdmr.End] = Math.Min(prices[tdmr.End], prices[first] + tdmr.Excluded + multiplier);
        }

        return prices;
    }

    /// <summary>The TDMRs from each unit on, the shortest first, that exclude no more than the upper bound.</summary>
    internal Candidate[][] Candidates()
    {
        ulong maxExcluded = join ? Math.Min(BoundOfSingleUnits(), BoundOfEvenTdmrs()) : BoundOfSingleUnits();
        int maxLength = Math.Max(MinLength, (int)(MaxCells / 2 / Math.Max(1, units.Count)));
        Candidate[][] candidates = new Candidate[units.Count][];
        List<Candidate> from = [];
        for (int first = 0; first < units.Count; first++)
        {
            from.Clear();
            OpenGaps gaps = new(_maxAreas);
            int hole = units.FirstHole(first);
            int end = Math.Min(units.Count, first + maxLength);
            for (int last = first; last < end && (last == first || join || !units.StartsTdmr[last]); last++)
            {
                int holeEnd = Math.Max(hole, units.HoleEnd(last));
                if (!units.TryAddHoles(gaps, hole, holeEnd) || gaps.ClosedBytes > maxExcluded)
                    break;
                hole = holeEnd;
                ulong size = units.Ranges[last].End - units.Ranges[first].Start;
                from.Add(new(
                    last + 1, gaps.ClosedBytes, PamtSizes.CalculateUnchecked(size, units.Module).TotalPages));
            }

            candidates[first] = [.. from];
        }

        return candidates;
    }

    /// <summary>An upper bound: each unit is a TDMR of its own, and those with least RAM are excluded where there
    /// are too many.</summary>
    private ulong BoundOfSingleUnits()
    {
        ulong excluded = 0;
        List<ulong> rest = [];
        for (int unit = 0; unit < units.Count; unit++)
        {
            OpenGaps gaps = new(_maxAreas);
            ulong ram = units.Ram[unit];
            ulong closed =
                units.TryAddHoles(gaps, units.FirstHole(unit), units.HoleEnd(unit)) ? gaps.ClosedBytes : ram;
            closed = Math.Min(closed, ram);
            excluded += closed;
            rest.Add(ram - closed);
        }

        rest.Sort();
        foreach (ulong ram in rest.Take(Math.Max(0, units.Count - _maxTdmrs)))
            excluded += ram;
        return excluded;
    }

    /// <summary>Another upper bound: TDMRs with about as many holes each, the fewest with which there are not
    /// too many TDMRs.</summary>
    private ulong BoundOfEvenTdmrs()
    {
        for (int maxHoles = _maxAreas; maxHoles <= units.HoleCount; maxHoles += 1 + (maxHoles / 8))
        {
            ulong excluded = 0;
            int tdmrs = 0;
            for (int first = 0; first < units.Count; tdmrs++)
            {
                OpenGaps gaps = new(_maxAreas);
                int from = units.FirstHole(first);
                int to = from;
                int end = first;
                for (; end < units.Count && (end == first || units.HoleEnd(end) - from <= maxHoles); end++)
                    to = Math.Max(to, units.HoleEnd(end));
                if (!units.TryAddHoles(gaps, from, to))
                    return ulong.MaxValue;
                excluded += gaps.ClosedBytes;
                first = end;
            }

            if (tdmrs <= _maxTdmrs)
                return excluded;
        }

        return ulong.MaxValue;
    }

    /// <summary>The row for no TDMR.</summary>
    private Choice[] AllExcluded()
    {
        Choice[] row = new Choice[units.Count + 1];
        for (int unit = units.Count - 1; unit >= 0; unit--)
            row[unit] = row[unit + 1].Excluding(units.Ram[unit]);
        return row;
    }

    /// <summary>The best choice at each unit, where the units after a TDMR go on as another row says; without one, as
    /// this row says.</summary>
    private Choice[] Row(Candidate[][] candidates, Choice[]? after, ulong multiplier)
    {
        Choice[] row = new Choice[units.Count + 1];
        Fill(row, candidates, after ?? row, multiplier);
        return row;
    }

    /// <summary>Bellman's recursion.</summary>
    /// <param name="row">The row to fill.</param>
    /// <param name="candidates">The TDMRs that may be chosen.</param>
    /// <param name="after">How the units after a TDMR go on: another row, or the same.</param>
    /// <param name="multiplier">The price of a TDMR, in bytes.</param>
    /// <returns>The best choice for all units.</returns>
    private Choice Fill(Choice[] row, Candidate[][] candidates, Choice[] after, ulong multiplier)
    {
        row[units.Count] = default;
        for (int first = units.Count - 1; first >= 0; first--)
        {
            Choice best = row[first + 1].Excluding(units.Ram[first]);
            ulong price = best.Relaxed(multiplier);
            foreach (ref readonly Candidate tdmr in candidates[first].AsSpan())
            {
                // Longer TDMRs exclude no less.
                if (tdmr.Excluded + multiplier > price)
                    break;
                ref readonly Choice rest = ref after[tdmr.End];
                ulong excluded = rest.Excluded + tdmr.Excluded;
                ulong relaxed = excluded + (multiplier * ((ulong)rest.Tdmrs + 1));
                if (relaxed > price)
                    continue;
                Choice choice = new(excluded, rest.Pages + tdmr.Pages, rest.Tdmrs + 1, tdmr.End);
                if (relaxed == price && !choice.IsBetterThan(best, multiplier))
                    continue;
                best = choice;
                price = relaxed;
            }

            row[first] = best;
        }

        return row[0];
    }

    /// <summary>What the choices from the first unit on exclude, ascending.</summary>
    private List<AddressRange> Excluded(List<Choice[]> rows, bool isBounded)
    {
        List<AddressRange> excluded = [];
        int row = rows.Count - 1;
        for (int unit = 0; unit < units.Count;)
        {
            int end = row < 0 ? Choice.NoTdmr : rows[row][unit].End;
            if (end == Choice.NoTdmr)
            {
                excluded.Add(units.Ranges[unit++]);
                continue;
            }

            excluded.AddRange(units.ClosedGaps(unit, end));
            unit = end;
            row -= isBounded ? 1 : 0;
        }

        return excluded;
    }

    /// <summary>A TDMR that can start at a unit: the unit after its last one, the RAM that is excluded in it, in bytes,
    /// and the pages of its PAMTs.</summary>
    internal readonly record struct Candidate(int End, ulong Excluded, ulong Pages);

    /// <summary>What the units from one on exclude and cost, and where the TDMR ends that starts there.</summary>
    private readonly record struct Choice(ulong Excluded, ulong Pages, int Tdmrs, int End)
    {
        /// <summary>The end where the unit is excluded.</summary>
        internal const int NoTdmr = -1;

        /// <summary>The bytes with each TDMR at a price in bytes. The cheapest choice is never above all RAM, so the
        /// sum does not wrap.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal ulong Relaxed(ulong multiplier) => Excluded + (multiplier * (ulong)Tdmrs);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal bool IsBetterThan(Choice other, ulong multiplier) =>
            Relaxed(multiplier) != other.Relaxed(multiplier) ? Relaxed(multiplier) < other.Relaxed(multiplier)
            : multiplier > 0 && Tdmrs != other.Tdmrs ? Tdmrs < other.Tdmrs
            : Pages != other.Pages ? Pages < other.Pages
            : Tdmrs < other.Tdmrs;

        internal Choice Excluding(ulong ram) => new(Excluded + ram, Pages, Tdmrs, NoTdmr);
    }
}
