namespace TdxPamt.Planning;

/// <summary>The cheapest TDMRs over some memory whose holes stay within the limits: dynamic programming over its GiB
/// boundaries, from the last to the first.</summary>
/// <remarks>Areas beyond the limit are those of single units, which no TDMR with another unit can hold: every cover has
/// them, so they cost nothing.</remarks>
internal sealed class CoverSearch
{
    private readonly AddressRange[] _units;
    private readonly bool[] _startsTdmr;
    private readonly int[] _areasBelowStart;
    private readonly int[] _areasBelowEnd;
    private readonly int _limit;
    private readonly int _maxTdmrs;
    private readonly bool _join;
    private readonly ModuleParameters _module;

    /// <summary>The TDMRs that can start at each unit, the shortest first.</summary>
    private readonly Way[][] _ways;

    /// <summary>The least cost from a unit on: of any number of TDMRs or, by row, of at most so many.</summary>
    private CoverCost[][] _least;
    private bool _bounded;

    /// <summary>Sets the search up.</summary>
    /// <param name="kernelCover">The kernel's TDMRs, ascending.</param>
    /// <param name="areas">The areas to stay within the limit with, ascending.</param>
    /// <param name="module">The limits, and what PAMTs cost.</param>
    /// <param name="split">Whether TDMRs may be split.</param>
    /// <param name="join">Whether neighbouring TDMRs may be joined.</param>
    internal CoverSearch(
        AddressRange[] kernelCover, AddressRange[] areas, ModuleParameters module, bool split, bool join)
    {
        _units = split ? CoverUnits.Of(kernelCover, areas) : kernelCover;
        _limit = module.MaxReservedAreas;
        _maxTdmrs = module.MaxTdmrs;
        _join = join;
        _module = module;
        _startsTdmr = Array.ConvertAll(_units, unit => CoverUnits.StartsTdmr(kernelCover, unit));
        _areasBelowStart = Array.ConvertAll(
            _units, unit => AddressRanges.FirstEndingAbove(areas, unit.Start));
        _areasBelowEnd = Array.ConvertAll(_units, unit => CoverUnits.FirstStartingFrom(areas, unit.End));
        _ways = [.. Enumerable.Range(0, _units.Length).Select(WaysFrom)];
        _least = [LeastFrom(after: null, _ways)];
        LeastUnbounded = Least;
        if (Least.Tdmrs > _maxTdmrs)
            BoundTdmrs();
    }

    /// <summary>What the cheapest cover costs; <see cref="CoverCost.Infinite"/> where there is none with so few TDMRs.
    /// </summary>
    internal CoverCost Least => _least[^1][0];

    /// <summary>What the cheapest cover costs with as many TDMRs as it takes.</summary>
    internal CoverCost LeastUnbounded { get; }

    /// <summary>How many units there are to cut at.</summary>
    internal int Units => _units.Length;

    /// <summary>How many TDMRs were looked at for each number of TDMRs, where that is bounded at a price.</summary>
    internal int WaysAtPrice { get; private set; }

    /// <summary>The cheapest cover, where there is one.</summary>
    internal AddressRange[] Cheapest()
    {
        List<AddressRange> cover = [];
        int row = _least.Length - 1;
        for (int unit = 0; unit < _units.Length; row--)
        {
            int last = unit;
            while (CostOf(unit, last) + RestAfter(last, row) != RowOf(row)[unit])
                last++;
            cover.Add(AddressRange.Create(_units[unit].Start, _units[last].End));
            unit = last + 1;
        }

        return [.. cover];
    }

    /// <summary>What a cover costs, its holes aside.</summary>
    internal CoverCost CostOf(AddressRange[] cover) => new(PagesOf(cover, _module), cover.Length, 0);

    /// <summary>How many pages the PAMTs of a cover take.</summary>
    internal static ulong PagesOf(AddressRange[] cover, ModuleParameters module)
    {
        ulong pages = 0;
        foreach (AddressRange tdmr in cover)
            pages += PamtSizes.CalculateUnchecked(tdmr.Size, module).TotalPages;
        return pages;
    }

    /// <summary>Tries covers that cost less than any that was good before, until there are no more of them.</summary>
    /// <param name="most">How many to try.</param>
    /// <param name="isGood">Says whether a cover works.</param>
    /// <param name="below">What they must cost less than; null: anything.</param>
    internal void Search(int most, Func<AddressRange[], bool> isGood, CoverCost? below = null)
    {
        CoverCost bound = below ?? CoverCost.Infinite;
        Descend(0, _least.Length - 1, default, [], ref bound, ref most, isGood);
    }

    private void Descend(
        int unit,
        int row,
        CoverCost cost,
        List<AddressRange> cover,
        ref CoverCost bound,
        ref int most,
        Func<AddressRange[], bool> isGood)
    {
        if (unit == _units.Length)
        {
            most--;
            if (isGood([.. cover]))
                bound = cost;
            return;
        }

        if (cover.Count == _maxTdmrs)
            return;
        List<(CoverCost Total, CoverCost Cost, int Last)> ways = [];
        for (int last = unit; last < _units.Length && CanEndAt(unit, last); last++)
        {
            CoverCost next = cost + CostOf(unit, last);
            ways.Add((next + RestAfter(last, row), next, last));
        }

        ways.Sort(static (left, right) =>
            left.Total != right.Total ? left.Total.CompareTo(right.Total) : left.Last.CompareTo(right.Last));
        foreach ((CoverCost total, CoverCost next, int last) in ways)
        {
            if (most == 0 || !total.IsBelow(bound))
                return;
            cover.Add(AddressRange.Create(_units[unit].Start, _units[last].End));
            Descend(last + 1, row - 1, next, cover, ref bound, ref most, isGood);
            cover.RemoveAt(cover.Count - 1);
        }
    }

    /// <summary>The least cost from the unit after a TDMR's last one on, where so many rows are left.</summary>
    private CoverCost RestAfter(int last, int row) =>
        last + 1 == _units.Length ? default
        : row == 0 && _bounded ? CoverCost.Infinite
        : RowOf(row - 1)[last + 1];

    private CoverCost[] RowOf(int row) => _bounded ? _least[row] : _least[0];

    private bool CanEndAt(int first, int last) =>
        first == last || ((_join || !_startsTdmr[last]) && AreasOf(first, last) <= _limit);

    private int AreasOf(int first, int last) => Math.Max(0, _areasBelowEnd[last] - _areasBelowStart[first]);

    private CoverCost CostOf(int first, int last)
    {
        int areas = AreasOf(first, last);
        PamtSizes sizes = PamtSizes.CalculateUnchecked(_units[last].End - _units[first].Start, _module);
        return new(sizes.TotalPages, Tdmrs: 1, areas);
    }

    private Way[] WaysFrom(int first)
    {
        int last = first;
        while (last + 1 < _units.Length && CanEndAt(first, last + 1))
            last++;
        Way[] ways = new Way[last - first + 1];
        for (int i = 0; i < ways.Length; i++)
        {
            ulong size = _units[first + i].End - _units[first].Start;
            ways[i] = new(first + i, PamtSizes.CalculateUnchecked(size, _module).TotalPages);
        }

        return ways;
    }

    /// <summary>The least cost from each unit on, where the rest costs what another row says; without one, itself.
    /// </summary>
    private CoverCost[] LeastFrom(CoverCost[]? after, Way[][] waysFrom)
    {
        CoverCost[] least = new CoverCost[_units.Length + 1];
        after ??= least;
        for (int first = _units.Length - 1; first >= 0; first--)
        {
            CoverCost best = CoverCost.Infinite;
            foreach (Way way in waysFrom[first])
            {
                ref CoverCost rest = ref after[way.Last + 1];
                if (way.Pages > best.Pages || rest.Pages > best.Pages - way.Pages)
                    continue;
                int areas = AreasOf(first, way.Last);
                CoverCost cost = new CoverCost(way.Pages, Tdmrs: 1, areas) + rest;
                if (cost.IsBelow(best))
                    best = cost;
            }

            least[first] = best;
        }

        return least;
    }

    /// <summary>Works out the least cost with at most 1, 2, ... TDMRs, because without a bound there are too
    /// many.</summary>
    /// <remarks>At a price for each TDMR, the best cover with a TDMR is soon found for all of them. With no more TDMRs
    /// than there may be, a cover has at least those pages and prices less the price of so many TDMRs: TDMRs with which
    /// that is more than the best cover takes are left out, and so it is the best of all.</remarks>
    private void BoundTdmrs()
    {
        _bounded = true;
        if (FewestTdmrs() > _maxTdmrs)
            _least = [[CoverCost.Infinite]];
        else if (_units.Length <= LayoutSearch.SmallUnits)
            _least = BoundedRows(_ways);
        else
            BoundTdmrsAt(Price());
    }

    private void BoundTdmrsAt(ulong price)
    {
        (ulong[] from, _) = PricedFrom(price);
        ulong[] before = PricedBefore(price);
        ulong slack = 1 + (price / 4);
        do
        {
            ulong most = from[0] + slack;
            Way[][] ways = new Way[_units.Length][];
            for (int first = 0; first < ways.Length; first++)
            {
                ulong rest = before[first] + price;
                ways[first] = Array.FindAll(_ways[first], way => rest + way.Pages + from[way.Last + 1] <= most);
            }

            WaysAtPrice += ways.Sum(static from => from.Length);
            _least = BoundedRows(ways);
            slack *= 4;
        }
        while (Least == CoverCost.Infinite || Least.Pages + (price * (ulong)_maxTdmrs) > from[0] + (slack / 4));
    }

    private CoverCost[][] BoundedRows(Way[][] ways)
    {
        CoverCost[] none = new CoverCost[_units.Length + 1];
        none.AsSpan(0, _units.Length).Fill(CoverCost.Infinite);
        CoverCost[][] rows = new CoverCost[Math.Min(_maxTdmrs, _units.Length)][];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = LeastFrom(row == 0 ? none : rows[row - 1], ways);
        return rows;
    }

    private int FewestTdmrs()
    {
        int tdmrs = 0;
        for (int unit = 0; unit < _units.Length; tdmrs++)
            unit = _ways[unit][^1].Last + 1;
        return tdmrs;
    }

    /// <summary>About the least price for each TDMR at which there are not too many in the cheapest cover.</summary>
    private ulong Price()
    {
        ulong tooLow = 0;
        ulong enough = PamtSizes.CalculateUnchecked(TdmrInfo.Alignment, _module).TotalPages;
        while (PricedFrom(enough).Tdmrs > _maxTdmrs)
        {
            tooLow = enough;
            enough *= 2;
        }

        while (enough - tooLow > 1 + (enough / 16))
        {
            ulong middle = tooLow + ((enough - tooLow) / 2);
            int tdmrs = PricedFrom(middle).Tdmrs;
            if (tdmrs > _maxTdmrs)
                tooLow = middle;
            else
                enough = middle;
            if (tdmrs == _maxTdmrs)
                break;
        }

        return enough;
    }

    /// <summary>The fewest pages and prices from each unit on, and how many TDMRs that are from the first on.</summary>
    private (ulong[] Least, int Tdmrs) PricedFrom(ulong price)
    {
        ulong[] least = new ulong[_units.Length + 1];
        int[] tdmrs = new int[_units.Length + 1];
        for (int first = _units.Length - 1; first >= 0; first--)
        {
            ulong best = ulong.MaxValue;
            foreach (Way way in _ways[first])
            {
                ulong pages = way.Pages + least[way.Last + 1];
                if (pages > best || (pages == best && tdmrs[way.Last + 1] >= tdmrs[first]))
                    continue;
                best = pages;
                tdmrs[first] = tdmrs[way.Last + 1];
            }

            least[first] = best + price;
            tdmrs[first]++;
        }

        return (least, tdmrs[0]);
    }

    /// <summary>The fewest pages and prices up to each unit.</summary>
    private ulong[] PricedBefore(ulong price)
    {
        ulong[] least = new ulong[_units.Length + 1];
        least.AsSpan(1).Fill(ulong.MaxValue);
        for (int first = 0; first < _units.Length; first++)
        {
            foreach (Way way in _ways[first])
                least[way.Last + 1] = Math.Min(least[way.Last + 1], least[first] + way.Pages + price);
        }

        return least;
    }

    /// <summary>A TDMR that can start at a unit: its last unit, and the pages of its PAMTs.</summary>
    private readonly record struct Way(int Last, ulong Pages);
}
