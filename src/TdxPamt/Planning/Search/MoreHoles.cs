namespace TdxPamt.Planning;

/// <summary>Holes of a page each that a TDMR could get besides those it has.</summary>
internal sealed class MoreHoles
{
    /// <summary>How many GiBs of a TDMR holes are put into, one at a time.</summary>
    private const int MaxGiB = 8;

    /// <summary>The largest stretch of RAM in the TDMR without PAMTs, and the GiBs with most of such RAM.</summary>
    private readonly AddressRange[] _rooms;

    /// <summary>The first GiB boundary with such RAM on both sides.</summary>
    private readonly ulong? _boundary;

    internal MoreHoles(HostMemory host, TdmrUsage tdmr)
    {
        AddressRange[] pamts =
        [
            .. tdmr.Areas
                .Where(static area => area.Source == ReservedAreaSource.Pamt)
                .Select(static area => area.Range),
        ];
        AddressRange[] ram = AddressRanges.Intersect(host.TdxMemoryRanges, [tdmr.Range]);
        AddressRange[] free = AddressRanges.Subtract(ram, pamts);
        _rooms =
        [
            .. free.OrderByDescending(static range => range.Size).Take(1),
            .. free.SelectMany(FirstAndLastGiB).Distinct().OrderByDescending(static range => range.Size).Take(MaxGiB),
        ];
        foreach (AddressRange range in free)
        {
            ulong boundary = NextBoundary(range.Start);
            if (_boundary is null && boundary + AddressRange.PageBytes < range.End)
                _boundary = boundary;
        }
    }

    /// <summary>Where a number of holes may come to lie: in the largest stretch of RAM, in one GiB and another, and
    /// with one of them on a GiB boundary, where it may end a TDMR. Fewer where there is no RAM for more.</summary>
    internal IEnumerable<AddressRange[]> Placed(int count)
    {
        foreach (AddressRange room in _rooms)
            yield return Spread(room, count);
        if (_boundary is not { } boundary)
            yield break;
        AddressRange hole = AddressRange.Create(boundary, boundary + AddressRange.PageBytes);
        yield return AddressRanges.Union(Spread(_rooms[0], count - 1), [hole]);
    }

    private static IEnumerable<AddressRange> FirstAndLastGiB(AddressRange range)
    {
        ulong last = (range.End - 1) / TdmrInfo.Alignment * TdmrInfo.Alignment;
        yield return AddressRange.Create(range.Start, Math.Min(range.End, NextBoundary(range.Start)));
        yield return AddressRange.Create(Math.Max(range.Start, last), range.End);
    }

    /// <summary>The first GiB boundary above an address.</summary>
    internal static ulong NextBoundary(ulong address) =>
        (address / TdmrInfo.Alignment * TdmrInfo.Alignment) + TdmrInfo.Alignment;

    /// <summary>Holes at equal distances, none of which begins or ends on a GiB boundary.</summary>
    private static AddressRange[] Spread(AddressRange room, int count)
    {
        int fitting = (int)Math.Min((ulong)count, room.Pages / 4);
        List<AddressRange> holes = [];
        for (int i = 1; i <= fitting; i++)
        {
            ulong page = (ulong)i * (room.Pages / (ulong)(fitting + 1));
            ulong start = room.Start + (page * AddressRange.PageBytes);
            if (start % TdmrInfo.Alignment == 0)
                start += AddressRange.PageBytes;
            else if ((start + AddressRange.PageBytes) % TdmrInfo.Alignment == 0)
                start -= AddressRange.PageBytes;
            holes.Add(AddressRange.Create(start, start + AddressRange.PageBytes));
        }

        return [.. holes];
    }
}
