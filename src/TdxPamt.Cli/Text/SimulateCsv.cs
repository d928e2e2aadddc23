using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Simulation;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>A simulation for spreadsheets: a header, and one line for each allocator and fraction.</summary>
internal static class SimulateCsv
{
    internal static byte[] Create(SimulationReport report)
    {
        StringBuilder text = new("allocator,unmovable,trials,successes,probability,low,high,offNode,failuresByTdmr\n");
        foreach ((AllocatorPolicy allocator, double unmovable, SimulationResult result) in report.Points)
        {
            Proportion success = result.Success;
            text.Append(Invariant($"{allocator},{unmovable},{result.Trials},{success.Successes},"));
            text.Append(Invariant($"{success.Value},{success.Low},{success.High},{result.OffNodeShare},"));
            text.Append(string.Join(' ', result.FailuresByTdmr.Select(static count => Invariant($"{count}"))));
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
