using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Faults;

/// <summary>Memory that fails at whichever read or write of a call: the call then never was.</summary>
public class ModuleFaultTests
{
    private const ulong Region = 8 * GiB;
    private const ulong Tdr = (9 * GiB) + (512 * MiB);
    private const int Many = 24;
    private const ulong Pairs = (8 * GiB) + (64 * MiB);

    /// <summary>Each call that touches memory, on a machine that is ready for it, and whether it leaves no byte
    /// behind when it fails.</summary>
    private static readonly Dictionary<string, (bool Dynamic, int State, bool Clean, Act Act)> Calls =
        new(StringComparer.Ordinal)
        {
            ["SYS.INFO"] = (false, 0, false, Seamcall(32, 0x8000, 1024, 0x9000, 32)),
            ["SYS.CONFIG"] = (false, 0, true, Seamcall(45, ModuleMachine.ArrayAt, 3, 32)),
            ["SYS.CONFIG, dynamic"] = (true, 0, true, Seamcall(45, ModuleMachine.ArrayAt, 3, 32 | (1UL << 16))),
            ["SYS.TDMR.INIT, first"] = (false, 1, false, Seamcall(36, 4 * GiB)),
            ["SYS.TDMR.INIT, first, dynamic"] = (true, 1, false, Seamcall(36, 4 * GiB)),
            ["SYS.TDMR.INIT, last of a GiB"] = (false, 2, false, Seamcall(36, 5 * GiB)),
            ["SYS.TDMR.INIT, last of a GiB, dynamic"] = (true, 2, false, Seamcall(36, 5 * GiB)),
            ["PHYMEM.PAMT.ADD"] = (true, 2, true, AddPair(Pairs + (3 * Page))),
            ["PHYMEM.PAMT.ADD, far pages"] = (true, 2, true, AddPair(Pairs + GiB)),
            ["PHYMEM.PAMT.REMOVE"] = (true, 2, true, Seamcall(59, (Region + (2 * MiB)) | 1)),
            ["take 4K"] = (false, 2, true, Take(Region, PageSize.Page4K)),
            ["take 4K, dynamic"] = (true, 2, true, Take(Region, PageSize.Page4K)),
            ["take 2M"] = (false, 2, true, Take(Region + (6 * MiB), PageSize.Page2M)),
            ["take 2M, dynamic"] = (true, 2, true, Take(Region + (6 * MiB), PageSize.Page2M)),
            ["PHYMEM.PAGE.RDMD"] = (false, 2, true, Seamcall(24, Region + Page)),
            ["PHYMEM.PAGE.RDMD, dynamic"] = (true, 2, true, Seamcall(24, Region + Page)),
            ["PHYMEM.PAGE.RECLAIM"] = (false, 2, true, Seamcall(28, Region + Page)),
            ["PHYMEM.PAGE.RECLAIM, dynamic"] = (true, 2, true, Seamcall(28, Region + Page)),
            ["PHYMEM.PAGE.WBINVD"] = (false, 2, true, Seamcall(41, Region)),
        };

    private delegate CompletionStatus Act(TdxModule module, ref SeamcallRegisters registers);

    public static TheoryData<string> Each => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Each))]
    public void a_call_whose_memory_throws_at_any_access_changes_nothing_and_can_be_made_again(string name)
    {
        (bool dynamic, int state, bool clean, Act act) = Calls[name];
        (CompletionStatus Status, SeamcallRegisters Registers, string Picture) expected =
            Succeed(name, out int accesses);
        accesses.Should().BeGreaterThan(1);
        for (int k = 0; k < accesses; k++)
        {
            // A GiB's 4K entries are read one page like the other: some are enough.
            if (k == Many && accesses > 2 * Many)
                k = accesses - Many;
            FaultyMemory memory = new();
            TdxModule module = MachineAt(memory, dynamic, state);
            string before = Picture(module);
            SeamcallRegisters registers = default;
            memory.Arm(k);
            Exception? thrown = Record(() => act(module, ref registers));
            memory.Disarm();

            if (thrown is null)
            {
                // It was giving a lock back, which is tried again.
                (CompletionStatus.Success, registers, Picture(module)).Should().Be(expected, "access {0} fails", k);
                continue;
            }

            thrown.Should().BeSameAs(memory.Thrown, "access {0} fails", k);
            Picture(module).Should().Be(before, "access {0} fails", k);
            if (clean)
                memory.IsAsBefore.Should().BeTrue("access {0} fails", k);
            (act(module, ref registers), registers, Picture(module)).Should().Be(expected, "access {0} failed", k);
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void where_memory_stays_broken_what_it_threw_first_is_told(string name)
    {
        (bool dynamic, int state, _, Act act) = Calls[name];
        FaultyMemory memory = new();
        for (int k = 0; k < 12; k++)
        {
            TdxModule module = MachineAt(memory = new(), dynamic, state);
            SeamcallRegisters registers = default;
            memory.Arm(k, calls: 1000);
            Exception? thrown = Record(() => act(module, ref registers));
            thrown.Should().BeSameAs(memory.Faults > 0 ? memory.Thrown : null);
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void memory_that_reads_garbage_at_any_access_leads_to_a_status_and_not_to_an_exception(string name)
    {
        (bool dynamic, int state, _, Act act) = Calls[name];
        for (int k = 0; k < 24; k++)
        {
            foreach (int calls in (int[])[1, 1000])
            {
                FaultyMemory memory = new();
                TdxModule module = MachineAt(memory, dynamic, state);
                SeamcallRegisters registers = default;
                memory.Arm(k, calls, lies: true);
                Record(() => act(module, ref registers)).Should().BeNull("access {0} lies", k);
                Record(() => Picture(module)).Should().BeNull("access {0} lied", k);
            }
        }
    }

    private static (CompletionStatus Status, SeamcallRegisters Registers, string Picture) Succeed(
        string name, out int accesses)
    {
        (bool dynamic, int state, _, Act act) = Calls[name];
        FaultyMemory memory = new();
        TdxModule module = MachineAt(memory, dynamic, state);
        SeamcallRegisters registers = default;
        memory.Arm(int.MaxValue, calls: 0);
        CompletionStatus status = act(module, ref registers);
        status.Should().Be(CompletionStatus.Success);
        accesses = memory.Calls;
        return (status, registers, Picture(module));
    }

    /// <summary>0: TDMR_INFOs in memory; 1: configured and keyed; 2: TDMR 2 initialised, with a page of a TD and, where
    /// PAMT is dynamic, two pairs, and all but one call made for TDMR 1.</summary>
    private static TdxModule MachineAt(FaultyMemory memory, bool dynamic, int state)
    {
        ModuleMachine machine = new(memory: memory, dynamic: dynamic);
        TdmrInfoEntry[] tdmrs = Create(new() { DynamicPamt = dynamic });
        machine.Put(tdmrs);
        if (state > 0)
        {
            machine.Configure(tdmrs);
            machine.Call(31);
        }

        if (state > 1)
        {
            machine.Initialize(tdmrs[2]);
            for (int call = dynamic ? 63 : 255; call > 0; call--)
                machine.Call(36, 5 * GiB);
            machine.Call(58, Region | 1, Pairs, Pairs + Page);
            machine.Call(58, (Region + (2 * MiB)) | 1, Pairs + (4 * Page), Pairs + (5 * Page));
            machine.AddTdr(Tdr, Tdr + (2 * MiB));
            machine.Take(Region + Page, PageSize.Page4K, Tdr).Should().Be(CompletionStatus.Success);
        }

        return machine.Module;
    }

    /// <summary>What the module says of its state and of pages all over.</summary>
    private static string Picture(TdxModule module)
    {
        List<string> lines = [module.State.ToString()];
        foreach (ulong address in (ulong[])
            [
                4 * GiB, 5 * GiB, (6 * GiB) - Page, Region, Region + Page, Region + MiB, Region + (2 * MiB),
                Region + (4 * MiB), Region + (6 * MiB), 9 * GiB, Pairs, Pairs + Page, Pairs + (2 * Page),
                Pairs + (3 * Page), Pairs + (4 * Page), Pairs + GiB, 10 * GiB,
            ])
        {
            lines.Add($"0x{address:x} {module.TryGetPage(address, out PamtPage page)} {page}");
        }

        return string.Join('\n', lines);
    }

    private static Act Seamcall(ulong leaf, ulong rcx, ulong rdx = 7, ulong r8 = 7, ulong r9 = 7) =>
        (TdxModule module, ref SeamcallRegisters registers) =>
        {
            SeamcallRegisters given = registers = new() { Rax = leaf, Rcx = rcx, Rdx = rdx, R8 = r8, R9 = r9 };
            try
            {
                return module.Call(ref registers);
            }
            catch (Exception)
            {
                registers.Should().Be(given);
                throw;
            }
        };

    private static Act AddPair(ulong page1) => Seamcall(58, (Region + (4 * MiB)) | 1, Pairs + (2 * Page), page1);

    private static Act Take(ulong address, PageSize size) => (TdxModule module, ref SeamcallRegisters _) =>
        module.TakePage(address, size, PamtPageType.Regular, Tdr);

    private static Exception? Record(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
