namespace TdxPamt.Simulation;

/// <summary>The result of the trials of a simulation.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record SimulationResult
{
    internal SimulationResult(TrialTally tally, int requestedTrials, ulong pamtPages)
    {
        Success = new(tally.Successes, tally.Trials);
        RequestedTrials = requestedTrials;
        OffNodeShare = tally.Successes == 0 ? 0 : (double)tally.OffNodePages / ((double)tally.Successes * pamtPages);
        FailuresByTdmr = new(tally.FailuresByTdmr);
        LargestRuns = tally.LargestRuns;
    }

    /// <summary>In how many of the trials that were run all TDMRs got their PAMTs.</summary>
    public Proportion Success { get; }

    /// <summary>How many trials were run.</summary>
    public int Trials => Success.Trials;

    /// <summary>How many trials were asked for.</summary>
    public int RequestedTrials { get; }

    /// <summary>Whether all of them were run; false where the simulation was cancelled.</summary>
    public bool IsComplete => Trials == RequestedTrials;

    /// <summary>Of all PAMT pages of successful trials, the share that lies off the TDMR's node, 0 to 1; 0 where no
    /// trial was successful.</summary>
    public double OffNodeShare { get; }

    /// <summary>At the position of each TDMR, in how many trials it was the first that found no room; the TDMRs after
    /// it are not tried then.</summary>
    public ValueList<int> FailuresByTdmr { get; }

    /// <summary>The largest run of free pages of each trial, before PAMTs were allocated.</summary>
    public LargestRuns LargestRuns { get; }

    /// <summary>Both shares: <c>0.5 (0.237 to 0.763), 0.02 of pages outside their node</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        FormattableString.Invariant($"{Success}, {OffNodeShare:0.####} of pages outside their node");
}
