using CsCheck;

namespace TdxPamt.Tests.Properties;

public class AllocatorPolicyProperties
{
    /// <summary>Page numbers around which small machines lie: 1 MiB, 16 MiB and 4 GiB.</summary>
    private static readonly Gen<int> Origins =
        Gen.Int[0, 2].Select(static i => i == 0 ? 250 : i == 1 ? 4000 : 0x100000 - 150);

    private static readonly Gen<HostMemory> Hosts = Gen.Select(
        Origins,
        Gen.Select(Gen.Int[0, 6], Gen.Int[1, 60], Gen.Int[0, 2]).Array[1, 12],
        Gen.Select(Gen.Int[0, 500], Gen.Frequency((6, Gen.Int[1, 3]), (1, Gen.Int[1, 90])), Gen.Int[0, 2]).Array[0, 40],
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
                    new BlockedRange(Pages(origin + range.Item1, range.Item2), (BlockedKind)range.Item3)));
        });

    private static readonly Gen<(int Pages, int Node, int Freed)[]> Steps = Gen.Select(
        Gen.Frequency((3, Gen.Int[1, 12]), (1, Gen.Int[1, 70])),
        Gen.Int[0, 3],
        Gen.Frequency((1, Gen.Const(-1)), (1, Gen.Int[0, 100]))).Array[1, 60];

    public static TheoryData<string> Names => [.. AllocatorPolicy.All.Select(static policy => policy.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void an_allocator_chooses_the_pages_that_the_page_by_page_model_chooses(string name) =>
        Gen.Select(Hosts, Steps).Sample(
            (host, steps) => StaysWithTheModel(Named.Policy(name), host, steps),
            iter: 1500,
            seed: "0000Frq2yhD1",
            threads: 1,
            print: static input =>
                $"{input.Item1.Regions}; blocked {input.Item1.BlockedRanges}; {input.Item2.Length} steps");

    [Theory]
    [MemberData(nameof(Names))]
    public void thousands_of_steps_on_one_machine_stay_with_the_model(string name)
    {
        HostMemory host = HostMemory.Create(
            [new(Pages(256, 2000), 0), new(Pages(2300, 1500), 1), new(Pages(3900, 700), 0)],
            blocked: Enumerable.Range(0, 90).Select(
                static i => new BlockedRange(Pages(260 + (i * 47), 1 + (i % 3)), BlockedKind.Reserved)));
        Gen.Select(Gen.Int[1, 45], Gen.Int[0, 1], Gen.Frequency((1, Gen.Const(-1)), (1, Gen.Int[0, 1000])))
            .Array[2000]
            .Sample(
                steps => StaysWithTheModel(Named.Policy(name), host, steps),
                iter: 3,
                seed: "0000Frq2yhD1",
                threads: 1);
    }

    private static bool StaysWithTheModel(
        AllocatorPolicy policy, HostMemory host, IEnumerable<(int Pages, int Node, int Freed)> steps)
    {
        FreePageIndex index = policy.CreateIndex(host);
        PageAllocator allocator = policy.CreateAllocator(index);
        FreePageIndexModel model = new(host, policy.IsAtBoot);
        List<(ulong Address, ulong Pages)> held = [];
        bool agrees = index.FreePages == (ulong)model.FreePages && index.LongestRun == model.LongestRun();
        foreach ((int pages, int node, int freed) in steps)
        {
            if (freed >= 0 && held.Count > 0)
            {
                (ulong chunk, ulong size) = held[freed % held.Count];
                held.RemoveAt(freed % held.Count);
                allocator.Free(chunk, size);
                model.Free(host, chunk, size);
                continue;
            }

            ReadOnlySpan<int> order = host.FallbackOrder(node);
            bool found = allocator.TryAllocate((ulong)pages, order, out ulong address);
            agrees &= model.Allocate(policy, (ulong)pages, order) == (found ? address : null);
            if (found)
                held.Add((address, (ulong)pages));
        }

        return agrees && allocator.PagesInUse == (ulong)held.Sum(static chunk => (long)chunk.Pages);
    }

    private static AddressRange Pages(int first, int count) =>
        AddressRange.Create((ulong)first * 4096, (ulong)(first + count) * 4096);
}
