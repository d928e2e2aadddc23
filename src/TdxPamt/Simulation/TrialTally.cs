namespace TdxPamt.Simulation;

/// <summary>Sums over trials, in whole numbers, so that the order of adding does not matter.</summary>
internal sealed class TrialTally(int tdmrs)
{
    private ulong _smallestRun = ulong.MaxValue;
    private ulong _largestRun;
    private decimal _sumOfRuns;

    internal int Trials { get; private set; }

    internal int Successes { get; private set; }

    /// <summary>The PAMT pages of successful trials that are off their TDMR's node.</summary>
    internal decimal OffNodePages { get; private set; }

    internal int[] FailuresByTdmr { get; } = new int[tdmrs];

    internal LargestRuns LargestRuns => Trials == 0 ? default : new(
        _smallestRun * AddressRange.PageBytes,
        (double)(_sumOfRuns / Trials) * AddressRange.PageBytes,
        _largestRun * AddressRange.PageBytes);

    internal void AddSuccess(ulong largestRun, ulong offNodePages)
    {
        AddTrial(largestRun);
        Successes++;
        OffNodePages += offNodePages;
    }

    internal void AddFailure(ulong largestRun, int tdmr)
    {
        AddTrial(largestRun);
        FailuresByTdmr[tdmr]++;
    }

    internal void Add(TrialTally other)
    {
        Trials += other.Trials;
        Successes += other.Successes;
        OffNodePages += other.OffNodePages;
        for (int i = 0; i < FailuresByTdmr.Length; i++)
            FailuresByTdmr[i] += other.FailuresByTdmr[i];
        _smallestRun = Math.Min(_smallestRun, other._smallestRun);
        _largestRun = Math.Max(_largestRun, other._largestRun);
        _sumOfRuns += other._sumOfRuns;
    }

    private void AddTrial(ulong largestRun)
    {
        Trials++;
        _smallestRun = Math.Min(_smallestRun, largestRun);
        _largestRun = Math.Max(_largestRun, largestRun);
        _sumOfRuns += largestRun;
    }
}
