namespace TdxPamt.Tests.Support;

/// <summary>Every partition that can be made of a kernel's TDMRs, and what it costs.</summary>
internal sealed class PartitionModel(SmallPartitions.Sample sample)
{
    private const ulong GiB = 1UL << 30;

    /// <summary>Every partition, in any number of TDMRs.</summary>
    public IEnumerable<AddressRange[]> Partitions()
    {
        AddressRange[] units = sample.Split ? [.. sample.KernelTdmrs.SelectMany(GiBs)] : sample.KernelTdmrs;
        for (int cuts = 0; cuts < 1 << (units.Length - 1); cuts++)
        {
            List<AddressRange> tdmrs = [units[0]];
            for (int i = 1; i < units.Length; i++)
            {
                if ((cuts & (1 << (i - 1))) != 0)
                    tdmrs.Add(units[i]);
                else
                    tdmrs[^1] = AddressRange.Create(tdmrs[^1].Start, units[i].End);
            }

            if (tdmrs.TrueForAll(tdmr => IsAllowed(tdmr, units)))
                yield return [.. tdmrs];
        }
    }

    /// <summary>Pages, TDMRs and the most areas of one.</summary>
    public (ulong Pages, int Tdmrs, int MaxAreas) CostOf(AddressRange[] tdmrs) =>
        (PagesOf(tdmrs, sample.Module), tdmrs.Length, tdmrs.Max(AreasOf));

    public static ulong PagesOf(AddressRange[] tdmrs, ModuleParameters module) => tdmrs.Aggregate(
        0UL, (pages, tdmr) => pages + PamtSizes.Calculate(tdmr.Size, module).TotalPages);

    public static IEnumerable<AddressRange> GiBs(AddressRange tdmr)
    {
        for (ulong start = tdmr.Start; start < tdmr.End; start += GiB)
            yield return AddressRange.Create(start, start + GiB);
    }

    private bool IsAllowed(AddressRange tdmr, AddressRange[] units) => Array.IndexOf(units, tdmr) >= 0
        || (AreasOf(tdmr) <= sample.Module.MaxReservedAreas && (sample.Join || !JoinsKernelTdmrs(tdmr)));

    private bool JoinsKernelTdmrs(AddressRange tdmr) =>
        Array.Exists(sample.KernelTdmrs, own => own.Start > tdmr.Start && own.Start < tdmr.End);

    private int AreasOf(AddressRange tdmr) => sample.Areas.Count(tdmr.Overlaps);
}
