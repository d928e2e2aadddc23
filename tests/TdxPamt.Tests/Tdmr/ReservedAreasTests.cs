namespace TdxPamt.Tests.Tdmr;

/// <summary>The reserved areas of TDMRs, with PAMTs where an allocator is told to put them. A TDMR of
/// 1 GiB has PAMTs of 4108 KiB.</summary>
public class ReservedAreasTests
{
    [Theory]
    [InlineData("1M..1G", "500M", "hole 0..1M, pamt 500M..500M+4108K")]
    [InlineData("4G..5G", "4G+500M", "pamt 500M..500M+4108K")]
    [InlineData("4G..5G", "4G", "pamt 0..4108K")]
    [InlineData("4G..5G", "5G-4108K", "pamt 1G-4108K..1G")]
    [InlineData("4G..5G-4K", "4G", "pamt 0..4108K, hole 1G-4K..1G")]
    [InlineData("4G+4K..5G", "4G+500M", "hole 0..4K, pamt 500M..500M+4108K")]
    [InlineData("4G..4G+8M, 4G+12M..5G", "4G", "pamt 0..4108K, hole 8M..12M")]
    [InlineData("4G..4G+8M, 4G+8M+4K..5G", "4G+16M", "hole 8M..8M+4K, pamt 16M..16M+4108K")]
    [InlineData("4G..4G+8M@0, 4G+8M..5G@1", "4G", "pamt 0..4108K")]
    [InlineData("4G+16M..4G+32M, 4G+64M..4G+128M", "4G+64M",
        "hole 0..16M, hole 32M..64M, pamt 64M..64M+4108K, hole 128M..1G")]
    public void holes_and_pamts_come_sorted_by_their_offsets(string memory, string pamt, string areas)
    {
        TdmrInfo tdmr = Construct(memory, pamt).Tdmrs.Should().ContainSingle().Subject;

        tdmr.ReservedAreas.Should().Equal(Machine.Areas(areas));
    }

    [Theory]
    [InlineData("1M..1G", "1M", "hole 0..1M, pamt 1M..1M+4108K")]
    [InlineData("4G..4G+8M, 4G+12M..5G", "4G+12M", "hole 8M..12M, pamt 12M..12M+4108K")]
    [InlineData("4G..4G+8M, 4G+12M..5G", "4G+8M-4108K", "pamt 8M-4108K..8M, hole 8M..12M")]
    public void a_hole_and_a_pamt_that_touch_stay_two_areas(string memory, string pamt, string areas) =>
        Construct(memory, pamt).Tdmrs[0].ReservedAreas.Should().Equal(Machine.Areas(areas));

    [Theory]
    [InlineData("4G, 4G+4108K", "pamt 0..4108K, pamt 4108K..8216K", "")]
    [InlineData("4G+4108K, 4G", "pamt 0..4108K, pamt 4108K..8216K", "")]
    [InlineData("5G, 5G+4108K", "", "pamt 0..4108K, pamt 4108K..8216K")]
    [InlineData("5G+16M, 4G+16M", "pamt 16M..16M+4108K", "pamt 16M..16M+4108K")]
    [InlineData("5G-2M, 4G", "pamt 0..4108K, pamt 1G-2M..1G", "pamt 0..2060K")]
    [InlineData("4G+8M, 5G-4K", "pamt 8M..8M+4108K, pamt 1G-4K..1G", "pamt 0..4104K")]
    [InlineData("5G-4104K, 5G+4K", "pamt 1G-4104K..1G", "pamt 0..4K, pamt 4K..4112K")]
    [InlineData("5G-4108K, 5G", "pamt 1G-4108K..1G", "pamt 0..4108K")]
    public void the_pamts_of_all_tdmrs_count_where_they_lie_clipped_to_the_tdmr(
        string pamts, string firstAreas, string secondAreas)
    {
        TdmrConstruction construction = Construct("4G..5G@0, 5G..6G@1", pamts);

        construction.Tdmrs[0].ReservedAreas.Should().Equal(Machine.Areas(firstAreas));
        construction.Tdmrs[1].ReservedAreas.Should().Equal(Machine.Areas(secondAreas));
    }

    [Fact]
    public void a_pamt_that_lies_across_three_tdmrs_counts_in_each()
    {
        // 3000 bytes for a 4K entry: 750 MiB + 12 KiB for 1 GiB, 1500 MiB + 20 KiB for 2 GiB.
        ModuleParameters module = new() { PamtEntrySizes = new PamtEntrySizes(3000, 16, 16) };
        HostMemory host = Machine.Of("4G..5G@0, 5G..6G@1, 6G..7G@0, 8G..10G@2");
        TdmrConstruction construction = new TdmrConstructor(
            ScriptedAllocator.At("8G, 8G+800M, 6G+260M, 4G+800M"), module: module).Construct(host);

        construction.Tdmrs.Select(static tdmr => tdmr.ReservedAreas).Should().Equal(
            ValueList.Create<ReservedArea>(Machine.Areas("pamt 800M..1G")),
            ValueList.Create<ReservedArea>(Machine.Areas("pamt 0..1G")),
            ValueList.Create<ReservedArea>(Machine.Areas("pamt 0..252M+20K, pamt 260M..1010M+12K")),
            ValueList.Create<ReservedArea>(Machine.Areas("pamt 0..750M+12K, pamt 800M..1550M+12K")));
        construction.TdmrsByPamt.Select(static tdmr => tdmr.Range)
            .Should().Equal(Machine.Ranges("8G..10G, 6G..7G, 4G..5G, 5G..6G"));
    }

    [Theory]
    [InlineData("4G..5G, 7G..8G", "pamt 16M..16M+4108K, pamt 32M..32M+4108K", "")]
    [InlineData("4G..4G+64M, 7G+16M..8G", "pamt 16M..16M+4108K, pamt 32M..32M+4108K, hole 64M..1G", "hole 0..16M")]
    [InlineData("4G..4G+64M, 5G+16M..6G", "pamt 16M..16M+4108K, pamt 32M..32M+4108K, hole 64M..1G", "hole 0..16M")]
    public void a_hole_counts_where_it_lies_in_a_tdmr(string memory, string firstAreas, string secondAreas)
    {
        TdmrConstruction construction = Construct(memory, "4G+16M, 4G+32M");

        construction.Tdmrs[0].ReservedAreas.Should().Equal(Machine.Areas(firstAreas));
        construction.Tdmrs[1].ReservedAreas.Should().Equal(Machine.Areas(secondAreas));
    }

    [Theory]
    [InlineData("4G..4G+8M, 4G+12M..5G", "4G..5G", "pamt 0..4108K")]
    [InlineData("4G..4G+8M, 4G+12M..5G", "4G..4G+9M, 4G+10M..5G", "pamt 0..4108K, hole 9M..10M")]
    [InlineData("4G..4G+8M, 4G+12M..5G", "4G..4G+10M, 4G+10M..5G", "pamt 0..4108K")]
    [InlineData("4G..4G+8M, 4G+12M..5G", "0..1T", "pamt 0..4108K")]
    [InlineData("4G..4G+8M, 4G+12M..5G-8M", "1G..2G, 3G..5G-4M, 5G-8K..8G", "pamt 0..4108K, hole 1G-4M..1G-8K")]
    [InlineData("4G..4G+8M, 4G+12M..5G-8M", "4G..5G-4K", "pamt 0..4108K, hole 1G-4K..1G")]
    [InlineData("4G+1M..4G+8M, 4G+12M..5G", "4G+4K..5G", "hole 0..4K, pamt 1M..1M+4108K")]
    public void one_kernel_takes_holes_from_cmrs_the_others_from_memory_blocks(string memory, string cmrs, string areas)
    {
        string pamt = memory.StartsWith("4G+1M", StringComparison.Ordinal) ? "4G+1M" : "4G";

        Construct(memory, pamt, cmrs, "cmr-holes").Tdmrs[0].ReservedAreas.Should().Equal(Machine.Areas(areas));
        Construct(memory, pamt, cmrs, "mainline").Tdmrs[0].ReservedAreas
            .Should().Equal(Construct(memory, pamt, "4G..5G", "v5").Tdmrs[0].ReservedAreas)
            .And.Contain(Machine.Areas("hole 8M..12M")[0]);
    }

    [Fact]
    public void a_cmr_across_tdmrs_leaves_no_hole_in_either()
    {
        TdmrConstruction construction = Construct(
            "4G+1M..5G@0, 5G..6G-1M@1", "4G+1M, 5G", "2G..2G+4K, 4G..8G", "cmr-holes");

        construction.Tdmrs[0].ReservedAreas.Should().Equal(Machine.Areas("pamt 1M..1M+4108K"));
        construction.Tdmrs[1].ReservedAreas.Should().Equal(Machine.Areas("pamt 0..4108K"));
    }

    [Theory]
    [InlineData("4G+511M", "pamt 511M..511M+4108K, hole 512M..1G")]
    [InlineData("4G+512M", "hole 512M..1G, pamt 512M..512M+4108K")]
    [InlineData("4G+600M", "hole 512M..1G, pamt 600M..600M+4108K")]
    [InlineData("5G-4108K", "hole 512M..1G, pamt 1G-4108K..1G")]
    public void a_pamt_in_a_hole_counts_beside_it_the_hole_first_where_both_start(string pamt, string areas) =>
        Construct("4G..5G", pamt, "4G..4G+512M", "cmr-holes-2024").Tdmrs[0].ReservedAreas
            .Should().Equal(Machine.Areas(areas));

    [Fact]
    public void a_pamt_across_two_tdmrs_may_lie_in_holes_of_both()
    {
        TdmrConstruction construction = Construct(
            "4G..5G@0, 5G..6G@1", "5G-2M, 6G-8M", "4G..4G+512M, 5G+512M..6G", "cmr-holes-2024");

        construction.Tdmrs[0].ReservedAreas.Should().Equal(Machine.Areas("hole 512M..1G, pamt 1G-2M..1G"));
        construction.Tdmrs[1].ReservedAreas.Should().Equal(
            Machine.Areas("hole 0..512M, pamt 0..2060K, pamt 1G-8M..1G-4084K"));
    }

    [Theory]
    [InlineData("v5", 15, null)]
    [InlineData("v5", 16, Errno.E2BIG)]
    [InlineData("mainline", 15, null)]
    [InlineData("mainline", 16, Errno.ENOSPC)]
    [InlineData("mainline", 40, Errno.ENOSPC)]
    public void sixteen_areas_are_taken_and_seventeen_fail(string kernel, int holes, Errno? errno)
    {
        // So many holes below 4G + 1M * 2 * holes, one of them at the start; and one PAMT.
        string memory = string.Join(", ", Enumerable.Range(0, holes).Select(
            static i => $"4G+{(2 * i) + 1}M..4G+{(2 * i) + 2}M")) + $", 4G+{2 * holes}M..5G";
        ScriptedAllocator allocator = ScriptedAllocator.At("4G+512M");
        bool constructed = Constructor(allocator, kernel).TryConstruct(
            Machine.Of(memory, "0..1T"), out TdmrConstruction? construction, out TdmrFailure? failure);

        constructed.Should().Be(errno is null);
        if (construction is not null)
        {
            construction.Tdmrs[0].ReservedAreas.Count.Should().Be(16);
            return;
        }

        failure!.Code.Should().Be(TdmrFailureCode.ReservedAreasExhausted);
        failure.Errno.Should().Be(errno);
        failure.Message.Should().Be("TDMR [0x100000000, 0x140000000): reserved areas exhausted");
        failure.TdmrIndex.Should().Be(0);
        failure.Range.Should().Be(Machine.Range("4G..5G"));
        failure.Needed.Should().Be((ulong)holes + 1);
        failure.Allowed.Should().Be(16);
        failure.ReservedAreas.Count.Should().Be(holes + 1);
        failure.ReservedAreas.Select(static area => area.Offset).Should().BeInAscendingOrder();
        allocator.Freed.Should().Equal(allocator.Given);
    }

    [Theory]
    [InlineData(0, "4G..5G@0, 5G..6G@1, 6G..7G@2", "6G, 6G+16M, 6G+32M", 2, 3)]
    [InlineData(1, "4G..5G@0, 5G..6G@1, 6G..7G@2", "4G, 4G+16M, 6G+32M", 0, 2)]
    [InlineData(1, "4G..5G@0, 5G..6G@1, 6G..7G@2", "6G-8K, 4G+16M, 6G+32M", 2, 2)]
    [InlineData(1, "4G..5G@0, 5G..6G@1, 6G..7G@2", "6G-8K, 5G+16M, 6G+32M", 1, 2)]
    public void the_first_tdmr_that_needs_too_many_fails_and_all_pamts_are_freed_in_reverse(
        int maxAreas, string memory, string pamts, int index, ulong needed)
    {
        ScriptedAllocator allocator = ScriptedAllocator.At(pamts);
        Constructor(allocator, "mainline", maxAreas).TryConstruct(Machine.Of(memory), out _, out TdmrFailure? failure)
            .Should().BeFalse();

        failure!.TdmrIndex.Should().Be(index);
        failure.Needed.Should().Be(needed);
        failure.Allowed.Should().Be((ulong)maxAreas);
        allocator.Freed.Should().Equal(Enumerable.Reverse(allocator.Given)).And.HaveCount(3);
    }

    [Fact]
    public void an_area_prints_its_source_and_its_offsets()
    {
        Machine.Areas("hole 0..1M")[0].ToString().Should().Be("hole +[0x0, 0x100000)");
        Machine.Areas("pamt 1M..1M+4K")[0].ToString().Should().Be("pamt +[0x100000, 0x101000)");
    }

    private static TdmrConstruction Construct(
        string memory, string pamts, string cmrs = "", string kernel = "mainline") =>
        Constructor(ScriptedAllocator.At(pamts), kernel).Construct(Machine.Of(memory, cmrs));

    private static TdmrConstructor Constructor(ScriptedAllocator allocator, string kernel, int maxAreas = 16) =>
        new(allocator, Named.Kernel(kernel), new ModuleParameters { MaxReservedAreas = maxAreas });
}
