using TdxPamt.Memory;
using TdxPamt.Tdmr;

namespace TdxPamt.Planning;

/// <summary>The cheapest TDMRs over some memory whose holes stay within the limits: dynamic programming over its GiB
/// boundaries, from the last to the first.</summary>
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
            _units, unit => AddressRangeSearch.FirstEndingAbove(areas, unit.Start));
        _areasBelowEnd = Array.ConvertAll(_units, unit => CoverUnits.FirstStartingFrom(areas, unit.End));
        _least = [LeastFrom(after: null)];
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
    internal CoverCost CostOf(AddressRange[] cover) => new(0, PagesOf(cover, _module), cover.Length, 0);

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
        if (Least == CoverCost.Infinite)
            return;
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
            CoverCost rest = RestAfter(last, row);
            if (next + rest < bound)
                ways.Add((next + rest, next, last));
        }

        ways.Sort(static (left, right) =>
            left.Total != right.Total ? left.Total.CompareTo(right.Total) : left.Last.CompareTo(right.Last));
        foreach ((CoverCost total, CoverCost next, int last) in ways)
        {
            if (most == 0 || total >= bound)
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
        return new(Math.Max(0, areas - _limit), sizes.TotalPages, Tdmrs: 1, areas);
    }

    /// <summary>The least cost from each unit on, where the rest costs what another row says; without one, itself.
    /// </summary>
    private CoverCost[] LeastFrom(CoverCost[]? after)
    {
        CoverCost[] least = new CoverCost[_units.Length];
        for (int first = _units.Length - 1; first >= 0; first--)
        {
            least[first] = CoverCost.Infinite;
            for (int last = first; last < _units.Length && CanEndAt(first, last); last++)
            {
                CoverCost rest = last + 1 == _units.Length ? default : (after ?? least)[last + 1];
                if (rest == CoverCost.Infinite)
                    continue;
                CoverCost cost = CostOf(first, last) + rest;
                if (cost < least[first])
                    least[first] = cost;
            }
        }

        return least;
    }

    /// <summary>Works out the least cost with at most 1, 2, ... TDMRs, because without a bound there are too
    /// many.</summary>
    private void BoundTdmrs()
    {
        CoverCost[] none = Array.ConvertAll(_units, static _ => CoverCost.Infinite);
        List<CoverCost[]> rows = [LeastFrom(none)];
        while (rows.Count < Math.Min(_maxTdmrs, _units.Length))
            rows.Add(LeastFrom(rows[^1]));
        _least = [.. rows];
        _bounded = true;
    }
}
