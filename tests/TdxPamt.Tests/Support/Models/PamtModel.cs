using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>The pages of TDMR 2 of <see cref="SampleTdmrs"/> as lists of what is in use:
/// what the PAMTs must say.</summary>
internal sealed class PamtModel(bool dynamic)
{
    private const ulong Page = SampleTdmrs.Page;
    private const ulong MiB = SampleTdmrs.MiB;
    private const ulong Base = 8 * SampleTdmrs.GiB;
    private const ulong RegionBytes = 2 * MiB;

    /// <summary>Reserved pages of the sample.</summary>
    private static readonly ulong[] Reserved = [Base + MiB, Base + RegionBytes];

    private readonly List<(ulong Address, PageSize Size, ulong Owner)> _used = [];
    private readonly Dictionary<ulong, (ulong Page0, ulong Page1)> _pairs = [];

    /// <summary>The pages that are tried: at the edges of some regions and of their halves.</summary>
    internal static ulong[] Pages { get; } =
    [
        .. from region in new ulong[] { 0, 1, 2, 3, 512, 513 }
           from page in new ulong[] { 0, 1, 254, 255, 256, 257, 511 }
           select Base + (region * RegionBytes) + (page * Page),
    ];

    internal static ulong RandomPage(Random random) => Pages[random.Next(Pages.Length)];

    internal ulong Assign(ulong address, PageSize size, ulong owner)
    {
        ulong end = address + size.Bytes();
        bool free = !_used.Exists(used => used.Address < end && address < used.Address + used.Size.Bytes())
            && !Reserved.Any(page => page >= address && page < end)
            && !PairPages.Any(page => page >= address && page < end);
        bool paired = size != PageSize.Page4K
            && _pairs.Keys.Any(region => region < end && address < region + RegionBytes);
        bool lacksPair = dynamic && size == PageSize.Page4K && !_pairs.ContainsKey(RegionOf(address));
        if (lacksPair && !LargePageAt(RegionOf(address)))
            return 0x8000030800000001;
        if (!free || paired)
            return 0xC000030000000001;
        _used.Add((address, size, owner));
        return 0;
    }

    internal ulong Reclaim(ulong page)
    {
        int at = _used.FindIndex(used => page >= used.Address && page < used.Address + used.Size.Bytes());
        if (at < 0)
            return 0xC000030000000001;
        if (page != _used[at].Address)
            return 0xC000010000000001;
        _used.RemoveAt(at);
        return 0;
    }

    internal ulong Add(ulong region, ulong page0, ulong page1)
    {
        if (_pairs.ContainsKey(region) || LargePageAt(region))
            return 0xC000030400000001;
        if (InUse(page0))
            return 0xC000030300000002;
        if (InUse(page1))
            return 0xC000030300000008;
        if (BitIsSet(page0))
            return 0xC000030300000002;
        if (page0 == page1 || BitIsSet(page1))
            return 0xC000030300000008;
        _pairs.Add(region, (page0, page1));
        return 0;
    }

    internal ulong Remove(ulong region)
    {
        if (!_pairs.ContainsKey(region))
            return 0xC000030500000001;
        foreach (ulong half in new ulong[] { 0, 1 })
        {
            ulong start = region + (half * MiB);
            if (_used.Exists(used => used.Address >= start && used.Address < start + MiB))
                return 0xC000030600000000 + half;
        }

        _pairs.Remove(region);
        return 0;
    }

    internal PamtPage Look(ulong page)
    {
        if (Reserved.Contains(page))
            return new(PageSize.Page4K, PamtPageType.Reserved, 0);
        if (PairPages.Contains(page))
            return new(PageSize.Page4K, PamtPageType.Pamt, 0);
        int at = _used.FindIndex(used => page >= used.Address && page < used.Address + used.Size.Bytes());
        if (at >= 0)
            return new(_used[at].Size, PamtPageType.Regular, _used[at].Owner);
        bool has4K = !dynamic || _pairs.ContainsKey(RegionOf(page));
        return new(has4K ? PageSize.Page4K : PageSize.Page2M, PamtPageType.NotUsed, 0);
    }

    /// <summary>How many 4K pages of a region are in use.</summary>
    internal int CountUsed(ulong region) =>
        _used.Count(used => used.Size == PageSize.Page4K && RegionOf(used.Address) == region);

    /// <summary>The bits of a region's pages in the bitmap of Dynamic PAMT.</summary>
    internal byte[] Bits(ulong region)
    {
        byte[] bits = new byte[64];
        for (int page = 0; page < 512; page++)
        {
            if (BitIsSet(region + ((ulong)page * Page)))
                bits[page / 8] |= (byte)(1 << (page % 8));
        }

        return bits;
    }

    private static ulong RegionOf(ulong address) => address & ~(RegionBytes - 1);

    private IEnumerable<ulong> PairPages => _pairs.Values.SelectMany(pair => new[] { pair.Page0, pair.Page1 });

    private bool InUse(ulong page) =>
        _used.Exists(used => page >= used.Address && page < used.Address + used.Size.Bytes());

    private bool LargePageAt(ulong region) => _used.Exists(used =>
        used.Size != PageSize.Page4K && used.Address <= region && region < used.Address + used.Size.Bytes());

    private bool BitIsSet(ulong page) => Reserved.Contains(page) || PairPages.Contains(page);
}
