namespace TdxPamt.Tests.Support;

/// <summary>Every cover that can be made of a kernel's TDMRs, and what it costs.</summary>
internal sealed class CoverSearchModel(SmallCovers.Sample sample)
{
    private const ulong GiB = 1UL << 30;

    /// <summary>Every cover, in any number of TDMRs.</summary>
    public IEnumerable<AddressRange[]> Covers()
    {
        AddressRange[] units = sample.Split ? [.. sample.Cover.SelectMany(GiBs)] : sample.Cover;
        for (int cuts = 0; cuts < 1 << (units.Length - 1); cuts++)
        {
            List<AddressRange> cover = [units[0]];
            for (int i = 1; i < units.Length; i++)
            {
                if ((cuts & (1 << (i - 1))) != 0)
                    cover.Add(units[i]);
                else
                    cover[^1] = AddressRange.Create(cover[^1].Start, units[i].End);
            }

            if (cover.TrueForAll(tdmr => IsAllowed(tdmr, units)))
                yield return [.. cover];
        }
    }

    /// <summary>Pages, TDMRs and the most areas of one.</summary>
    public (ulong Pages, int Tdmrs, int MostAreas) CostOf(AddressRange[] cover) =>
        (PagesOf(cover, sample.Module), cover.Length, cover.Max(AreasOf));

    public static ulong PagesOf(AddressRange[] cover, ModuleParameters module) => cover.Aggregate(
        0UL, (pages, tdmr) => pages + PamtSizes.Calculate(tdmr.Size, module).TotalPages);

    public static IEnumerable<AddressRange> GiBs(AddressRange tdmr)
    {
        for (ulong start = tdmr.Start; start < tdmr.End; start += GiB)
            yield return AddressRange.Create(start, start + GiB);
    }

    private bool IsAllowed(AddressRange tdmr, AddressRange[] units) => Array.IndexOf(units, tdmr) >= 0
        || (AreasOf(tdmr) <= sample.Module.MaxReservedAreas
            && (sample.Join || !Array.Exists(sample.Cover, own => own.Start > tdmr.Start && own.Start < tdmr.End)));

    private int AreasOf(AddressRange tdmr) => sample.Areas.Count(tdmr.Overlaps);
}
