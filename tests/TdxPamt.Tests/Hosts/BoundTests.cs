using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Module;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Hosts;

/// <summary>Work on the largest inputs, counted in steps and allocated bytes.</summary>
public class BoundTests
{
    private const ulong GiB = 1UL << 30;
    private const int MaxOfAKind = 65_536;

    public static TheoryData<string> Orders { get; } = ["ascending", "descending", "shuffled"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void a_map_is_built_in_any_order_without_moving_all_of_it_for_each_line(string order)
    {
        E820Map map = new();
        NodeRangeList nodes = new();
        foreach (int i in Numbers(order, MaxOfAKind))
        {
            ulong start = (4 * GiB) + ((ulong)i * 8192);
            map.Add(start, start + 4096, E820Map.Usable);
            nodes.TryAdd(new(start, start + 4096, 0), mayOverlap: true, out _).Should().BeTrue();
        }

        map.Count.Should().Be(MaxOfAKind);
        map.Ram().Should().HaveCount(MaxOfAKind).And.BeInAscendingOrder(static range => range.Start);
        nodes.Ranges.Should().HaveCount(MaxOfAKind).And.BeInAscendingOrder(static range => range.Start);
        (map.Moves + nodes.Moves).Should().BeLessThan(2 * 512 * (long)MaxOfAKind);
    }

    [Fact]
    public void a_change_of_a_map_moves_its_neighbours_alone()
    {
        E820Map map = new();
        for (ulong i = 0; i < MaxOfAKind; i++)
            map.Add((4 * GiB) + (i * 8192), (4 * GiB) + (i * 8192) + 4096, E820Map.Usable);
        long before = map.Moves;
        for (int i = 0; i < 1000; i++)
        {
            (ulong from, ulong to) = (E820Map.Usable, E820Map.TypeOf("reserved"u8));
            map.Update(4 * GiB, (4 * GiB) + 4096, i % 2 == 0 ? from : to, i % 2 == 0 ? to : from);
        }

        (map.Moves - before).Should().BeLessThan(2 * 512 * 1000);
        map.Ram().Should().HaveCount(MaxOfAKind);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void pamts_in_any_order_are_compared_as_in_ascending_order(string order)
    {
        const int Count = 3000;
        TdmrInfoEntry[] tdmrs = [.. Numbers(order, Count).Select(static (place, i) => Tdmr(i, place))];
        CmrInfo[] cmrs = [new(0, 1UL << 52)];
        ModuleParameters module = ModuleParameters.Default with { MaxTdmrs = 65_535, KeyIdBits = 0 };
        SysConfig.Check(tdmrs, cmrs, module).IsSuccess.Should().BeTrue();
        foreach (int other in (int[])[0, 1, 255, 256, 1500, Count - 2])
        {
            TdmrInfoEntry[] overlapping = [.. tdmrs];
            overlapping[^1].Pamt2M = tdmrs[other].Pamt4K;
            SysConfig.Check(overlapping, cmrs, module).Code.Should().Be(CompletionCode.PamtOverlap);
        }
    }

    [Fact]
    public void a_drawing_does_not_pair_blocked_ranges_with_ranges_of_ram()
    {
        const int Count = 4000;
        AddressRange all = AddressRange.Create(4 * GiB, (4 * GiB) + (Count * 65536UL));
        HostMemory host = HostMemory.Create(
            [.. Enumerable.Range(0, Count).Select(static i => new MemoryRegion(
                AddressRange.Create((4 * GiB) + ((ulong)i * 65536), (4 * GiB) + ((ulong)(i + 1) * 65536)), i % 2))],
            blocked: [.. Enumerable.Range(0, Count).Select(i => new BlockedRange(
                AddressRange.Create(all.Start, all.End - ((ulong)i * 4096)), BlockedKind.Unmovable))]);
        HostPlan plan = HostPlan.Create(new("x", host), KernelModel.Mainline);
        using MemoryStream drawing = new();
        Allocated(() => MemoryMap.Write(plan, drawing)).Should().BeLessThan(64 << 20);
        drawing.Length.Should().BeLessThan(1 << 20);
    }

    [Theory]
    [InlineData("4G..64T", 0.2, 1)]
    [InlineData("4G..64T", 0.7, 1.5)]
    [InlineData("1M..2G, 4G..64T", 0.02, 1)]
    public void a_trial_keeps_gaps_that_have_room_for_pamts_and_no_others(
        string memory, double unmovable, double length)
    {
        PamtSimulation simulation = PamtSimulation.Create(Machine.Of(memory));
        SimulationOptions one = new() { Trials = 1, Threads = 1 };
        Allocated(() => simulation.Run(Fragmentation.Uniform(unmovable, length), one)).Should().BeLessThan(64 << 20);
    }

    [Fact]
    public void a_trial_of_too_many_such_gaps_is_refused_and_so_is_a_sample_of_all()
    {
        HostMemory host = Machine.Of("2G..3G, 4G..256T");
        Fragmentation large = Fragmentation.Uniform(0.2);
        const string Reason = "a trial has about * runs of unmovable page blocks to keep, and may have 3145728";
        PamtSimulation simulation = PamtSimulation.Create(host);
        simulation.Invoking(it => it.Run(large)).Should().Throw<ArgumentException>().WithMessage(Reason);
        large.Invoking(it => it.Sample(host, 1)).Should().Throw<ArgumentException>().WithMessage(Reason);
    }

    [Fact]
    public void a_plan_document_of_many_tdmrs_takes_little_more_than_their_table_and_is_not_kept()
    {
        const int Count = 131_000;
        StringBuilder json = new("{\"cmrs\":[],\"tdmrs\":[{\"base\":0,\"size\":0}");
        json.Insert(json.Length, ",{\"base\":0,\"size\":0}", Count - 1).Append("]}");
        byte[] document = Encoding.UTF8.GetBytes(json.ToString());
        const int Table = Count * 320;
        WeakReference? set = null;
        CheckedSet answer = default;
        Allocated(() => answer = CheckedSet.Create(
            PlanDocument.Parse(document, "x"),
            it => (TdmrSet)(set = new(it)).Target!)).Should().BeInRange(Table, 4 * Table);
        GC.Collect();
        set!.IsAlive.Should().BeFalse();
        answer.Verdict.IsRejected.Should().BeTrue();
    }

    [Fact]
    public void a_table_of_any_width_is_refused_without_keeping_its_words()
    {
        string table = "Number of blocks type " + string.Concat(Enumerable.Repeat("a ", 1 << 20)) + "\n";
        Action parse = () => PageTypeInfo.Parse(table);
        Allocated(() => parse.Should().Throw<HostFormatException>().WithMessage("*more than 64 columns"))
            .Should().BeLessThan(64 << 20);
    }

    /// <summary>The bytes that this thread allocates for some work.</summary>
    private static long Allocated(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int[] Numbers(string order, int count)
    {
        int[] numbers = [.. Enumerable.Range(0, count)];
        if (order == "descending")
            Array.Reverse(numbers);
        else if (order == "shuffled")
            new Random(1).Shuffle(numbers);
        return numbers;
    }

    private static TdmrInfoEntry Tdmr(int index, int place)
    {
        ulong pamts = (1UL << 45) + ((ulong)place * 0x1000000);
        return new()
        {
            Base = (ulong)index * GiB,
            Size = GiB,
            Pamt4K = new(pamts, 0x400000),
            Pamt2M = new(pamts + 0x600000, 0x2000),
            Pamt1G = new(pamts + 0x800000, 0x1000),
        };
    }
}
