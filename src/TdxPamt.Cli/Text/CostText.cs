using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>What TDX costs machines, for reading and for spreadsheets.</summary>
internal static class CostText
{
    internal static void Append(Page page, HostCost cost)
    {
        PlanText.AppendHost(page, cost.Host, $"kernel {cost.Plan.Kernel}", cost.Plan.Warnings);
        if (cost.Plan.Failure is { } failure)
        {
            FailureText.Append(page, failure);
            return;
        }

        DynamicPamtCost bytes = cost.Cost;
        PageTable table = new("what", "size", "of RAM");
        Add("static PAMT", bytes.StaticBytes);
        Add("Dynamic PAMT: bitmaps, 2M and 1G PAMTs", bytes.FixedBytes);
        Add("Dynamic PAMT: reference counts", cost.ReferenceCountBytes);
        foreach (double share in cost.Shares)
            Add(Invariant($"Dynamic PAMT, {100 * (decimal)share:0.###} % private 4K pages"), cost.BytesAt(share));
        page.Add(table);
        page.Add();
        page.Add(BreakEven(cost.BreakEvenShare));
        if (cost.Host.MaxTds is { } tds)
            page.Add(Invariant($"the KeyIDs allow {tds} {(tds == 1 ? "TD" : "TDs")}"));

        void Add(string what, ulong size) => table.Add(
            what,
            Quantities.Size(size),
            Quantities.Percent((double)size / cost.Host.Memory.RamBytes));
    }

    /// <summary>The names of the columns of <see cref="CsvRow"/>.</summary>
    internal static string CsvHeader(IEnumerable<double> shares) =>
        "name,kernel,ram,staticBytes,fixedBytes,referenceCountBytes"
        + string.Concat(shares.Select(static share => Invariant($",bytesAt{share}")))
        + ",breakEven,tds";

    /// <summary>A host's line, with its end.</summary>
    internal static byte[] CsvRow(HostCost cost)
    {
        StringBuilder text = new(CsvCell.Create(cost.Host.Name));
        text.Append(Invariant($",{cost.Plan.Kernel},{cost.Host.Memory.TdxMemoryBytes}"));
        DynamicPamtCost bytes = cost.Cost;
        if (cost.Plan.IsConstructed)
            text.Append(Invariant($",{bytes.StaticBytes},{bytes.FixedBytes},{cost.ReferenceCountBytes}"));
        else
            text.Append(",,,");
        foreach (double share in cost.Shares)
            text.Append(cost.Plan.IsConstructed ? Invariant($",{cost.BytesAt(share)}") : ",");
        text.Append(cost.Plan.IsConstructed ? Invariant($",{cost.BreakEvenShare:0.######}") : ",");
        text.Append(Invariant($",{cost.Host.MaxTds}\n"));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string BreakEven(double share) =>
        share >= 1 ? "Dynamic PAMT costs less whatever share of memory is mapped in private 4K pages"
        : share <= 0 ? "Dynamic PAMT costs more whatever share of memory is mapped in private 4K pages"
        : $"Dynamic PAMT costs less up to {Quantities.Percent(share)} of memory mapped in private 4K pages";
}
