using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Cli;

/// <summary>Simulates while a line shows how far it has come.</summary>
internal static class WatchedSimulation
{
    /// <summary>Answers a question, and shows the progress unless <paramref name="line"/> is null.</summary>
    internal static SimulationReport Answer(
        this SimulationQuestion question, SimulationOptions options, ProgressLine? line, CancellationToken interrupt)
    {
        int runs = question.Policies.Length * question.Fragmentations.Length;
        TrialProgress? progress =
            line is null ? null : new(line, options.Trials, question.Threshold is null ? runs : null);
        try
        {
            return question.Answer(
                options with { Progress = progress }, progress is null ? null : progress.Start, interrupt);
        }
        catch (ArgumentException tooLarge)
        {
            throw new IOException($"{question.HostName}: {tooLarge.Message}", tooLarge);
        }
        finally
        {
            line?.Clear();
        }
    }
}
