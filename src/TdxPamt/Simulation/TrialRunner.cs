namespace TdxPamt.Simulation;

/// <summary>Runs trials one after the other, on one thread, and adds them up.</summary>
internal sealed class TrialRunner(
    FreePageIndex index, PageAllocator allocator, PageBlockSampler? sampler, TrialRequest[] requests, ulong seed)
{
    internal TrialTally Tally { get; } = new(requests.Length);

    /// <summary>Runs a trial: draws unusable page blocks, then allocates the PAMTs of each TDMR in order.</summary>
    /// <param name="trial">Its number, which with the seed decides which blocks are unusable.</param>
    /// <returns>Whether all TDMRs got their PAMTs.</returns>
    internal bool Run(int trial)
    {
        allocator.Reset();
        if (sampler is not null)
        {
            RandomStream random = new(seed, trial);
            sampler.Sample(ref random, allocator.Busy);
        }

        ulong largestRun = LargestRun();
        ulong offNode = 0;
        for (int tdmr = 0; tdmr < requests.Length; tdmr++)
        {
            TrialRequest request = requests[tdmr];
            if (!allocator.TryAllocate(request.Pages, request.Nodes, out _, out int node))
            {
                Tally.AddFailure(largestRun, tdmr);
                return false;
            }

            if (node != request.Nodes[0])
                offNode += request.Pages;
        }

        Tally.AddSuccess(largestRun, offNode);
        return true;
    }

    private ulong LargestRun()
    {
        ulong largest = 0;
        foreach (Zone zone in index.Zones)
        {
            if (zone.LongestRun > largest)
                largest = Math.Max(largest, zone.LongestFree(allocator.Busy));
        }

        return largest;
    }
}
