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

    private static readonly Gen<SeamcallRegisters> AnyCall =
        Gen.Select(
            Gen.OneOf(Gen.ULong[0, 62], AnyRegister),
            AnyRegister,
            AnyRegister,
            AnyRegister,
            AnyRegister,
            (rax, rcx, rdx, r8, r9) => new SeamcallRegisters { Rax = rax, Rcx = rcx, Rdx = rdx, R8 = r8, R9 = r9 });

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
