using TdxPamt.Simulation;

namespace TdxPamt.Tests.Support;

/// <summary>The trials of a simulation, page by page and one after the other: slow, for small machines.</summary>
internal sealed class SimulationModel
{
    private readonly ulong _pamtPages;
    private ulong _offNodePages;

    internal SimulationModel(
        PamtSimulation simulation, Fragmentation fragmentation, ModuleParameters module, int trials, ulong seed)
    {
        _pamtPages = simulation.PamtPages;
        FailuresByTdmr = new int[simulation.Tdmrs.Count];
        for (int trial = 0; trial < trials; trial++)
        {
            bool atBoot = simulation.Policy.IsAtBoot;
            ValueList<BlockedRange> lost = atBoot ? default : fragmentation.Sample(simulation.Host, seed, trial);
            HostMemory host = HostMemory.Create(
                simulation.Host.Regions, blocked: [.. simulation.Host.BlockedRanges, .. lost]);
            FreePageIndexModel pages = new(host, atBoot);
            LargestRuns.Add(pages.LongestRun() * 4096);
            RunTrial(simulation, host, pages, module);
        }
    }

    internal int Successes { get; private set; }

    internal double OffNodeShare => Successes == 0 ? 0 : _offNodePages / ((double)Successes * _pamtPages);

    internal int[] FailuresByTdmr { get; }

    internal List<ulong> LargestRuns { get; } = [];

    private void RunTrial(PamtSimulation simulation, HostMemory host, FreePageIndexModel free, ModuleParameters module)
    {
        ulong offNode = 0;
        for (int i = 0; i < simulation.Tdmrs.Count; i++)
        {
            FirstBlockNodeLookup.Instance.TryGetNode(host, simulation.Tdmrs[i], out int node);
            ulong pages = PamtSizes.Calculate(simulation.Tdmrs[i].Size, module).TotalPages;
            if (free.Allocate(simulation.Policy, pages, host.FallbackOrder(node)) is not { } address)
            {
                FailuresByTdmr[i]++;
                return;
            }

            if (host.Regions.Single(region => region.Range.Contains(address)).Node != node)
                offNode += pages;
        }

        Successes++;
        _offNodePages += offNode;
    }
}
