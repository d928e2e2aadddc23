using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

/// <summary>What calls answer while another processor stands still inside one: they never wait.</summary>
public class ModuleBusyTests
{
    private const ulong Busy = 0x8000020000000000;
    private const ulong SysBusy = 0x8000020200000000;
    private const ulong Region = 8 * GiB;
    private const ulong Far = 9 * GiB;
    private const ulong Pool = (9 * GiB) + (64 * MiB);
    private const ulong Tdr = (9 * GiB) + (512 * MiB);

    private readonly PausedMemory _memory = new();
    private readonly TdmrInfoEntry[] _tdmrs = Create(new() { DynamicPamt = true });

    [Fact]
    public void while_a_pair_is_added_its_region_and_its_pages_are_busy()
    {
        ModuleMachine machine = Ready();
        Stand(Pool, () => machine.Call(58, Region | 1, Pool, Pool + Page).Rax.Should().Be(0), () =>
        {
            machine.Call(58, Region | 1, Pool + (2 * Page), Pool + (3 * Page)).Rax.Should().Be(Busy + 1);
            machine.Call(59, Region | 1).Rax.Should().Be(Busy + 1);
            machine.Call(24, Region).Rax.Should().Be(Busy + 1);
            machine.Call(28, Region).Rax.Should().Be(Busy + 1);
            machine.Call(41, Region).Rax.Should().Be(Busy + 1);
            machine.Module.TakePage(Region, PageSize.Page4K, PamtPageType.Regular, Tdr).Value.Should().Be(Busy + 8);
            machine.Module.TakePage(Region, PageSize.Page2M, PamtPageType.Regular, Tdr).Value.Should().Be(Busy + 8);
            machine.Module.TakePage(Pool, PageSize.Page2M, PamtPageType.Regular, Tdr).Value
                .Should().Be(Busy + 8, "the pages' own region is shared");
            machine.Call(58, (Region + (2 * MiB)) | 1, Region, Pool).Rax.Should().Be(Busy + 2, "page 0 is in it");
            machine.Call(58, (Region + (2 * MiB)) | 1, Pool + Page, Pool).Rax.Should().Be(0xC000030300000002);
            machine.Call(24, Pool).Rax.Should().Be(0, "readers share");
            machine.Call(24, Far).Rax.Should().Be(0);
            machine.Call(36, 4 * GiB).Rax.Should().Be(0);
            machine.Call(52, 1).Rax.Should().Be(SysBusy, "a processor is inside");
        });
        machine.Call(24, Region).Rax.Should().Be(0);
        machine.Module.State.Should().Be(TdxModuleState.Ready);
    }

    [Fact]
    public void while_a_tdmr_is_initialised_it_is_busy_and_others_are_not()
    {
        ModuleMachine machine = Ready();
        Stand(_tdmrs[0].Pamt4K.Base, () => machine.Call(36, 4 * GiB).Rax.Should().Be(0), () =>
        {
            machine.Call(36, 4 * GiB, 7).Should().Be(new SeamcallRegisters { Rax = Busy + 1, Rcx = 4 * GiB });
            machine.Call(36, 5 * GiB).Rax.Should().Be(0);
            machine.Call(24, Region).Rax.Should().Be(0);
        });
        machine.Call(36, 4 * GiB).Rax.Should().Be(0);
    }

    [Fact]
    public void while_a_page_is_taken_its_entry_is_busy_and_its_neighbours_are_not()
    {
        ModuleMachine machine = Ready();
        machine.Call(58, Region | 1, Pool, Pool + Page).Rax.Should().Be(0);
        const ulong BehindLock = Pool + 2; // in the page's entry, the first of the pair's first page
        Stand(BehindLock, () => Take(Region).Should().Be(0), () =>
        {
            Take(Region).Should().Be(Busy + 8);
            machine.Call(28, Region).Rax.Should().Be(Busy + 1);
            machine.Call(24, Region).Rax.Should().Be(Busy + 1);
            machine.Call(59, Region | 1).Rax.Should().Be(Busy + 1);
            machine.Call(24, Region + Page).Rax.Should().Be(0);
        });
        Take(Region + Page).Should().Be(0);
        PamtEntry.Read(machine.Read(_tdmrs[2].Pamt2M.Base, 16)).PageCount.Should().Be(2);

        ulong Take(ulong page) =>
            machine.Module.TakePage(page, PageSize.Page4K, PamtPageType.Regular, Tdr).Value;
    }

    [Fact]
    public void while_the_module_is_configured_what_needs_all_of_it_is_busy()
    {
        ModuleMachine machine = new(memory: _memory, dynamic: true);
        machine.Put(_tdmrs);
        const ulong KeyId = 32 | (1UL << 16);
        Stand(ModuleMachine.InfosAt, () => machine.Call(45, ModuleMachine.ArrayAt, 3, KeyId).Rax.Should().Be(0), () =>
        {
            foreach (ulong leaf in (ulong[])[31, 33, 35, 45, 53])
                machine.Call(leaf, ModuleMachine.ArrayAt, 3, KeyId).Rax.Should().Be(SysBusy, "leaf {0}", leaf);
            machine.Call(34, 0, 0x9100000100000008).R8.Should().Be(64);
            machine.Call(44).Rax.Should().Be(0);
        });
        machine.Module.State.Should().Be(TdxModuleState.Configured);
    }

    [Fact]
    public void a_refused_host_leaves_its_priority_behind_until_the_next_lock()
    {
        ModuleMachine machine = Ready();
        ulong entry = _tdmrs[2].Pamt2M.Base;
        Stand(Pool, () => machine.Call(58, Region | 1, Pool, Pool + Page), () =>
        {
            machine.Read(entry, 1).Should().Equal([1]);
            machine.Call(59, Region | 1);
            machine.Read(entry, 1).Should().Equal([7], "it tried to share: priority, and one reader too many");
        });
        machine.Read(entry, 1).Should().Equal([2]);
        machine.Call(24, Region);
        machine.Read(entry, 1).Should().Equal([0]);
    }

    private ModuleMachine Ready()
    {
        ModuleMachine machine = ModuleMachine.Ready(_tdmrs, dynamic: true, _memory);
        machine.Initialize(_tdmrs[2]);
        machine.AddTdr(Tdr, Tdr + (2 * MiB));
        return machine;
    }

    private void Stand(ulong address, Action call, Action meanwhile)
    {
        Exception? thrown = null;
        _memory.While(address, () => thrown = Record(call), meanwhile);
        thrown.Should().BeNull();
    }

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
