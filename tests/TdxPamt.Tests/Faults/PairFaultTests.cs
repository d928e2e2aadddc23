using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Faults;

/// <summary>Whatever the page source or the module's memory does: two pages are out a pair, none twice.</summary>
public class PairFaultTests
{
    private const ulong Regions = 8 * GiB;
    private const ulong PoolAt = 9 * GiB;

    /// <summary>What a page source can answer instead of a page; the first pair has the pool's last two.</summary>
    private static readonly (string What, ulong? Page)[] Lies =
    [
        ("no page", null),
        ("half a page", PoolAt + 0x800),
        ("page 0", 0),
        ("a page off the machine", 1UL << 51),
        ("a page beyond all", ulong.MaxValue),
        ("a page of no TDMR", 7 * GiB),
        ("a page of a TDMR that is not initialised", 5 * GiB),
        ("a reserved page", (8 * GiB) + MiB),
        ("a page of the first pair", PoolAt + (31 * Page)),
        ("the other page of the first pair", PoolAt + (30 * Page)),
        ("the page that is handed out next, or was last", PoolAt + (29 * Page)),
    ];

    private readonly FaultyMemory _memory = new();
    private readonly TdxModule _module;

    public PairFaultTests()
    {
        TdmrInfoEntry[] tdmrs = Create(new() { DynamicPamt = true });
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic: true, _memory);
        machine.Initialize(tdmrs[2]);
        _module = machine.Module;
    }

    [Fact]
    public void a_page_source_that_lies_at_any_request_loses_no_page()
    {
        foreach ((string what, ulong? page) in Lies)
        {
            for (int k = 2; k < 6; k++)
            {
                LedgerPages pages = new(PoolAt, 32) { Wrong = (k, () => page) };
                DynamicPamtPairs pairs = WithOnePair(pages);
                bool acquired = pairs.TryAcquire(Regions + (2 * MiB), out DynamicPamtFailure? failure);
                (failure is null).Should().Be(acquired);
                pairs.TryAcquire(Regions + (4 * MiB), out _).Should().Be(!acquired, what);
                ShouldBalance(pairs, pages, 4, $"{what} at {k}");
                Release(pairs, Regions, Regions + (2 * MiB), Regions + (4 * MiB));
                ShouldBalance(pairs, pages, 0, $"{what} at {k}");
            }
        }
    }

    [Theory]
    [InlineData(2, -1)]
    [InlineData(3, -1)]
    [InlineData(3, 0)]
    public void a_page_source_that_throws_loses_no_page_even_where_it_throws_as_pages_come_back(int k, int freeThrowsAt)
    {
        KeyNotFoundException thrown = new();
        LedgerPages pages = new(PoolAt, 32) { Wrong = (k, () => throw thrown), FreeThrowsAt = freeThrowsAt };
        DynamicPamtPairs pairs = WithOnePair(pages);
        FluentActions.Invoking(() => pairs.TryAcquire(Regions + (2 * MiB), out _))
            .Should().Throw<KeyNotFoundException>().Which.Should().BeSameAs(thrown);
        ShouldBalance(pairs, pages, 2, "it throws");
        pairs.CountReferences(Regions + (2 * MiB)).Should().Be(0);
        pairs.TryAcquire(Regions + (2 * MiB), out _).Should().BeTrue("it works the next time");
        Release(pairs, Regions, Regions + (2 * MiB));
        ShouldBalance(pairs, pages, 0, "all is handed back");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void a_page_source_that_throws_as_it_takes_a_pair_back_was_handed_both_pages(int freeThrowsAt)
    {
        LedgerPages pages = new(PoolAt, 32) { FreeThrowsAt = freeThrowsAt };
        DynamicPamtPairs pairs = WithOnePair(pages);
        FluentActions.Invoking(() => pairs.TryRelease(Regions, out _))
            .Should().Throw<InvalidTimeZoneException>().Which.Should().BeSameAs(pages.Thrown);
        ShouldBalance(pairs, pages, 0, "the pair is gone");
        pairs.CountReferences(Regions).Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void memory_that_throws_at_any_access_loses_no_page(bool freeThrows)
    {
        int k = 0;
        for (bool reached = true; reached; k++)
        {
            LedgerPages pages = new(PoolAt, 32) { FreeThrowsAt = freeThrows ? 0 : -1 };
            DynamicPamtPairs pairs = WithOnePair(pages);
            _memory.Arm(k);
            bool failed = Fails(() => pairs.TryAcquire(Regions + (2 * MiB), out _));
            _memory.Disarm();
            reached = _memory.Faults > 0;
            ShouldBalance(pairs, pages, failed ? 2 : 4, $"access {k} fails");
            pairs.CountReferences(Regions + (2 * MiB)).Should().Be(failed ? 0 : 1);
            if (!failed && freeThrows)
            {
                // The first page handed back is then one of these.
                Fails(() => pairs.TryRelease(Regions, out _)).Should().BeTrue();
                Release(pairs, Regions + (2 * MiB));
                continue;
            }

            Release(pairs, [Regions, .. failed ? (ulong[])[] : [Regions + (2 * MiB)]]);
        }

        k.Should().BeGreaterThan(8);
    }

    [Fact]
    public void memory_that_throws_at_any_access_of_a_release_keeps_the_pair_and_its_count()
    {
        int k = 0;
        for (bool reached = true; reached; k++)
        {
            LedgerPages pages = new(PoolAt, 32);
            DynamicPamtPairs pairs = WithOnePair(pages);
            _memory.Arm(k);
            bool failed = Fails(() => pairs.TryRelease(Regions, out _));
            _memory.Disarm();
            reached = _memory.Faults > 0;
            ShouldBalance(pairs, pages, failed ? 2 : 0, $"access {k} fails");
            pairs.CountReferences(Regions).Should().Be(failed ? 1 : 0);
            if (failed)
                Release(pairs, Regions);
        }

        k.Should().BeGreaterThan(8);
    }

    [Fact]
    public void from_eight_threads_while_memory_throws_now_and_then_no_page_is_lost()
    {
        LedgerPages pages = new(PoolAt, 256);
        DynamicPamtPairs pairs = WithOnePair(pages);
        int thrown = 0;
        _memory.Every = 37;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() => Work(new Random(number))))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        _memory.Every = 0;

        thrown.Should().BePositive();
        ShouldBalance(pairs, pages, 2, $"memory threw {thrown} times");

        void Work(Random random)
        {
            for (int step = 0; step < 300; step++)
            {
                ulong page = Regions + ((ulong)random.Next(8) * 2 * MiB);
                if (!Fails(() => pairs.TryAcquire(page, out _)))
                {
                    while (Fails(() => pairs.TryRelease(page, out _)))
                        Interlocked.Increment(ref thrown);
                }
            }
        }
    }

    private static bool Fails(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (Exception exception) when (exception is InvalidTimeZoneException or InvalidCastException)
        {
            return true;
        }
    }

    private static void ShouldBalance(DynamicPamtPairs pairs, LedgerPages pages, int expected, string what) =>
        (pages.Out, pairs.Pairs, pages.FreedTwice).Should().Be((expected, expected / 2, 0), what);

    private static void Release(DynamicPamtPairs pairs, params ulong[] regions)
    {
        foreach (ulong region in regions)
        {
            if (pairs.CountReferences(region) > 0)
                pairs.TryRelease(region, out _).Should().BeTrue();
        }
    }

    private DynamicPamtPairs WithOnePair(LedgerPages pages)
    {
        DynamicPamtPairs pairs = new(_module, pages);
        pairs.TryAcquire(Regions, out _).Should().BeTrue();
        return pairs;
    }
}
