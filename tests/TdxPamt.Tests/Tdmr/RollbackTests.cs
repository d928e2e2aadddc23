using Microsoft.Extensions.Logging;

namespace TdxPamt.Tests.Tdmr;

/// <summary>Whatever happens at a TDMR: what the earlier ones got is freed once, in the reverse order.</summary>
public class RollbackTests
{
    private const int Tdmrs = 5;

    private static readonly HostMemory Host = Machine.Of("0..1G@0, 1G..2G@1, 2G..3G@0, 3G..4G@1, 4G..5G@0");

    /// <summary>What an allocator can do wrong at TDMR k, in place of a chunk of 4108 KiB.</summary>
    private static readonly (string What, string Address, string Message, bool FreedAsItCame)[] Misdeeds =
    [
        ("returns no page's address", "1G+1", "returned 0x40000001, which is not the address of a page", true),
        ("returns half a page's address", "1G+2K", "returned 0x40000800, which is not the address of a page", true),
        ("returns an address off the machine", "5G", "returned 1027 pages at 0x140000000, which are not*", true),
        ("returns a chunk that leaves the machine", "5G-4104K", "returned 1027 pages at 0x13fbfe000, which*", true),
        ("returns pages below 1 MiB", "4K", "returned 1027 pages at 0x1000, which are not all TDX memory*", true),
        ("returns pages across 1 MiB", "1M-4K", "returned 1027 pages at 0xff000, which are not all TDX memory*", true),
        ("returns address 0", "0", "returned 1027 pages at 0x0, which are not all TDX memory*", false),
        ("returns an address at 2^52", "4P", "returned 1027 pages at 0x10000000000000, which*", true),
        ("returns a chunk across 2^52", "4P-4K", "returned 1027 pages at 0xffffffffff000, which*", true),
        ("returns an address near 2^64", "0xfffffffffffff000", "returned 1027 pages at 0xfffffffffffff000*", true),
        ("returns a chunk that ends at 2^64", "0xffffffffffbfd000", "returned 1027 pages at 0xffffffffffbfd000*", true),
    ];

    public static TheoryData<int> Each
    {
        get
        {
            TheoryData<int> each = [];
            for (int k = 0; k < Tdmrs; k++)
                each.Add(k);
            return each;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void where_there_is_no_memory_the_construction_fails_with_ENOMEM(int k)
    {
        ScriptedAllocator allocator = FailingAt(k, static () => null);
        TdmrFailure failure = Fail(allocator);

        failure.Code.Should().Be(TdmrFailureCode.PamtAllocationFailed);
        failure.Errno.Should().Be(Errno.ENOMEM);
        failure.TdmrIndex.Should().Be(k);
        failure.Range.Should().Be(Machine.Range($"{k}G..{k + 1}G"));
        failure.Needed.Should().Be(1027);
        failure.Cause.Should().BeNull();
        ShouldHaveFreedAllBefore(k, allocator);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void an_allocator_that_throws_is_caught_by_name(int k)
    {
        InvalidTimeZoneException thrown = new("out of time");
        ScriptedAllocator allocator = FailingAt(k, () => throw thrown);
        TdmrFailure failure = Fail(allocator);

        failure.Code.Should().Be(TdmrFailureCode.AllocatorMisbehaved);
        failure.Errno.Should().BeNull();
        failure.TdmrIndex.Should().Be(k);
        failure.Cause.Should().BeSameAs(thrown);
        failure.Message.Should().Be($"TDMR {Machine.Range($"{k}G..{k + 1}G")}: the page allocator threw "
            + "InvalidTimeZoneException: out of time");
        ShouldHaveFreedAllBefore(k, allocator);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void a_chunk_that_is_no_tdx_memory_goes_back_as_it_came_and_one_at_page_0_does_not(int k)
    {
        foreach ((string what, string address, string message, bool freedAsItCame) in Misdeeds)
        {
            RecordingLogger logger = new();
            ScriptedAllocator allocator = FailingAt(k, () => Machine.Address(address));
            TdmrFailure failure = Fail(allocator, logger);

            failure.Code.Should().Be(TdmrFailureCode.AllocatorMisbehaved, what);
            failure.Errno.Should().BeNull();
            failure.TdmrIndex.Should().Be(k);
            failure.Message.Should().Match($"TDMR {Machine.Range($"{k}G..{k + 1}G")}: the page allocator {message}");
            ShouldHaveFreedAllBefore(k, allocator, freedAsItCame ? Machine.Address(address) : null);
            logger.Entries.Count(static entry => entry.Id == 5).Should().Be(freedAsItCame ? 0 : 1, what);
        }
    }

    [Theory]
    [InlineData("1M", "5G-8M")]
    [InlineData("1M+4K", "5G-8M")]
    [InlineData("1M+4104K", "5G-8M")]
    [InlineData("2M", "1M+4K")]
    [InlineData("5G-8M", "5G-8M")]
    [InlineData("5G-12M+1M", "5G-8M")]
    public void a_chunk_that_shares_pages_with_an_earlier_one_is_not_freed_twice(string address, string second)
    {
        // Chunks at 1M, at the second place, then at the address.
        string[] places = second == "1M+4K" ? ["1M", "5G-8M", address] : ["1M", second, address];
        ScriptedAllocator allocator = ScriptedAllocator.At(string.Join(", ", places));
        TdmrFailure failure = Fail(allocator);

        failure.Code.Should().Be(TdmrFailureCode.AllocatorMisbehaved);
        failure.TdmrIndex.Should().Be(2);
        failure.Message.Should().Match("*, which overlaps [0x*), already handed out");
        allocator.Freed.Should().Equal(allocator.Given[1], allocator.Given[0]);
    }

    [Theory]
    [InlineData("1M", "1M-4K", false)]
    [InlineData("1M", "1M+2K", false)]
    [InlineData("5G-4108K", "5G-4K", false)]
    [InlineData("1M+4104K", "1M-4K", true)]
    [InlineData("5G-4108K", "5G", true)]
    public void a_chunk_that_is_no_tdx_memory_goes_back_unless_it_shares_pages_with_an_earlier_one(
        string earlier, string refused, bool freed)
    {
        ScriptedAllocator allocator = ScriptedAllocator.At($"{earlier}, {refused}");
        TdmrFailure failure = Fail(allocator);

        failure.Code.Should().Be(TdmrFailureCode.AllocatorMisbehaved);
        failure.Message.Should().NotContain("overlaps");
        ShouldHaveFreedAllBefore(1, allocator, freed ? Machine.Address(refused) : null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void the_same_chunk_twice_is_freed_once(int k)
    {
        for (int earlier = 0; earlier < k; earlier++)
        {
            Func<int, ulong, ulong?> chunks = ScriptedAllocator.Chunks("1M");
            ulong? same = null;
            ScriptedAllocator allocator = new((index, pages) =>
            {
                ulong? chunk = index == k ? same : chunks(index, pages);
                if (index == earlier)
                    same = chunk;
                return chunk;
            });
            TdmrFailure failure = Fail(allocator);

            failure.TdmrIndex.Should().Be(k);
            failure.Code.Should().Be(TdmrFailureCode.AllocatorMisbehaved);
            allocator.Freed.Should().Equal(allocator.Given.Take(k).Reverse());
            allocator.Freed.Should().OnlyHaveUniqueItems();
        }
    }

    [Fact]
    public void adjacent_chunks_are_no_violation()
    {
        ScriptedAllocator allocator = ScriptedAllocator.At("1M+8216K, 1M, 1M+4108K, 5G-4108K, 5G-8216K");

        new TdmrConstructor(allocator).Construct(Host).Tdmrs.Count.Should().Be(Tdmrs);
        allocator.Freed.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void a_failure_to_free_does_not_replace_the_failure_nor_keep_the_others_pages(int k)
    {
        RecordingLogger logger = new();
        ScriptedAllocator allocator = FailingAt(
            k, static () => null, static address => throw new InvalidOperationException($"0x{address:x}"));
        TdmrFailure failure = Fail(allocator, logger);

        failure.Code.Should().Be(TdmrFailureCode.PamtAllocationFailed);
        failure.Cause.Should().BeNull();
        ShouldHaveFreedAllBefore(k, allocator);
        logger.Entries.Count(static entry => entry is { Id: 6, Level: LogLevel.Error, Exception: not null })
            .Should().Be(k);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void a_refused_chunk_that_cannot_be_freed_does_not_keep_the_others_pages(int k)
    {
        ScriptedAllocator allocator = FailingAt(
            k, static () => Machine.Address("5G"), static _ => throw new InvalidOperationException());
        TdmrFailure failure = Fail(allocator);

        failure.Message.Should().Contain("which are not all TDX memory");
        ShouldHaveFreedAllBefore(k, allocator, Machine.Address("5G"));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void a_node_lookup_that_throws_is_not_caught_but_everything_is_freed(int k)
    {
        InvalidTimeZoneException thrown = new();
        ScriptedAllocator allocator = ScriptedAllocator.From("1M");
        TdmrConstructor constructor = new(allocator, nodeLookup: new Lookup(
            tdmr => tdmr.Start >> 30 == (ulong)k ? throw thrown : 1));
        Action construct = () => constructor.TryConstruct(Host, out _, out _);

        construct.Should().Throw<InvalidTimeZoneException>().Which.Should().BeSameAs(thrown);
        ShouldHaveFreedAllBefore(k, allocator);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    [InlineData(int.MinValue)]
    public void a_node_lookup_that_finds_no_possible_node_is_refused_and_everything_is_freed(int node)
    {
        ScriptedAllocator allocator = ScriptedAllocator.From("1M");
        TdmrConstructor constructor = new(allocator, nodeLookup: new Lookup(
            tdmr => tdmr.Start >> 30 == 3 ? node : 1));
        Action construct = () => constructor.TryConstruct(Host, out _, out _);

        construct.Should().Throw<ArgumentOutOfRangeException>().WithMessage("node must be from 0 to 1023*");
        ShouldHaveFreedAllBefore(3, allocator);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void an_allocator_of_this_library_is_not_asked_for_pages_of_an_impossible_node(int node)
    {
        LinuxPageAllocator allocator = new(Host);
        TdmrConstructor constructor = new(allocator, nodeLookup: new Lookup(
            tdmr => tdmr.Start >> 30 == 3 ? node : 1));
        Action construct = () => constructor.TryConstruct(Host, out _, out _);

        construct.Should().Throw<ArgumentOutOfRangeException>().WithMessage("node must be from 0 to 1023*");
        allocator.PagesInUse.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void where_no_node_is_found_node_0_is_taken_with_a_warning(int k)
    {
        RecordingLogger logger = new();
        ScriptedAllocator allocator = ScriptedAllocator.From("1M");
        TdmrConstruction construction = new TdmrConstructor(
            allocator,
            nodeLookup: new Lookup(tdmr => tdmr.Start >> 30 == (ulong)k ? null : 1),
            logger: logger).Construct(Host);

        for (int i = 0; i < Tdmrs; i++)
        {
            construction.Tdmrs[i].Node.Should().Be(i == k ? 0 : 1);
            allocator.Asked[i].Order.Should().Equal(i == k ? [0, 1] : [1, 0]);
        }

        logger.Entries.Where(static entry => entry.Level == LogLevel.Warning).Should().ContainSingle().Which.Message
            .Should().Be($"TDMR {Machine.Range($"{k}G..{k + 1}G")}: no NUMA node found, using node 0");
    }

    [Theory]
    [InlineData(1, 5, "where the total is logged")]
    [InlineData(4, 2, "where the node of TDMR 2 is unknown")]
    [InlineData(3, 0, "where few TDMRs are left")]
    public void a_logger_that_throws_is_not_caught_but_everything_is_freed(int eventId, int given, string where)
    {
        RecordingLogger logger = new() { OnLog = id => Throw(id == eventId) };
        ScriptedAllocator allocator = ScriptedAllocator.From("1M");
        TdmrConstructor constructor = new(
            allocator,
            module: new ModuleParameters { MaxTdmrs = Tdmrs },
            nodeLookup: new Lookup(static tdmr => tdmr.Start >> 30 == 2 ? null : 1),
            logger: logger);
        Action construct = () => constructor.TryConstruct(Host, out _, out _);

        construct.Should().Throw<InvalidTimeZoneException>(where);
        allocator.Given.Should().HaveCount(given);
        allocator.Freed.Should().Equal(Enumerable.Reverse(allocator.Given), where);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(5)]
    [InlineData(6)]
    public void a_logger_that_throws_while_everything_is_freed_keeps_no_pages_and_replaces_no_failure(int eventId)
    {
        // At TDMR 3 there is no memory, or page 0; earlier chunks cannot be freed, which is logged too.
        RecordingLogger logger = new() { OnLog = id => Throw(id == eventId) };
        ScriptedAllocator allocator = FailingAt(
            3, () => eventId == 5 ? 0UL : null, _ => Throw(eventId == 6));
        TdmrConstructor constructor = new(allocator, logger: logger);
        constructor.TryConstruct(Host, out _, out TdmrFailure? failure).Should().BeFalse();
        failure!.Code.Should().Be(
            eventId == 5 ? TdmrFailureCode.AllocatorMisbehaved : TdmrFailureCode.PamtAllocationFailed);
        ShouldHaveFreedAllBefore(3, allocator);
    }

    [Fact]
    public void a_logger_that_throws_while_a_construction_is_freed_does_not_keep_pages()
    {
        RecordingLogger logger = new() { OnLog = static id => Throw(id == 6) };
        ScriptedAllocator allocator = ScriptedAllocator.From("1M", static _ => throw new InvalidOperationException());
        TdmrConstruction construction = new TdmrConstructor(allocator, logger: logger).Construct(Host);
        Action free = construction.Free;

        IEnumerable<Type> inner = free.Should().Throw<AggregateException>()
            .Which.InnerExceptions.Select(static exception => exception.GetType());
        inner.Chunk(2).Should().HaveCount(Tdmrs).And.AllBeEquivalentTo(
            (Type[])[typeof(InvalidOperationException), typeof(InvalidTimeZoneException)]);
        allocator.Freed.Should().Equal(Enumerable.Reverse(allocator.Given)).And.HaveCount(Tdmrs);
    }

    [Fact]
    public void after_a_failure_the_allocator_is_as_before()
    {
        HostMemory host = Machine.Of("4G..5G@0, 5G..6G@1, 6G..6G+4M@2", fallback: NodeFallback.Create([[0], [1], [2]]));
        LinuxPageAllocator allocator = new(host);
        TdmrConstructor constructor = new(allocator);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            constructor.TryConstruct(host, out _, out TdmrFailure? failure).Should().BeFalse();
            failure!.TdmrIndex.Should().Be(2);
            allocator.PagesInUse.Should().Be(0);
        }

        allocator.TryAllocate(1027, [0], out ulong address).Should().BeTrue();
        address.Should().Be(Machine.Address("4G"));
    }

    [Fact]
    public void pamts_larger_than_any_machine_are_no_memory_and_no_violation()
    {
        HostMemory host = Machine.Of("0..4P");
        ModuleParameters module = new() { PamtEntrySizes = new PamtEntrySizes(65535, 65535, 65535) };
        new TdmrConstructor(new LinuxPageAllocator(host), module: module)
            .TryConstruct(host, out _, out TdmrFailure? failure)
            .Should().BeFalse();

        failure!.Code.Should().Be(TdmrFailureCode.PamtAllocationFailed);
        failure.Errno.Should().Be(Errno.ENOMEM);
    }

    [Fact]
    public void the_throwing_twin_carries_the_failure_and_its_cause()
    {
        InvalidTimeZoneException thrown = new("out of time");
        Action construct = () => new TdmrConstructor(FailingAt(1, () => throw thrown)).Construct(Host);

        TdmrConstructionException exception = construct.Should().Throw<TdmrConstructionException>().Which;
        exception.InnerException.Should().BeSameAs(thrown);
        exception.Message.Should().Be(exception.Failure.Message);
        exception.Failure.TdmrIndex.Should().Be(1);
        exception.Failure.ToString().Should().Be(exception.Message);
    }

    [Fact]
    public void what_must_be_there_is_asked_for_up_front()
    {
        Action withoutAllocator = () => _ = new TdmrConstructor(null!);
        Action withoutHost = () => new TdmrConstructor(ScriptedAllocator.From("1M")).Construct(null!);
        Action withoutFailure = () => _ = new TdmrConstructionException(null!);

        withoutAllocator.Should().Throw<ArgumentNullException>().WithParameterName("allocator");
        withoutHost.Should().Throw<ArgumentNullException>().WithParameterName("host");
        withoutFailure.Should().Throw<ArgumentNullException>().WithParameterName("failure");
    }

    [Fact]
    public void mainline_and_todays_module_are_taken_where_nothing_is_said()
    {
        TdmrConstructor constructor = new(ScriptedAllocator.From("1M"));

        constructor.Kernel.Should().BeSameAs(KernelModel.Mainline);
        constructor.Module.Should().Be(ModuleParameters.Default);
    }

    private static ScriptedAllocator FailingAt(int k, Func<ulong?> answer, Action<ulong>? onFree = null)
    {
        Func<int, ulong, ulong?> chunks = ScriptedAllocator.Chunks("8M");
        return new ScriptedAllocator((index, pages) => index == k ? answer() : chunks(index, pages))
        {
            OnFree = onFree,
        };
    }

    private static TdmrFailure Fail(ScriptedAllocator allocator, RecordingLogger? logger = null)
    {
        new TdmrConstructor(allocator, logger: logger)
            .TryConstruct(Host, out TdmrConstruction? construction, out TdmrFailure? failure).Should().BeFalse();
        construction.Should().BeNull();
        return failure!;
    }

    private static void ShouldHaveFreedAllBefore(int k, ScriptedAllocator allocator, ulong? refused = null)
    {
        List<(ulong Address, ulong Pages)> expected = [.. allocator.Given.Take(k).Reverse()];
        if (refused is { } address)
            expected.Insert(0, (address, 1027));
        allocator.Freed.Should().Equal(expected);
    }

    private static void Throw(bool really)
    {
        if (really)
            throw new InvalidTimeZoneException();
    }

    private sealed class Lookup(Func<AddressRange, int?> find) : INodeLookup
    {
        public bool TryGetNode(HostMemory host, AddressRange tdmr, out int node)
        {
            host.Should().BeSameAs(Host);
            int? found = find(tdmr);
            node = found ?? 77;
            return found is not null;
        }
    }
}
