using System.Collections.Concurrent;
using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

/// <summary>Many threads on few pages: afterwards entries, counts and bitmap are those of a sequential model.</summary>
public class ModuleStressTests
{
    private const int Threads = 4;
    private const int Steps = 4000;
    private const ulong Tdr = (9 * GiB) + (512 * MiB);
    private const ulong Start = 8 * GiB;

    /// <summary>What each call may answer but success, whatever the others do.</summary>
    private static readonly Dictionary<Act, HashSet<ulong>> Legal = new()
    {
        [Act.Take4K] = [0x8000020000000001, 0x8000030800000001, 0xC000030000000001],
        [Act.Take2M] = [0x8000020000000001, 0xC000030000000001],
        [Act.Reclaim] = [0x8000020000000001, 0x8000020000000080, 0xC000030000000001, 0xC000010000000001],
        [Act.Add] =
        [
            0x8000020000000001, 0x8000020000000002, 0x8000020000000008,
            0xC000030400000001, 0xC000030300000002, 0xC000030300000008,
        ],
        [Act.Remove] = [0x8000020000000001, 0xC000030500000001, 0xC000030600000000, 0xC000030600000001],
        [Act.Look] = [0x8000020000000001],
    };

    private enum Act
    {
        Take4K,
        Take2M,
        Reclaim,
        Add,
        Remove,
        Look,
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void after_calls_from_many_threads_every_entry_is_that_of_a_sequential_model(bool dynamic)
    {
        TdmrInfoEntry[] tdmrs = Create(new() { DynamicPamt = dynamic });
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic);
        machine.Initialize(tdmrs[2]);
        machine.AddTdr(Tdr, Tdr + (2 * MiB));
        Books books = new();
        ConcurrentBag<string> wrong = [];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(
            number => new Thread(() => Work(machine, dynamic, number, books, wrong)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        wrong.Should().BeEmpty();
        books.Successes.Should().BeGreaterThan(Steps / 4);
        PamtModel model = books.Replay(dynamic);
        foreach (ulong page in PamtModel.Pages)
            machine.Page(page).Type.Should().Be(model.Look(page).Type, "that is page 0x{0:x}", page);
        foreach (ulong region in PamtModel.Pages.Select(static page => page & ~((2 * MiB) - 1)).Distinct())
        {
            ulong index = (region - Start) / (2 * MiB);
            PamtEntry entry = PamtEntry.Read(machine.Read(tdmrs[2].Pamt2M.Base + (index * 16), 16));
            (entry.Low & 0xFFFD).Should().Be(0, "nobody holds region 0x{0:x}", region);
            if (entry.Type == PamtPageType.Pamt)
                entry.PageCount.Should().Be(model.CountUsed(region), "that many pages of 0x{0:x} are in use", region);
            if (dynamic)
                machine.Read(tdmrs[2].Pamt4K.Base + (index * 64), 64).Should().Equal(model.Bits(region));
        }

        PamtEntry.Read(machine.Read(tdmrs[2].Pamt1G.Base, 16)).Low.Should().Be(0);
    }

    private static void Work(
        ModuleMachine machine, bool dynamic, int number, Books books, ConcurrentBag<string> wrong)
    {
        Random random = new(number);
        for (int step = 0; step < Steps; step++)
        {
            Act act = (Act)random.Next(dynamic ? 6 : 3);
            ulong page = PamtModel.RandomPage(random);
            ulong region = page & ~((2 * MiB) - 1);
            ulong page0 = PamtModel.RandomPage(random);
            ulong page1 = PamtModel.RandomPage(random);
            ulong address = act is Act.Take4K or Act.Reclaim or Act.Look ? page : region;
            (ulong status, (ulong, ulong) pair) = act switch
            {
                Act.Take4K or Act.Take2M => (
                    machine.Module.TakePage(address, (PageSize)act, PamtPageType.Regular, Tdr, operand: 1).Value,
                    default((ulong, ulong))),
                Act.Reclaim => Reclaim(machine, page),
                Act.Add => (machine.Call(58, region | 1, page0, page1).Rax, (page0, page1)),
                Act.Remove => Remove(machine, region),
                _ => (machine.Call(24, page).Rax, default),
            };
            if (status == 0)
                books.Enter(act, address, pair);
            else if (!Legal[act].Contains(status))
                wrong.Add($"{act} of 0x{address:x} ends with 0x{status:x}");
        }
    }

    private static (ulong Status, (ulong Level, ulong) Result) Reclaim(ModuleMachine machine, ulong page)
    {
        SeamcallRegisters after = machine.Call(28, page);
        return (after.Rax, (after.R8, 0));
    }

    private static (ulong Status, (ulong Page0, ulong Page1) Pair) Remove(ModuleMachine machine, ulong region)
    {
        SeamcallRegisters after = machine.Call(59, region | 1);
        return (after.Rax, (after.Rdx, after.R8));
    }

    /// <summary>What succeeded: each page is as often taken as given back, or once more, and so is each pair.</summary>
    private sealed class Books
    {
        private readonly ConcurrentDictionary<(PageSize Size, ulong Address), int> _pages = new();
        private readonly ConcurrentDictionary<(ulong Region, ulong Page0, ulong Page1), int> _pairs = new();
        private int _successes;

        internal int Successes => _successes;

        internal void Enter(Act act, ulong address, (ulong First, ulong Second) result)
        {
            Interlocked.Increment(ref _successes);
            switch (act)
            {
                case Act.Take4K or Act.Take2M:
                    Count(_pages, ((PageSize)act, address), 1);
                    break;
                case Act.Reclaim:
                    Count(_pages, ((PageSize)result.First, address), -1);
                    break;
                case Act.Add:
                    Count(_pairs, (address, result.First, result.Second), 1);
                    break;
                case Act.Remove:
                    Count(_pairs, (address, result.First, result.Second), -1);
                    break;
            }
        }

        /// <summary>The end as a model: pairs first, then pages.</summary>
        internal PamtModel Replay(bool dynamic)
        {
            PamtModel model = new(dynamic);
            _pairs.Where(static pair => pair.Value is not (0 or 1)).Should().BeEmpty("a pair is added, then removed");
            _pages.Where(static page => page.Value is not (0 or 1)).Should().BeEmpty("a page is taken, then reclaimed");
            foreach ((ulong region, ulong page0, ulong page1) in Left(_pairs))
                model.Add(region, page0, page1).Should().Be(0, "0x{0:x} has 0x{1:x}, 0x{2:x}", region, page0, page1);
            foreach ((PageSize size, ulong page) in Left(_pages))
                model.Assign(page, size, Tdr).Should().Be(0, "0x{0:x} is in use as {1}", page, size);
            return model;
        }

        private static IEnumerable<T> Left<T>(ConcurrentDictionary<T, int> counts)
            where T : notnull => counts.Where(static count => count.Value == 1).Select(static count => count.Key);

        private static void Count<T>(ConcurrentDictionary<T, int> counts, T key, int change)
            where T : notnull => counts.AddOrUpdate(key, change, (_, count) => count + change);
    }
}
