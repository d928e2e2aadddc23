using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Simulation;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>A simulation for spreadsheets: a header, and one line for each allocator and fraction.</summary>
internal static class SimulateCsv
{
    /// <summary>The names of the columns.</summary>
    internal const string Header = "allocator,unmovable,trials,successes,probability,low,high,offNode,failuresByTdmr";

    internal static byte[] Create(SimulationReport report) =>
        [.. Encoding.UTF8.GetBytes(Header + "\n"), .. Rows(report, withName: false)];

    /// <summary>One line for each allocator and fraction, of several hosts with the host's name before it.</summary>
    internal static byte[] Rows(SimulationReport report, bool withName)
    {
        StringBuilder text = new();
        foreach ((AllocatorPolicy allocator, double unmovable, SimulationResult result) in report.Points)
        {
            Proportion success = result.Success;
            if (withName)
                text.Append(CsvCell.Create(report.Name)).Append(',');
            text.Append(Invariant($"{allocator},{unmovable},{result.Trials},{success.Successes},"));
            text.Append(Invariant($"{success.Value},{success.Low},{success.High},{result.OffNodeShare},"));
            text.Append(string.Join(' ', result.FailuresByTdmr.Select(static count => Invariant($"{count}"))));
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
