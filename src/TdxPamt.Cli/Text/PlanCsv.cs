using System.Buffers;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>Plans for spreadsheets: a line for each host.</summary>
internal static class PlanCsv
{
    internal const string Header =
        "name,kernel,status,code,ram,pamtKiB,dynamicPamtKiB,tdmrs,mostReservedAreas,evidence,matches";

    internal static void Write(HostPlan plan, IBufferWriter<byte> output)
    {
        string figures = ",,,";
        if (plan.Plan is { } works)
        {
            ulong dynamicKiB = DynamicPamtCost.Create(plan.Tdmrs.Span, plan.Module).FixedBytes >> 10;
            figures = Invariant($"{works.PamtKiB},{dynamicKiB},{works.Tdmrs.Count},{works.MaxReservedAreasUsed}");
        }

        string host = $"{CsvCell.Create(plan.Host.Name)},{plan.Kernel.Name},{FleetSummary.StatusOf(plan)}";
        string matches = plan.AgreesWithReport switch
        {
            true => "true",
            false => "false",
            _ => "",
        };
        string evidence = Encoding.UTF8.GetString(PlanDocument.EvidenceName(plan.Host.Evidence));
        Encoding.UTF8.GetBytes(
            Invariant($"{host},{FleetSummary.CauseOf(plan)},{plan.Host.Memory.TdxMemoryBytes},{figures},{evidence},")
            + matches,
            output);
    }

    /// <summary>The line of an input that cannot be read: its place is the name, and the reason the code.</summary>
    internal static void WriteInvalid(HostFormatException refusal, AnswerBuffer answers)
    {
        string place = refusal.Line is { } line ? Invariant($"{refusal.FileName}:{line}") : refusal.FileName;
        string reason = CsvCell.Create(refusal.PropertyAndReason);
        Encoding.UTF8.GetBytes($"{CsvCell.Create(place)},,invalid,{reason},,,,,,,", answers.Bytes);
        answers.EndLine();
    }
}
