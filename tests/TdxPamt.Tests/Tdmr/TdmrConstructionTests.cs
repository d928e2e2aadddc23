namespace TdxPamt.Tests.Tdmr;

public class TdmrConstructionTests
{
    private const string ThreeNodes = "4G..5G@0, 5G..6G@1, 6G..7G@2";

    [Fact]
    public void free_hands_every_chunk_back_once_in_the_reverse_order()
    {
        ScriptedAllocator allocator = ScriptedAllocator.At("6G, 4G, 5G");
        TdmrConstruction construction = new TdmrConstructor(allocator).Construct(Machine.Of(ThreeNodes));

        construction.Free();
        allocator.Freed.Should().Equal(Enumerable.Reverse(allocator.Given)).And.HaveCount(3);
        construction.Free();
        construction.Dispose();
        allocator.Freed.Should().HaveCount(3, "a second call does nothing");
    }

    [Fact]
    public void dispose_frees()
    {
        HostMemory host = Machine.Of(ThreeNodes);
        LinuxPageAllocator allocator = new(host);
        using (new TdmrConstructor(allocator).Construct(host))
            allocator.PagesInUse.Should().Be(3 * 1027);

        allocator.PagesInUse.Should().Be(0);
    }

    [Fact]
    public void what_it_says_of_the_tdmrs_stays_readable_after_free()
    {
        TdmrConstruction construction =
            new TdmrConstructor(ScriptedAllocator.From("4G")).Construct(Machine.Of(ThreeNodes));
        ValueList<TdmrInfo> tdmrs = construction.Tdmrs;
        construction.PagesInUse.Should().Be(3 * 1027);
        construction.Free();

        construction.PagesInUse.Should().Be(0);
        construction.PamtPages.Should().Be(3 * 1027);
        construction.PamtKiB.Should().Be(3 * 4108);
        construction.Tdmrs.Should().Equal(tdmrs).And.HaveCount(3);
        construction.IsPamtPage(Machine.Address("4G")).Should().BeTrue();
    }

    [Theory]
    [InlineData("4G-1", false)]
    [InlineData("4G", true)]
    [InlineData("4G+4108K-1", true)]
    [InlineData("4G+4108K", false)]
    [InlineData("6G-1", false)]
    [InlineData("6G", true)]
    [InlineData("6G+4108K", true)]
    [InlineData("6G+8216K-1", true)]
    [InlineData("6G+8216K", false)]
    [InlineData("0", false)]
    [InlineData("1T", false)]
    public void a_pamt_page_is_one_that_a_pamt_lies_in(string address, bool isPamt)
    {
        TdmrConstruction construction = new TdmrConstructor(ScriptedAllocator.At("6G+4108K, 4G, 6G"))
            .Construct(Machine.Of(ThreeNodes));

        construction.IsPamtPage(Machine.Address(address)).Should().Be(isPamt);
        construction.IsPamtPage(ulong.MaxValue).Should().BeFalse();
        construction.TdmrsByPamt.Select(static tdmr => tdmr.Base >> 30).Should().Equal(5, 6, 4);
    }

    [Fact]
    public void an_allocator_that_throws_in_free_is_handed_every_chunk_all_the_same()
    {
        ScriptedAllocator allocator = ScriptedAllocator.From(
            "4G", static address => throw new InvalidOperationException($"0x{address:x}"));
        TdmrConstruction construction = new TdmrConstructor(allocator).Construct(Machine.Of(ThreeNodes));
        Action free = construction.Free;

        free.Should().Throw<AggregateException>().WithMessage("the allocator threw while PAMTs were freed*")
            .Which.InnerExceptions.Select(static exception => exception.Message)
            .Should().Equal("0x100806000", "0x100403000", "0x100000000");
        allocator.Freed.Should().Equal(Enumerable.Reverse(allocator.Given));
        free.Should().NotThrow("nothing is held any more");
        construction.PagesInUse.Should().Be(0);
        allocator.Freed.Should().HaveCount(3);
    }

    [Fact]
    public void it_prints_its_total_and_whether_that_was_freed()
    {
        TdmrConstructor constructor = new(ScriptedAllocator.From("4G"));
        TdmrConstruction construction = constructor.Construct(Machine.Of(ThreeNodes));

        constructor.ToString().Should().Be("kernel mainline");
        construction.ToString().Should().Be("3 TDMRs, 12.04 MiB of PAMTs");
        construction.Free();
        construction.ToString().Should().Be("3 TDMRs, 12.04 MiB of PAMTs, freed");
    }

    [Fact]
    public void its_lists_are_made_when_they_are_first_read()
    {
        TdmrConstruction construction =
            new TdmrConstructor(ScriptedAllocator.At("6G, 4G, 5G")).Construct(Machine.Of(ThreeNodes));
        ValueList<TdmrInfo> tdmrs = construction.Tdmrs;
        ValueList<TdmrInfo> byPamt = construction.TdmrsByPamt;

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool areTheSame = construction.Tdmrs.Span == tdmrs.Span && construction.TdmrsByPamt.Span == byPamt.Span;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        areTheSame.Should().BeTrue();
        allocated.Should().Be(0);
    }

    [Fact]
    public void twenty_thousand_tdmrs_fit_a_thread_of_256_KiB_of_stack()
    {
        HostMemory host = HostMemory.Create(Enumerable.Range(0, 20_000).Select(
            static i => new MemoryRegion(AddressRange.Create((ulong)i << 30, (ulong)(i + 1) << 30), i % 2)));
        ModuleParameters module = new() { MaxTdmrs = ushort.MaxValue, MaxReservedAreas = ushort.MaxValue };
        TdmrConstruction? construction = null;
        Thread thread = new(
            () => construction = new TdmrConstructor(new LinuxPageAllocator(host), module: module).Construct(host),
            maxStackSize: 256 << 10);
        thread.Start();
        thread.Join();

        construction!.Tdmrs.Should().HaveCount(20_000);
        construction.PamtKiB.Should().Be(20_000 * 4108);
    }

    [Fact]
    public void the_same_host_gives_the_same_tdmrs()
    {
        HostMemory host = Machine.Of(ThreeNodes);
        TdmrConstruction first = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);
        TdmrConstruction second = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);

        first.Tdmrs.Should().Equal(second.Tdmrs);
        first.Tdmrs.GetHashCode().Should().Be(second.Tdmrs.GetHashCode());
    }
}
