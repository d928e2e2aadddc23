using System.Buffers;
using System.Text;
using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>The evidence of the plan: where the memory is known from, what was assumed, and the
/// memory itself.</summary>
internal static class ReportEvidence
{
    /// <summary>How many blocked ranges the table has at most; there can be millions.</summary>
    private const int MaxBlockedRows = 1000;

    internal static void Write(HtmlWriter html, HostPlan plan)
    {
        html.Facts(Facts(plan));
        HostMemory memory = plan.Host.Memory;
        html.Start("div", ("class", "tables"));
        html.Table(
            $"RAM, from {plan.Host.DescribeEvidence()}",
            ["Range", "Size", "Node"],
            memory.Regions.Select(region => new[]
            {
                TableCell.Of(region.Range),
                TableCell.Bytes(region.Range.Size),
                TableCell.Node(region.Node, plan.Host.NodesKnown),
            }),
            sortable: true);
        html.Table(
            memory.Cmrs.Count == 0 ? "CMRs: not known" : "CMRs, which the firmware lets TDX use",
            ["Range", "Size"],
            memory.Cmrs.Select(static range => new[] { TableCell.Of(range), TableCell.Bytes(range.Size) }),
            sortable: true);
        if (memory.BlockedRanges.Count > 0)
        {
            string all = memory.BlockedRanges.Count <= MaxBlockedRows
                ? ""
                : $": the first {MaxBlockedRows} of {memory.BlockedRanges.Count}; all are in the host document below";
            html.Table(
                $"Blocked pages, which no PAMT can use{all}",
                ["Range", "Size", "Kind"],
                memory.BlockedRanges.OrderBy(static blocked => blocked.Range.Start).Take(MaxBlockedRows).Select(Row),
                sortable: true);
        }

        if (plan.Host.NodesKnown)
        {
            html.Table(
                "Where Linux looks for a node's PAMTs",
                ["Node", "Order"],
                memory.Nodes.Select(node => new[]
                {
                    TableCell.Number(node), string.Join(", ", memory.FallbackOrder(node).ToArray()),
                }));
        }

        html.Table("What the TDX module reports", ["Parameter", "Value"], Parameters(plan.Module));
        html.End();
        html.Start("details", ("open", "open"));
        html.Element("summary", "The machine as a host document, for tdxpamt to read");
        html.Element("pre", Document(plan.Host), ("tabindex", "0"));
        html.End();
    }

    private static TableCell[] Row(BlockedRange blocked) =>
        [TableCell.Of(blocked.Range), TableCell.Bytes(blocked.Range.Size), blocked.Kind.ToString().ToLowerInvariant()];

    private static IEnumerable<(string Name, string Value)> Facts(HostPlan plan)
    {
        HostDescription host = plan.Host;
        yield return ("Memory known from", host.DescribeEvidence());
        yield return ("Kernel", host.Kernel == plan.Kernel ? $"{plan.Kernel}, as the input says"
            : $"{plan.Kernel}; the input {(host.Kernel is { } other ? $"says {other}" : "names none")}");
        if (host.Reported is { } reported)
            yield return ("Log reports", reported.Compare(plan));
        if (plan.Strategies == PlanStrategies.None && plan.ExplainReported() is { } explanation)
            yield return ("Why they differ", explanation.ToString());
        foreach (string warning in host.Warnings)
            yield return ("Assumed", warning);
        yield return ("Planned by", $"tdxpamt {ReportText.Version}");
    }

    private static IEnumerable<TableCell[]> Parameters(ModuleParameters module)
    {
        PamtEntrySizes entry = module.PamtEntrySizes;
        yield return ["TDMRs (MAX_TDMRS)", TableCell.Number(module.MaxTdmrs)];
        yield return ["Reserved areas of a TDMR (MAX_RESERVED_PER_TDMR)", TableCell.Number(module.MaxReservedAreas)];
        yield return
        [
            "Bytes of a PAMT entry, 4K, 2M, 1G (PAMT_ENTRY_SIZE)",
            new($"{entry.Page4K}, {entry.Page2M}, {entry.Page1G}", Class: "number"),
        ];
        yield return ["Dynamic PAMT", new(module.DynamicPamt ? "on" : "off", Class: "number")];
        if (module.DynamicPamt)
            yield return ["Bits of a page in its bitmap", TableCell.Number(module.PamtPageBitmapEntryBits)];
        yield return ["Key id bits", TableCell.Number(module.KeyIdBits)];
    }

    private static string Document(HostDescription host)
    {
        ArrayBufferWriter<byte> buffer = new();
        HostDocument.Write(host, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
