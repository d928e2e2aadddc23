using TdxPamt.Planning;

namespace TdxPamt.Tests.Tdmr;

public class PamtLayoutTests
{
    [Theory]
    [InlineData("4G..5G", "4G+4M", "4G+4M+8K", "4G+4M+12K")]
    [InlineData("4G..6G", "4G+8M", "4G+8M+16K", "4G+8M+20K")]
    [InlineData("4G..261G", "4G+1028M", "4G+1028M+2056K", "4G+1028M+2064K")]
    public void a_chunk_holds_4K_then_2M_then_1G(string memory, string page2M, string page1G, string end)
    {
        TdmrInfo tdmr = new TdmrConstructor(ScriptedAllocator.At("4G")).Construct(Machine.Of(memory)).Tdmrs[0];

        ulong start = Machine.Address("4G");
        tdmr.Pamt4K.Should().Be(new Pamt(start, Machine.Address(page2M) - start));
        tdmr.Pamt2M.Should().Be(new Pamt(Machine.Address(page2M), Machine.Address(page1G) - Machine.Address(page2M)));
        tdmr.Pamt1G.Should().Be(new Pamt(Machine.Address(page1G), Machine.Address(end) - Machine.Address(page1G)));
        tdmr.PamtChunk.Should().Be(Machine.Range("4G.." + end));
        tdmr.PamtPages.Should().Be(tdmr.PamtChunk.Pages);
        tdmr.Pamt4K.Range.Should().Be(Machine.Range("4G.." + page2M));
        tdmr.Pamt1G.Range.Should().Be(Machine.Range($"{page1G}..{end}"));
        tdmr.GetPamt(PageSize.Page4K).Should().Be(tdmr.Pamt4K);
        tdmr.GetPamt(PageSize.Page2M).Should().Be(tdmr.Pamt2M);
        tdmr.GetPamt(PageSize.Page1G).Should().Be(tdmr.Pamt1G);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0x1001, 0x1000)]
    [InlineData(0x1000, 0x1001)]
    [InlineData(0x1000, AddressRange.Limit)]
    [InlineData(ulong.MaxValue - 4095, 0x2000)]
    public void a_pamt_that_is_not_whole_pages_has_no_range(ulong start, ulong size)
    {
        Pamt pamt = new(start, size);

        pamt.Invoking(static pamt => pamt.Range).Should().Throw<InvalidOperationException>()
            .WithMessage($"a PAMT at {pamt} is not a range of pages");
    }

    [Fact]
    public void one_chunk_per_tdmr_is_asked_for_in_ascending_order_with_the_nodes_fallback_order()
    {
        NodeFallback fallback = NodeFallback.Create(orders: [[0, 2], null, [2, 900, 1]]);
        HostMemory host = Machine.Of("4G..5G@2, 5G..7G@0, 8G..9G@1", fallback: fallback);
        ScriptedAllocator allocator = ScriptedAllocator.From("4G");
        TdmrConstruction construction = new TdmrConstructor(allocator).Construct(host);

        construction.Tdmrs.Select(static tdmr => tdmr.Node).Should().Equal(2, 0, 1);
        allocator.Asked.Select(static ask => ask.Pages).Should().Equal(1027, 2053, 1027);
        allocator.Asked.Select(static ask => ask.Node).Should().Equal(2, 0, 1);
        allocator.Asked.Select(static ask => string.Join(' ', ask.Order)).Should().Equal("2 900 1", "0 2", "1 2 0");
        construction.PamtPages.Should().Be(4107);
        construction.PamtKiB.Should().Be(16428);
    }

    [Fact]
    public void a_tdmr_prints_its_range_as_the_kernel_does()
    {
        TdmrInfo tdmr = new TdmrConstructor(ScriptedAllocator.At("1M")).Construct(Machine.Of("1M..2G")).Tdmrs[0];

        tdmr.ToString().Should().Be("TDMR [0x0, 0x80000000)");
        tdmr.Base.Should().Be(0);
        tdmr.Size.Should().Be(Machine.Address("2G"));
        tdmr.Pamt4K.ToString().Should().Be("[0x100000, 0x900000)");
    }

    [Theory]
    [InlineData("16M..20M+12K", "16M", "20M", "20M+8K", true)]
    [InlineData("16M..20M+8K, 32M..32M+4K", "16M", "20M", "32M", false)]
    [InlineData("16M..20M, 32M..32M+12K", "16M", "32M", "32M+8K", false)]
    [InlineData("16M..20M, 32M..32M+8K, 48M..48M+4K", "16M", "32M", "48M", false)]
    public void three_pamts_are_a_chunk_where_each_starts_at_the_end_of_the_last(
        string free, string page4K, string page2M, string page1G, bool isChunk)
    {
        AddressRange[] runs = Machine.Ranges(free);
        ulong[] blocked = [1 << 20, .. runs.SelectMany(static run => (ulong[])[run.Start, run.End]), 1 << 30];
        HostMemory host = HostMemory.Create(
            Machine.Regions("1M..1G"),
            [],
            blocked.Chunk(2).Select(static ends => new BlockedRange(
                AddressRange.Create(ends[0], ends[1]), BlockedKind.Unmovable)));
        TdmrInfo tdmr = new StrategyConstructor(PlanStrategies.ThreeChunks).Construct(host).Tdmrs[0];
        Func<AddressRange> chunk = () => tdmr.PamtChunk;

        tdmr.Range.Should().Be(Machine.Range("0..1G"));
        tdmr.Pamt4K.Should().Be(new Pamt(Machine.Address(page4K), 4 << 20));
        tdmr.Pamt2M.Should().Be(new Pamt(Machine.Address(page2M), 8 << 10));
        tdmr.Pamt1G.Should().Be(new Pamt(Machine.Address(page1G), 4 << 10));
        tdmr.HasPamtChunk.Should().Be(isChunk);
        if (isChunk)
            chunk().Should().Be(runs[0]);
        else
            chunk.Should().Throw<InvalidOperationException>()
                .WithMessage("the PAMTs of TDMR [0x0, 0x40000000) lie apart");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void a_tdmr_has_pamts_of_three_page_sizes(int level)
    {
        TdmrInfo tdmr = new TdmrConstructor(ScriptedAllocator.At("1M")).Construct(Machine.Of("1M..2G")).Tdmrs[0];
        Action read = () => tdmr.GetPamt((PageSize)level);

        read.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("size");
    }
}
