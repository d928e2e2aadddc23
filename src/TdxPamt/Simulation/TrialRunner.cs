namespace TdxPamt.Simulation;

/// <summary>Runs trials one after the other, on one thread, and adds them up.</summary>
/// <param name="index">The pages that can be handed out.</param>
/// <param name="allocator">What hands them out.</param>
/// <param name="sampler">Draws unusable page blocks; null where all blocks are usable.</param>
/// <param name="requests">What each trial allocates, in this order.</param>
/// <param name="seed">The simulation's seed.</param>
/// <param name="minGap">Gaps of fewer pages need not be kept: no request fits in them.</param>
/// <param name="cancellationToken">Ends a trial while it draws.</param>
internal sealed class TrialRunner(
    FreePageIndex index,
    PageAllocator allocator,
    PageBlockSampler? sampler,
    TrialRequest[] requests,
    ulong seed,
    ulong minGap,
    CancellationToken cancellationToken = default)
{
    private ulong _minGap = minGap;

    internal TrialTally Tally { get; } = new(requests.Length);

    /// <summary>Runs a trial: draws unusable page blocks, then allocates the PAMTs of each TDMR in order.</summary>
    /// <param name="trial">Its number, which with the seed decides which blocks are unusable.</param>
    /// <returns>Whether all TDMRs got their PAMTs; null where it was cancelled: it then does not count.</returns>
    internal bool? Run(int trial)
    {
        if (!TryDraw(trial, out ulong largestRun))
            return null;
        ulong offNode = 0;
        for (int tdmr = 0; tdmr < requests.Length; tdmr++)
        {
            TrialRequest request = requests[tdmr];
            if (!allocator.TryAllocate(request.Pages, request.Nodes, out _, out int node))
            {
                Tally.AddFailure(largestRun, tdmr);
                return false;
            }

            if (node != request.Node)
                offNode += request.Pages;
        }

        Tally.AddSuccess(largestRun, offNode);
        return true;
    }

    /// <summary>Draws unusable page blocks and finds the largest run of free pages. If it is shorter than the gaps that
    /// were kept, a longer one may have been dropped: the trial is then drawn again with shorter gaps kept.</summary>
    private bool TryDraw(int trial, out ulong largestRun)
    {
        while (true)
        {
            allocator.Reset();
            if (sampler is not null)
            {
                RandomStream random = new(seed, trial);
                if (!sampler.TrySample(ref random, allocator.Busy, _minGap, cancellationToken))
                {
                    largestRun = 0;
                    return false;
                }
            }

            largestRun = LargestRun();
            if (sampler is null || _minGap == 1 || largestRun >= _minGap)
                return true;
            _minGap = Math.Max(1, _minGap / 4);
            sampler.ThrowIfTooMany(_minGap);
        }
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
