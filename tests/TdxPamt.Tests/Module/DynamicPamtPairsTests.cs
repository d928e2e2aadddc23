using System.Collections.Concurrent;
using TdxPamt.Module;
using static TdxPamt.Tests.Readme.DynamicPamtSample;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class DynamicPamtPairsTests
{
    private const ulong Regions = 8 * GiB;
    private const ulong PoolAt = 9 * GiB;
    private const ulong Tdr = PoolAt + (512 * MiB);

    private readonly ModuleMachine _machine;
    private readonly PagePool _pool = new(PoolAt, 64);
    private readonly DynamicPamtPairs _pairs;

    public DynamicPamtPairsTests()
    {
        TdmrInfoEntry[] tdmrs = Create(new() { DynamicPamt = true });
        _machine = ModuleMachine.Ready(tdmrs, dynamic: true);
        _machine.Initialize(tdmrs[2]);
        _machine.AddTdr(Tdr, Tdr + (2 * MiB));
        _pairs = new(_machine.Module, _pool);
    }

    [Fact]
    public void the_first_page_of_a_region_adds_its_pair_and_the_last_removes_it()
    {
        Acquire(Regions);
        Acquire(Regions + (2 * MiB) - 1);
        Acquire(Regions + (2 * MiB));
        (_pairs.Pairs, _pool.Left, _pairs.CountReferences(Regions + Page)).Should().Be((2, 60, 2));
        _pairs.ToString().Should().Be("2 pairs of PAMT pages");
        _machine.Page(Regions).Level.Should().Be(PageSize.Page4K);
        Release(Regions + Page);
        _pairs.Pairs.Should().Be(2);
        Release(Regions);
        (_pairs.Pairs, _pool.Left, _pairs.CountReferences(Regions)).Should().Be((1, 62, 0));
        _machine.Page(Regions).Level.Should().Be(PageSize.Page2M);
        Release(Regions + (2 * MiB));
        (_pairs.Pairs, _pool.Left).Should().Be((0, 64));
        Acquire(Regions);
    }

    [Fact]
    public void a_missing_pair_is_the_reason_to_add_one_and_to_take_the_page_again()
    {
        TdxModule module = _machine.Module;
        CompletionStatus missing = module.TakePage(Regions, PageSize.Page4K, PamtPageType.Regular, Tdr);
        missing.ToString().Should().Be("TDX_MISSING_PAMT_PAGE_PAIR 0x8000030800000008");
        (missing.IsSuccess, _pairs.Pairs).Should().Be((false, 0));

        PageOfTd.Take(module, _pairs, Regions, Tdr).Should().BeNull();
        (_pairs.Pairs, _pairs.CountReferences(Regions)).Should().Be((1, 1));
        _machine.Page(Regions).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.Regular, Tdr));
        PageOfTd.Take(module, _pairs, Regions, Tdr).Should().StartWith("TDX_PAGE_METADATA_INCORRECT 0x");
        _pairs.CountReferences(Regions).Should().Be(1, "what was not taken is not counted");

        _machine.Reclaim(Regions).IsSuccess.Should().BeTrue();
        Release(Regions);
        module.TakePage(Regions, PageSize.Page4K, PamtPageType.Regular, Tdr).Should().Be(missing);
        _pool.Left.Should().Be(64);
    }

    [Fact]
    public void a_2m_page_needs_no_pair_and_none_fits_below_it()
    {
        const ulong Region = Regions + (32 * MiB);
        _machine.Take(Region, PageSize.Page2M, Tdr).Should().Be(CompletionStatus.Success);
        PageOfTd.Take(_machine.Module, _pairs, Region, Tdr).Should().Contain("TDX_HPA_RANGE_NOT_FREE");
        (_pairs.Pairs, _pool.Left).Should().Be((0, 64));
    }

    [Fact]
    public void a_page_that_was_not_counted_keeps_the_pair_of_those_that_were()
    {
        Acquire(Regions);
        _machine.Take(Regions + Page, PageSize.Page4K, Tdr).Should().Be(CompletionStatus.Success);
        _pairs.TryRelease(Regions, out DynamicPamtFailure? failure).Should().BeFalse();
        failure!.Status.Code.Should().Be(CompletionCode.PamtPageNotEmpty);
        _machine.Reclaim(Regions + Page).IsSuccess.Should().BeTrue();
        Release(Regions);
        _pool.Left.Should().Be(64);
    }

    [Fact]
    public void a_missing_pair_without_pages_left_is_told_and_nothing_is_taken()
    {
        while (_pool.Left > 0)
            _pool.TryAllocate(out _);
        PageOfTd.Take(_machine.Module, _pairs, Regions, Tdr)
            .Should().Be("2M region 0x200000000: no pages left for its PAMT entries");
        _machine.Page(Regions).Level.Should().Be(PageSize.Page2M);
    }

    [Fact]
    public void every_page_of_a_td_that_is_counted_before_it_is_taken_finds_its_pair()
    {
        ulong[] pages = [.. Enumerable.Range(0, 40).Select(static i => Regions + ((ulong)i * 37 * Page))];
        foreach (ulong page in pages)
        {
            Acquire(page);
            _machine.Take(page, PageSize.Page4K, Tdr).Should().Be(CompletionStatus.Success);
        }

        foreach (IGrouping<ulong, ulong> region in pages.GroupBy(static page => page / (2 * MiB)))
            _pairs.CountReferences(region.First()).Should().Be(region.Count());
        _pairs.Pairs.Should().Be(3);
        foreach (ulong page in pages)
        {
            _machine.Reclaim(page).IsSuccess.Should().BeTrue();
            Release(page);
        }

        (_pairs.Pairs, _pool.Left).Should().Be((0, 64));
    }

    [Theory]
    [InlineData(0, 0xC000010100000001)]
    [InlineData(1UL << 51, 0xC000010000000001)]
    [InlineData(1UL << 52, 0xC000010000000001)]
    [InlineData(ulong.MaxValue, 0xC000010000000001)]
    public void any_address_can_be_asked_for_and_the_module_says_what_is_wrong_with_it(ulong address, ulong status)
    {
        _pairs.CountReferences(address).Should().Be(0);
        _pairs.TryAcquire(address, out DynamicPamtFailure? failure).Should().BeFalse();
        failure!.Status.Value.Should().Be(status);
        (_pairs.CountReferences(address), _pool.Left).Should().Be((0, 64));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void without_pages_nothing_is_counted_and_none_is_lost(int left)
    {
        while (_pool.Left > left)
            _pool.TryAllocate(out _);
        _pairs.TryAcquire(Regions, out DynamicPamtFailure? failure).Should().BeFalse();
        failure.Should().Be(new DynamicPamtFailure(Regions, default));
        failure!.IsOutOfPages.Should().BeTrue();
        failure.ToString().Should().Be("2M region 0x200000000: no pages left for its PAMT entries");
        (_pairs.Pairs, _pool.Left, _pairs.CountReferences(Regions)).Should().Be((0, left, 0));
    }

    [Fact]
    public void when_the_module_refuses_the_pages_come_back()
    {
        _pairs.TryAcquire(7 * GiB, out DynamicPamtFailure? failure).Should().BeFalse();
        failure!.Status.Value.Should().Be(0xC000010100000001);
        failure.IsOutOfPages.Should().BeFalse();
        failure.ToString().Should().Be("2M region 0x1c0000000: TDX_OPERAND_ADDR_RANGE_ERROR 0xC000010100000001");
        (_pairs.Pairs, _pool.Left).Should().Be((0, 64));
    }

    [Fact]
    public void a_page_still_in_use_keeps_the_pair_and_its_count()
    {
        Acquire(Regions);
        _machine.Take(Regions, PageSize.Page4K, Tdr).IsSuccess.Should().BeTrue();
        _pairs.TryRelease(Regions, out DynamicPamtFailure? failure).Should().BeFalse();
        failure!.Status.Value.Should().Be(0xC000030600000000);
        (_pairs.Pairs, _pool.Left, _pairs.CountReferences(Regions)).Should().Be((1, 62, 1));
        _machine.Reclaim(Regions).IsSuccess.Should().BeTrue();
        Release(Regions);
        _pool.Left.Should().Be(64);
    }

    [Fact]
    public void releasing_what_was_not_acquired_is_a_callers_bug() =>
        FluentActions.Invoking(() => _pairs.TryRelease(Regions, out _)).Should().Throw<InvalidOperationException>()
            .WithMessage("2M region 0x200000000 has no private 4K pages to release");

    [Fact]
    public void a_page_source_that_throws_loses_no_page()
    {
        _pool.ThrowsAt = 2;
        FluentActions.Invoking(() => _pairs.TryAcquire(Regions, out _)).Should().Throw<NotSupportedException>();
        (_pairs.Pairs, _pool.Left, _pairs.CountReferences(Regions)).Should().Be((0, 64, 0));
    }

    [Fact]
    public void a_call_is_repeated_while_another_processor_holds_the_regions_entry()
    {
        TdmrInfoEntry[] tdmrs = Create(new() { DynamicPamt = true });
        ReleasedMemory memory = new(tdmrs[2].Pamt2M.Base);
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic: true, memory);
        machine.Initialize(tdmrs[2]);
        DynamicPamtPairs pairs = new(machine.Module, _pool);
        memory.HoldUntilRead(5);
        pairs.TryAcquire(Regions, out _).Should().BeTrue();
        memory.HoldUntilRead(5);
        pairs.TryRelease(Regions, out _).Should().BeTrue();
        (pairs.Pairs, _pool.Left).Should().Be((0, 64));
    }

    [Fact]
    public void from_many_threads_no_pair_is_lost_and_none_is_leaked()
    {
        const int Threads = 8;
        const int Steps = 4000;
        ConcurrentBag<string> faults = [];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() => Work(number)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        faults.Should().BeEmpty();
        (_pairs.Pairs, _pool.Left).Should().Be((0, 64));
        _pool.AllDistinct.Should().BeTrue();
        for (ulong region = 0; region < 16; region++)
        {
            ulong page = Regions + (region * 2 * MiB) + (64 * Page);
            _pairs.CountReferences(page).Should().Be(0);
            _machine.Page(page).Level.Should().Be(PageSize.Page2M);
        }

        // Each thread owns its own pages of shared regions, and uses them in the module while it holds them.
        void Work(int number)
        {
            Random random = new(number);
            List<ulong> held = [];
            for (int step = 0; step < Steps; step++)
            {
                ulong page = Regions + ((ulong)random.Next(16) * 2 * MiB) + ((ulong)(64 + number) * Page);
                bool isHeld = held.Remove(page);
                if (isHeld)
                    GiveBack(page);
                else if (Use(page))
                    held.Add(page);
            }

            held.ForEach(GiveBack);
        }

        bool Use(ulong page)
        {
            if (!_pairs.TryAcquire(page, out DynamicPamtFailure? failure))
            {
                faults.Add(failure.ToString());
                return false;
            }

            CompletionStatus status = _machine.Take(page, PageSize.Page4K, Tdr);
            if (!status.IsSuccess || _machine.Page(page).Owner != Tdr)
                faults.Add($"assigning 0x{page:x}: {status}");
            return true;
        }

        void GiveBack(ulong page)
        {
            CompletionStatus status = _machine.Reclaim(page);
            if (!status.IsSuccess || !_pairs.TryRelease(page, out _))
                faults.Add($"releasing 0x{page:x}: {status}");
        }
    }

    private void Acquire(ulong address) => _pairs.TryAcquire(address, out _).Should().BeTrue();

    private void Release(ulong address) => _pairs.TryRelease(address, out _).Should().BeTrue();

    /// <summary>Memory in which an entry is locked exclusively until it has been read some times.</summary>
    private sealed class ReleasedMemory(ulong entry) : IPhysicalMemory
    {
        private readonly SparsePhysicalMemory _memory = new();
        private int _readsLeft;

        internal void HoldUntilRead(int times)
        {
            _memory.Write(entry, [1, 0]);
            _readsLeft = times;
        }

        public void Read(ulong address, Span<byte> destination)
        {
            if (address == entry && _readsLeft > 0 && --_readsLeft == 0)
                _memory.Write(entry, [0, 0]);
            _memory.Read(address, destination);
        }

        public void Write(ulong address, ReadOnlySpan<byte> source) => _memory.Write(address, source);

        public void Clear(ulong address, ulong length) => _memory.Clear(address, length);
    }

    private sealed class PagePool : IPamtPageSource
    {
        private readonly ConcurrentStack<ulong> _pages;
        private int _allocations;

        internal PagePool(ulong start, int pages)
        {
            _pages = new(Enumerable.Range(0, pages).Select(page => start + ((ulong)page * Page)));
        }

        internal int Left => _pages.Count;

        internal bool AllDistinct => _pages.Distinct().Count() == _pages.Count;

        internal int ThrowsAt { get; set; }

        public bool TryAllocate(out ulong page) => Interlocked.Increment(ref _allocations) == ThrowsAt
            ? throw new NotSupportedException()
            : _pages.TryPop(out page);

        public void Free(ulong page) => _pages.Push(page);
    }
}
