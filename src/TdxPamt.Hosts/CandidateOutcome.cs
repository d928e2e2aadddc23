using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>What a comparison says of a candidate: yes, no, or not known because.</summary>
internal static class CandidateOutcome
{
    /// <summary>The answer, its word, and the reason where it is not yes.</summary>
    internal static (HostAnswer Answer, string Word, string? Reason) Of(
        PlanComparison comparison, PlanCandidate candidate)
    {
        if (candidate.IsOpen)
            return (HostAnswer.Unknown, "not known", candidate.Problem);
        if (candidate.Problem is { } problem)
            return (HostAnswer.No, candidate.Plan is null ? "fails" : "rejected", problem);
        return comparison.Doubt is { } doubt
            ? (HostAnswer.Unknown, "not known", $"works if {AsDescribed(candidate)}; {doubt}")
            : (HostAnswer.Yes, "accepted", null);
    }

    private static string AsDescribed(PlanCandidate candidate) =>
        candidate.Verdict.IsAccepted ? "the machine is as described" : "all RAM is convertible";
}
