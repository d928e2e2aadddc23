using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>Counts outcomes by their cause during long work, and shows its progress.</summary>
/// <param name="what">What is counted, in the plural.</param>
/// <param name="good">The word for good outcomes.</param>
/// <param name="bad">The word for the others.</param>
/// <param name="progress">Where to show the progress; null disables it.</param>
internal sealed class Tally(string what, string good, string bad, ProgressLine? progress)
    : IProgress<HostPlan>, IProgress<ModuleVerdict>, IProgress<HostComparison>
{
    private readonly SortedDictionary<string, long> _causes = new(StringComparer.Ordinal);
    private long _good;
    private long _bad;
    private UInt128 _pamtKiB;

    /// <summary>The share of all work that is done, 0 to 1; null where that is not known.</summary>
    internal Func<double?> Share { get; set; } = static () => null;

    /// <summary>How many outcomes were counted.</summary>
    internal long Count => _good + _bad;

    /// <summary>The share of a file that was read, 0 to 1; null where there is no length, as for a pipe.</summary>
    internal static Func<double?> ShareOf(Stream file) =>
        file.CanSeek ? () => (double)file.Position / Math.Max(1, file.Length) : static () => null;

    public void Report(HostPlan value)
    {
        _pamtKiB += value.PamtKiB;
        Add(value.Host.IsIncomplete && !value.Works ? "incomplete" : FleetSummary.CauseOf(value));
    }

    public void Report(ModuleVerdict value) =>
        Add(value.IsAccepted ? null
            : value.IsRejected ? value.Status.Name
            : value.Answer == ModuleAnswer.CmrsUnknown ? "CMRs not known"
            : "plan failed");

    public void Report(HostCost value) => Report(value.Plan);

    /// <summary>Counts a simulated host.</summary>
    internal void Report(SimulationReport value) => Add(value.Failure?.Code.ToString());

    public void Report(HostComparison value)
    {
        PlanCandidate best = value.Plans.Candidates[value.Plans.Recommended ?? 0];
        _pamtKiB += best.IsAcceptable ? best.Plan!.PamtKiB : 0;
        Add(best.IsAcceptable ? null : best.Failure?.Code.ToString() ?? "rejected");
    }

    /// <summary>All counts in one line.</summary>
    /// <param name="invalid">How many more inputs could not be read.</param>
    internal string Summary(long invalid = 0)
    {
        progress?.Clear();
        string causes = string.Join(", ", _causes.Select(static cause => Invariant($"{cause.Key} {cause.Value}")));
        return Invariant($"{Count + invalid} {what}: {_good} {good}, {_bad} {bad}")
            + (causes.Length > 0 ? $" ({causes})" : "")
            + (invalid > 0 ? Invariant($", {invalid} invalid") : "")
            + (_pamtKiB > 0 ? $"; PAMTs take {Quantities.Size((decimal)_pamtKiB * 1024)}" : "");
    }

    private void Add(string? cause)
    {
        if (cause is null)
        {
            _good++;
        }
        else
        {
            _bad++;
            _causes[cause] = _causes.GetValueOrDefault(cause) + 1;
        }

        progress?.Show(Count, what, Share);
    }
}
