using System.Collections.Concurrent;
using CsCheck;
using TdxPamt.Module;

namespace TdxPamt.Tests.Properties;

public class ModuleCallProperties
{
    private const ulong Page = SampleTdmrs.Page;
    private const ulong MiB = SampleTdmrs.MiB;
    private const ulong GiB = SampleTdmrs.GiB;
    private const ulong Tdr = (9 * GiB) + (512 * MiB);

    private static readonly ulong[] Interesting =
    [
        0, 1, 31, 32, 34, 36, 45, 58, 59, 0x1000, 0x10020, ModuleMachine.ArrayAt, ModuleMachine.InfosAt, 4 * GiB,
        5 * GiB, 8 * GiB, (8 * GiB) + 1, (8 * GiB) + (2 * MiB) + 1, (9 * GiB) + (64 * MiB) + 1, (10 * GiB) - Page,
        1UL << 46, 1UL << 47, 1UL << 48, (1UL << 52) - 1, 1UL << 52, (1UL << 52) - 1024, 1UL << 63, ulong.MaxValue,
        ulong.MaxValue - 1023, 0x9100000100000008,
    ];

    private static readonly Gen<ulong> AnyRegister =
        Gen.OneOf(Gen.Int[0, Interesting.Length - 1].Select(i => Interesting[i]), Gen.ULong);

    private static readonly SeamcallLeaf[] Leaves = Enum.GetValues<SeamcallLeaf>();

    private static readonly Gen<ulong> AnyLeaf = Gen.OneOf(
        Gen.ULong[0, 62],
        Gen.Int[0, Leaves.Length - 1].Select(static i => (ulong)Leaves[i]),
        Gen.Select(Gen.ULong[0, 62], Gen.ULong[0, 2], static (leaf, version) => leaf | (version << 16)),
        AnyRegister);

    private static readonly Gen<SeamcallRegisters> AnyCall =
        Gen.Select(AnyLeaf, AnyRegister.Array[8], static (rax, others) => new SeamcallRegisters
        {
            Rax = rax,
            Rcx = others[0],
            Rdx = others[1],
            R8 = others[2],
            R9 = others[3],
            R10 = others[4],
            R11 = others[5],
            R12 = others[6],
            R13 = others[7],
        });

    [Fact]
    public void any_calls_in_any_state_end_with_a_status_and_leave_other_registers_alone()
    {
        Gen.Select(Gen.Bool, Gen.Int[0, 2], AnyCall.Array[1, 40]).Sample(
            (dynamic, state, calls) =>
            {
                ModuleMachine machine = new(dynamic: dynamic);
                TdmrInfoEntry[] tdmrs = SampleTdmrs.Create(new() { DynamicPamt = dynamic });
                machine.Put(tdmrs);
                if (state > 0)
                    machine.Configure(tdmrs);
                if (state > 1)
                    machine.Call(31);
                foreach (SeamcallRegisters call in calls)
                {
                    SeamcallRegisters after = call;
                    machine.Module.Call(ref after);
                    string results = (call.Rax & 0xFFFF) switch
                    {
                        24 or 28 => "cd8901",
                        32 => "d9",
                        33 => "cd890",
                        34 or 59 => "d8",
                        35 => "cd8",
                        36 => "d",
                        37 => "8",
                        _ => "",
                    };
                    SeamcallRegisters others = call with
                    {
                        Rax = after.Rax,
                        Rcx = results.Contains('c') ? after.Rcx : call.Rcx,
                        Rdx = results.Contains('d') ? after.Rdx : call.Rdx,
                        R8 = results.Contains('8') ? after.R8 : call.R8,
                        R9 = results.Contains('9') ? after.R9 : call.R9,
                        R10 = results.Contains('0') ? after.R10 : call.R10,
                        R11 = results.Contains('1') ? after.R11 : call.R11,
                    };
                    if (after != others)
                        return false;
                }

                return true;
            },
            iter: 1000);
    }

    [Fact]
    public void any_registers_on_any_processor_of_any_release_never_throw()
    {
        ConcurrentDictionary<(ulong Leaf, bool IsSuccess), int> seen = new();
        Gen.Select(Gen.Int[0, TdxModuleRelease.All.Count - 1], Gen.Int[0, 6], Gen.Bool, Gen.Byte, AnyCall.Array[1, 40])
            .Hold(
                1500,
                sample =>
                {
                    (int release, int stage, bool dynamic, byte fill, SeamcallRegisters[] calls) = sample;
                    TdxModule module = Staged(TdxModuleRelease.All[release], stage, dynamic, fill);
                    for (int i = 0; i < calls.Length; i++)
                    {
                        SeamcallRegisters after = calls[i];
                        CompletionStatus status = module.Call(ref after, i % 2);
                        after.Rax.Should().Be(status.Value);
                        (after.R12, after.R13).Should().Be((calls[i].R12, calls[i].R13));
                        seen.AddOrUpdate((calls[i].Rax, status.IsSuccess), 1, static (_, count) => count + 1);
                    }
                },
                least: 1500);
        Leaves.Should().OnlyContain(leaf => seen.ContainsKey(new((ulong)leaf, false))
            || seen.ContainsKey(new((ulong)leaf, true)));
        seen.Keys.Count(static key => key.IsSuccess).Should().BeGreaterThan(10);
    }

    /// <summary>A module from power-on (0) to one after an update (6), on two processors.</summary>
    private static TdxModule Staged(TdxModuleRelease release, int stage, bool dynamic, byte fill)
    {
        TdxModuleOptions options = new() { Release = release, PackageOfProcessor = [0, 0] };
        IPhysicalMemory memory = new SparsePhysicalMemory(fill);
        if (stage == 0)
            return new(SampleTdmrs.Cmrs, options, memory);
        dynamic &= release.HasDynamicPamt;
        ModuleMachine machine = new(options, memory: memory, dynamic: dynamic);
        TdmrInfoEntry[] tdmrs = SampleTdmrs.Create(new() { DynamicPamt = dynamic });
        machine.Put(tdmrs);
        if (stage > 1)
            machine.Configure(tdmrs).Should().Be(CompletionStatus.Success);
        if (stage > 2)
            machine.Call(31).Rax.Should().Be(0);
        if (stage > 3)
        {
            machine.Initialize(tdmrs[2]);
            machine.AddTdr(Tdr, Tdr + (2 * MiB));
            machine.Take(Tdr + Page, PageSize.Page4K, Tdr).Should().Be(CompletionStatus.Success);
        }

        if (stage > 4)
            machine.Call(52, release.HasCompatibilitySensitiveUpdate ? 1UL : 0).Rax.Should().Be(0);
        return stage > 5 ? new(SampleTdmrs.Cmrs, options, memory, machine.Module.Handoff) : machine.Module;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void pages_come_and_go_as_in_a_list_of_those_in_use(bool dynamic)
    {
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                TdmrInfoEntry[] tdmrs = SampleTdmrs.Create(new() { DynamicPamt = dynamic });
                ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic);
                machine.Initialize(tdmrs[2]);
                machine.AddTdr(Tdr, Tdr + (2 * MiB));
                PamtModel model = new(dynamic);
                Random random = new(seed);
                for (int step = 0; step < 300; step++)
                {
                    PageSize size = (PageSize)random.Next(2);
                    ulong address = PamtModel.RandomPage(random) & ~(size.Bytes() - 1);
                    ulong reclaimed = PamtModel.RandomPage(random);
                    ulong page0 = PamtModel.RandomPage(random);
                    ulong page1 = PamtModel.RandomPage(random);
                    ulong region = address & ~((2 * MiB) - 1);
                    (ulong actual, ulong expected) = random.Next(dynamic ? 6 : 3) switch
                    {
                        0 or 1 => (
                            machine.Take(address, size, Tdr).Value,
                            model.Assign(address, size, Tdr)),
                        2 => (machine.Reclaim(reclaimed).Value, model.Reclaim(reclaimed)),
                        3 or 4 => (machine.Call(58, region | 1, page0, page1).Rax, model.Add(region, page0, page1)),
                        _ => (machine.Call(59, region | 1).Rax, model.Remove(region)),
                    };
                    if (actual != expected)
                        return false;
                }

                return PamtModel.Pages.All(page => Seen(machine.Page(page)) == model.Look(page));
            },
            iter: 300);
    }

    /// <summary>A free page keeps its last owner, which says nothing.</summary>
    private static PamtPage Seen(PamtPage page) => page.Type == PamtPageType.NotUsed ? page with { Owner = 0 } : page;
}
