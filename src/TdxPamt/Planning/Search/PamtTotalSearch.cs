namespace TdxPamt.Planning;

/// <summary>Looks for the fewest borders between TDMRs to add, or to take away, that give a number of PAMT
/// pages.</summary>
internal sealed class PamtTotalSearch
{
    private const int MostCauses = 8;
    private const int MostBorders = 4096;
    private const ulong MostChanges = 16;

    /// <summary>How many covers are looked at for each number of borders.</summary>
    private const int MostTried = 8_000;

    private readonly AddressRange[] _cover;
    private readonly ModuleParameters _module;
    private readonly ulong _pages;
    private readonly bool _split;
    private readonly List<ulong> _borders;
    private readonly List<PamtTotalCause> _causes = [];
    private int _tried;

    internal PamtTotalSearch(AddressRange[] cover, ModuleParameters module, ulong pages)
    {
        _cover = cover;
        _module = module;
        _pages = pages;
        _split = pages > CoverSearch.PagesOf(cover, module);
        _borders = [.. (_split ? InnerBorders() : SharedBorders()).Take(MostBorders)];
    }

    internal PamtTotalCause[] Find()
    {
        ulong planned = CoverSearch.PagesOf(_cover, _module);
        ulong difference = _split ? _pages - planned : planned - _pages;
        ulong most = PagesOfABorder();
        if (most == 0 || difference > most * MostChanges)
            return [];
        int fewest = (int)((difference + most - 1) / most);
        for (int changes = fewest; changes <= (int)MostChanges && _causes.Count == 0; changes++)
        {
            _tried = 0;
            Search(0, changes, []);
        }

        return [.. _causes];
    }

    /// <summary>How many pages one border makes at most: one for each page size whose PAMT for a GiB is no whole number
    /// of pages.</summary>
    private ulong PagesOfABorder()
    {
        PamtEntrySizes entries = _module.PamtEntrySizes;
        ulong perGiB2M = TdmrInfo.Alignment / PageSize.Page2M.Bytes() * (ulong)entries.Page2M;
        return (perGiB2M % AddressRange.PageBytes == 0 ? 0UL : 1)
            + ((ulong)entries.Page1G % AddressRange.PageBytes == 0 ? 0UL : 1);
    }

    /// <summary>The GiB borders inside TDMRs, ascending: those in low memory come first.</summary>
    private IEnumerable<ulong> InnerBorders()
    {
        foreach (AddressRange tdmr in _cover)
        {
            for (ulong border = tdmr.Start + TdmrInfo.Alignment; border < tdmr.End;)
            {
                yield return border;
                border += TdmrInfo.Alignment;
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
        _causes.Add(new(_split ? PamtTotalCauseKind.SplitTdmrs : PamtTotalCauseKind.JoinedTdmrs)
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
            if (borders.Contains(tdmr.Start))
                tdmrs[^1] = AddressRange.Create(tdmrs[^1].Start, tdmr.End);
            else
                tdmrs.Add(tdmr);
        }

        return [.. tdmrs];
    }
}
