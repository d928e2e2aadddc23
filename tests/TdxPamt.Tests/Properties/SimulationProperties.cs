using CsCheck;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Properties;

public class SimulationProperties
{
    /// <summary>Small machines around 16 MiB or 4 GiB, with Dynamic PAMT's chunks of a few pages.</summary>
    private static readonly Gen<HostMemory> Hosts = Gen.Select(
        Gen.OneOf(Gen.Const(2000), Gen.Const(0xffc00)),
        Gen.Select(Gen.Int[0, 700], Gen.Int[1, 700], Gen.Int[0, 2]).Array[1, 6],
        Gen.Select(Gen.Int[0, 4000], Gen.Int[1, 40]).Array[0, 6],
        static (origin, regions, blocked) =>
        {
            List<MemoryRegion> memory = [];
            int page = origin;
            foreach ((int gap, int length, int node) in regions)
            {
                memory.Add(new(Pages(page + gap, length), node));
                page += gap + length;
            }

            return HostMemory.Create(
                memory,
                blocked: blocked.Select(range =>
                    new BlockedRange(Pages(origin + range.Item1, range.Item2), BlockedKind.Hugetlb)));
        });

    [Fact]
    public void a_trial_comes_to_what_the_page_by_page_model_comes_to()
    {
        ModuleParameters module = new() { DynamicPamt = true, PamtPageBitmapEntryBits = 30 };
        Gen<int> policies = Gen.Int[0, AllocatorPolicy.All.Count - 1];
        Gen.Select(Hosts, policies, Gen.Double[0, 1], Gen.Double[1, 3], Gen.ULong).Sample(
            (host, policy, unmovable, meanRunLength, seed) =>
            {
                PamtSimulation simulation = PamtSimulation.Create(host, AllocatorPolicy.All[policy], module: module);
                Fragmentation fragmentation = Fragmentation.Uniform(unmovable, meanRunLength);
                SimulationResult result = simulation.Run(fragmentation, new() { Trials = 3, Seed = seed, Threads = 1 });
                SimulationModel model = new(simulation, fragmentation, module, 3, seed);
                return result.Success.Successes == model.Successes
                    && result.FailuresByTdmr.SequenceEqual(model.FailuresByTdmr)
                    && result.LargestRuns.MinBytes == model.LargestRuns.Min()
                    && result.LargestRuns.MaxBytes == model.LargestRuns.Max()
                    && result.OffNodeShare == model.OffNodeShare;
            },
            iter: 500,
            seed: "0000Frq2yhD1",
            threads: 1);
    }

    private static AddressRange Pages(int first, int count) =>
        AddressRange.Create((ulong)first * 4096, (ulong)(first + count) * 4096);
}
