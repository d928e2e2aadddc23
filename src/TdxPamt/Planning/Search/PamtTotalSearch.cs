namespace TdxPamt.Planning;

/// <summary>Looks for the fewest borders between TDMRs to add or to remove that give a number of PAMT pages.</summary>
internal sealed class PamtTotalSearch
{
    private const int MaxCauses = 8;
    private const int MaxBorders = 4096;
    private const ulong MaxChanges = 16;

    /// <summary>How many partitions are looked at for each number of borders.</summary>
    private const int MaxTried = 8_000;

    private readonly AddressRange[] _tdmrs;
    private readonly ModuleParameters _module;
    private readonly ulong _pages;
    private readonly bool _split;
    private readonly ulong _difference;
    private readonly List<ulong> _borders;
    private readonly List<PamtTotalCause> _causes = [];
    private int _tried;

    internal PamtTotalSearch(AddressRange[] tdmrs, ModuleParameters module, ulong pages)
    {
        _tdmrs = tdmrs;
        _module = module;
        _pages = pages;
        ulong planned = PartitionCost.PagesOf(tdmrs, module);
        _split = pages > planned;
        _difference = _split ? pages - planned : planned - pages;
        _borders = [.. (_split ? InnerBorders() : SharedBorders()).Take(MaxBorders)];
    }

    internal PamtTotalCause[] Find()
    {
        ulong max = PagesOfABorder();
        if (max == 0 || _difference > max * MaxChanges)
            return [];
        int min = (int)((_difference + max - 1) / max);
        for (int changes = min; changes <= (int)MaxChanges && _causes.Count == 0; changes++)
        {
            _tried = 0;
            Search(0, changes, []);
        }

        return [.. _causes];
    }

    /// <summary>How many pages one border makes at most: one for each page size whose PAMT for a GiB is no whole
    /// number of pages.</summary>
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
        foreach (AddressRange tdmr in _tdmrs)
        {
            for (ulong border = tdmr.Start + TdmrInfo.Alignment; border < tdmr.End; border += TdmrInfo.Alignment)
                yield return border;
        }
    }

    /// <summary>The borders of adjacent TDMRs.</summary>
    private IEnumerable<ulong> SharedBorders() =>
        _tdmrs.Zip(_tdmrs.Skip(1), static (left, right) => (left.End, right.Start))
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
            if (_causes.Count == MaxCauses || _tried >= MaxTried)
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
        if (PartitionCost.PagesOf(tdmrs, _module) != _pages)
            return;
        _causes.Add(new(_split ? PamtTotalCauseKind.SplitTdmrs : PamtTotalCauseKind.JoinedTdmrs)
        {
            Tdmrs = new(tdmrs),
            Changed = new([.. tdmrs.Except(_tdmrs)]),
        });
    }

    private AddressRange[] Split(List<ulong> borders)
    {
        List<AddressRange> tdmrs = [];
        foreach (AddressRange tdmr in _tdmrs)
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
        foreach (AddressRange tdmr in _tdmrs)
        {
            if (borders.Contains(tdmr.Start))
                tdmrs[^1] = AddressRange.Create(tdmrs[^1].Start, tdmr.End);
            else
                tdmrs.Add(tdmr);
        }

        return [.. tdmrs];
    }
}
