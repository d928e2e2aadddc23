using System.Buffers.Binary;
using CsCheck;
using TdxPamt.Module;

namespace TdxPamt.Tests.Properties;

public class ModuleSysConfigProperties
{
    /// <summary>How many sets each property looks at; a long run raises it.</summary>
    private static readonly int Iterations = Samples.Scaled(12_000);

    private static readonly Gen<int> Seeds = Gen.Int[0, int.MaxValue];

    [Fact]
    public void the_checker_answers_broken_sets_as_the_literal_model_does()
    {
        Seeds.Sample(
            seed => AnswersAsTheModel(SampleTdmrSet.Broken(seed)),
            seed: "0000KOIPe036",
            iter: Iterations,
            threads: 2,
            print: seed => $"SampleTdmrSet.Broken({seed})");
    }

    [Fact]
    public void the_checker_accepts_valid_sets_as_the_literal_model_does()
    {
        Seeds.Sample(
            seed => AnswersAsTheModel(SampleTdmrSet.Valid(seed)) && Answer(SampleTdmrSet.Valid(seed)).IsSuccess,
            seed: "0000KOIPe036",
            iter: Samples.Scaled(3000),
            threads: 2,
            print: seed => $"SampleTdmrSet.Valid({seed})");
    }

    [Fact]
    public void each_release_answers_as_a_module_of_it_does_from_power_on()
    {
        int asked = 0;
        int refusedBeforeTdmrs = 0;
        Seeds.Sample(
            seed =>
            {
                SampleTdmrSet set = seed % 2 == 0 ? SampleTdmrSet.Valid(seed) : SampleTdmrSet.Broken(seed);
                ModuleParameters module = new()
                {
                    DynamicPamt = set.Module.DynamicPamt,
                    KeyIdBits = Math.Clamp(set.Module.KeyIdBits, 1, 10),
                    PhysicalAddressBits = set.Module.PhysicalAddressBits,
                };
                if (set.Cmrs.Count > CmrTable.Entries)
                    return true;
                foreach (TdxModuleRelease release in TdxModuleRelease.All)
                {
                    ulong expected = FromPowerOn(set, module, release);
                    if (SysConfig.Check([.. set.Tdmrs], [.. set.Cmrs], module, release).Value != expected)
                        return false;
                    Interlocked.Increment(ref asked);
                    if (expected >> 32 is (ulong)CompletionCode.CmrListInvalid or (ulong)CompletionCode.OperandInvalid)
                        Interlocked.Increment(ref refusedBeforeTdmrs);
                }

                return true;
            },
            iter: Samples.Scaled(2000),
            threads: 2,
            print: seed => $"SampleTdmrSet {seed}");
        refusedBeforeTdmrs.Should().BeInRange(asked / 50, asked / 2);
    }

    /// <summary>TDH.SYS.INIT, LP.INIT and CONFIG of a module.</summary>
    private static ulong FromPowerOn(SampleTdmrSet set, ModuleParameters module, TdxModuleRelease release)
    {
        TdxModuleOptions options = new()
        {
            Release = release,
            KeyIdBits = module.KeyIdBits,
            PhysicalAddressBits = module.PhysicalAddressBits,
        };
        TdxModule loaded = new([.. set.Cmrs], options);
        byte[] array = new byte[8 * set.Tdmrs.Count];
        byte[] infos = new byte[TdmrInfoEntry.Stride * set.Tdmrs.Count];
        TdmrInfoTable.Write([.. set.Tdmrs], infos);
        for (int i = 0; i < set.Tdmrs.Count; i++)
        {
            ulong address = ModuleMachine.InfosAt + (TdmrInfoEntry.Stride * (ulong)i);
            BinaryPrimitives.WriteUInt64LittleEndian(array.AsSpan(8 * i), address);
        }

        loaded.Memory.Write(ModuleMachine.InfosAt, infos);
        loaded.Memory.Write(ModuleMachine.ArrayAt, array);
        ulong keyId = 1UL << (module.KeyIdBits - 1);
        SeamcallRegisters[] calls =
        [
            new() { Rax = (ulong)SeamcallLeaf.SysInit },
            new() { Rax = (ulong)SeamcallLeaf.SysLpInit },
            new()
            {
                Rax = (ulong)SeamcallLeaf.SysConfig,
                Rcx = ModuleMachine.ArrayAt,
                Rdx = (ulong)set.Tdmrs.Count,
                R8 = keyId | (module.DynamicPamt ? 1UL << 16 : 0),
            },
        ];
        for (int i = 0; i < calls.Length; i++)
        {
            CompletionStatus status = loaded.Call(ref calls[i]);
            if (!status.IsSuccess)
                return status.Value;
        }

        return 0;
    }

    private static CompletionStatus Answer(SampleTdmrSet set) =>
        SysConfig.Check([.. set.Tdmrs], [.. set.Cmrs], set.Module);

    private static bool AnswersAsTheModel(SampleTdmrSet set) =>
        Answer(set).Value == SysConfigModel.Check([.. set.Tdmrs], [.. set.Cmrs], set.Module);
}
