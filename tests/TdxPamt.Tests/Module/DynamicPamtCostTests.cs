using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class DynamicPamtCostTests
{
    private const ulong GiB = 1UL << 30;

    /// <summary>252 GiB in 3 TDMRs, the machine of the kernel's documentation.</summary>
    private static DynamicPamtCost Cost => CostOf(
        (0x100000, 2 * GiB), (4 * GiB, 127 * GiB), (256 * GiB, 383 * GiB));

    [Fact]
    public void the_kernels_documentation_has_both_figures()
    {
        (Cost.StaticBytes / 1024, Cost.FixedBytes / 1024).Should().Be((1034220UL, 10092UL));
        Cost.BitmapBytes.Should().Be(252 * GiB / 4096 / 8);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 4)]
    [InlineData(0x200000, 4)]
    [InlineData(0x200001, 8)]
    [InlineData(1UL << 40, 2UL << 20)]
    [InlineData(1UL << 52, 8UL << 30)]
    [InlineData(ulong.MaxValue, 32UL << 40)]
    public void the_kernel_counts_every_region_up_to_the_end_of_ram(ulong endOfRam, ulong bytes) =>
        DynamicPamtCost.ReferenceCountBytes(endOfRam).Should().Be(bytes);

    [Fact]
    public void larger_entries_cost_more_and_whether_dynamic_pamt_is_on_makes_no_difference()
    {
        ModuleParameters module = new() { PamtEntrySizes = new(32, 32, 32), PamtPageBitmapEntryBits = 2 };
        TdmrInfo tdmr = SampleTdmrs.WithReservedAreas(3);
        DynamicPamtCost cost = DynamicPamtCost.Create([tdmr], module);
        (cost.StaticBytes, cost.BitmapBytes).Should().Be((PamtSizes.Calculate(GiB, module).TotalBytes, GiB / 4096 / 4));
        DynamicPamtCost.Create([tdmr], module with { DynamicPamt = true }).Should().Be(cost);
    }

    [Fact]
    public void a_pair_costs_two_pages_for_each_region_begun()
    {
        ulong regions = Cost.UsableBytes >> 21;
        Cost.BytesAt(0).Should().Be(Cost.FixedBytes);
        Cost.BytesAt(1)
            .Should().Be(Cost.FixedBytes + ((regions + (Cost.UsableBytes % (1 << 21) == 0 ? 0UL : 1)) * 8192));
        Cost.BytesAt(1.0 / regions / 2).Should().Be(Cost.FixedBytes + 8192);
        Cost.BytesAt(0.5)
            .Should().BeInRange(Cost.FixedBytes + (regions / 2 * 8192), Cost.FixedBytes + ((regions / 2 + 2) * 8192));
        Cost.UsableBytes.Should().Be((252 * GiB) - 0x100000 - (1034220 * 1024));
    }

    [Fact]
    public void the_break_even_is_where_both_cost_the_same()
    {
        double share = Cost.BreakEvenShare;
        share.Should().BeInRange(0.99, 1.01);
        if (share <= 1)
            Cost.BytesAt(share).Should().BeInRange(Cost.StaticBytes - 8192, Cost.StaticBytes + 8192);
        default(DynamicPamtCost).BreakEvenShare.Should().Be(0);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void a_share_is_from_0_to_1(double share) =>
        FluentActions.Invoking(() => Cost.BytesAt(share)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("share must be from 0 to 1*");

    [Theory]
    [InlineData(1UL << 62, true)]
    [InlineData((1UL << 62) + 1, false)]
    public void fixed_and_usable_bytes_are_at_most_2_to_the_62(ulong bytes, bool legal)
    {
        foreach ((Func<DynamicPamtCost> create, string name) in new (Func<DynamicPamtCost>, string)[]
        {
            (() => new(0, 0, bytes, 0), "FixedBytes"),
            (() => new(0, 0, 0, bytes), "UsableBytes"),
            (() => default(DynamicPamtCost) with { FixedBytes = bytes }, "FixedBytes"),
            (() => default(DynamicPamtCost) with { UsableBytes = bytes }, "UsableBytes"),
        })
        {
            if (legal)
                create.Should().NotThrow();
            else
                create.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"{name} must be at most 2^62*");
        }
    }

    private static DynamicPamtCost CostOf(params (ulong Start, ulong End)[] ranges)
    {
        HostMemory host = HostMemory.Create(
            ranges.Select(range => new MemoryRegion(AddressRange.Create(range.Start, range.End), 0)));
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);
        return DynamicPamtCost.Create(construction.Tdmrs.Span);
    }
}
