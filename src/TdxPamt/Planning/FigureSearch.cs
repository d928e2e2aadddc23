using TdxPamt.Memory;
using TdxPamt.Tdmr;

namespace TdxPamt.Planning;

/// <summary>Looks for the fewest borders between TDMRs to add, or to take away, that give a number of PAMT pages.</summary>
internal sealed class FigureSearch
{
    private const int MostCauses = 8;
    private const int MostBorders = 4096;
    private const int MostChanges = 16;

    /// <summary>How many covers are looked at before the search gives up.</summary>
    private const int MostTried = 20_000;

    private const ulong LowMemoryEnd = 1UL << 32;

    private readonly AddressRange[] _cover;
    private readonly ModuleParameters _module;
    private readonly ulong _pages;
    private readonly bool _split;
    private readonly List<ulong> _borders;
    private readonly List<FigureCause> _causes = [];
    private int _tried;

    internal FigureSearch(AddressRange[] cover, ModuleParameters module, ulong pages)
    {
        _cover = cover;
        _module = module;
        _pages = pages;
        _split = pages > CoverSearch.PagesOf(cover, module);
        _borders = [.. (_split ? InnerBorders() : SharedBorders()).Take(MostBorders)];
    }

    internal FigureCause[] Find()
    {
        for (int changes = 1; changes <= MostChanges && _causes.Count == 0 && _tried < MostTried; changes++)
            Search(0, changes, []);
        return [.. _causes];
    }

    /// <summary>The GiB borders inside TDMRs, those in low memory first.</summary>
    private IEnumerable<ulong> InnerBorders()
    {
        foreach (AddressRange tdmr in _cover.OrderBy(static tdmr => tdmr.Start >= LowMemoryEnd))
        {
            for (ulong border = tdmr.Start + PageSizes.TdmrGranularity; border < tdmr.End;)
            {
                yield return border;
                border += PageSizes.TdmrGranularity;
            }
        }
    }

    /// <summary>The borders at which TDMRs touch.</summary>
    private IEnumerable<ulong> SharedBorders() =>
        _cover.Zip(_cover.Skip(1), static (left, right) => (left.End, right.Start))
            .Where(static pair => pair.End == pair.Start)
            .Select(static pair => pair.End);

    private void Search(int first, int changes, List<ulong> chosen)
    {
        if (changes == 0)
        {
            Try(chosen);
            return;
        }

        for (int i = first; i <= _borders.Count - changes; i++)
        {
            if (_causes.Count == MostCauses || _tried >= MostTried)
                return;
            chosen.Add(_borders[i]);
            Search(i + 1, changes - 1, chosen);
            chosen.RemoveAt(chosen.Count - 1);
        }
    }

    private void Try(List<ulong> chosen)
    {
        _tried++;
        AddressRange[] tdmrs = _split ? Split(chosen) : Joined(chosen);
        if (CoverSearch.PagesOf(tdmrs, _module) != _pages)
            return;
        _causes.Add(new(_split ? FigureCauseKind.SplitTdmrs : FigureCauseKind.JoinedTdmrs)
        {
            Tdmrs = new(tdmrs),
            Changed = new([.. tdmrs.Except(_cover)]),
        });
    }

    private AddressRange[] Split(List<ulong> borders)
    {
        List<AddressRange> tdmrs = [];
        foreach (AddressRange tdmr in _cover)
        {
            ulong start = tdmr.Start;
            foreach (ulong border in borders.Where(tdmr.Contains).OrderBy(static border => border))
            {
                tdmrs.Add(AddressRange.Create(start, border));
                start = border;
            }

            tdmrs.Add(AddressRange.Create(start, tdmr.End));
        }

        return [.. tdmrs];
    }

    private AddressRange[] Joined(List<ulong> borders)
    {
        List<AddressRange> tdmrs = [];
        foreach (AddressRange tdmr in _cover)
        {
            if (tdmrs.Count > 0 && borders.Contains(tdmr.Start))
                tdmrs[^1] = AddressRange.Create(tdmrs[^1].Start, tdmr.End);
            else
                tdmrs.Add(tdmr);
        }

        return [.. tdmrs];
    }
}
