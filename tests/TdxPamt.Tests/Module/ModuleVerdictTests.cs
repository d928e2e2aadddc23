using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class ModuleVerdictTests
{
    private static readonly AddressRange[] AllMemory = [AddressRange.Create(0, 64 * GiB)];

    [Fact]
    public void the_tdmrs_of_a_real_machine_are_accepted_until_a_cmr_is_missing()
    {
        HostMemory host = RealHosts.Read(RealHosts.FoxCreekPass);
        using TdmrConstruction construction =
            new TdmrConstructor(new LinuxPageAllocator(host), KernelModel.CmrHoles).Construct(host);
        TdmrInfo[] tdmrs = [.. construction.Tdmrs];

        ModuleVerdict accepted = ModuleVerdict.Create(tdmrs, [.. host.Cmrs], ModuleParameters.Default);
        (accepted.IsAccepted, accepted.Status, accepted.Message).Should().Be((true, default, "accepted"));
        accepted.ToString().Should().Be("accepted");

        ModuleVerdict refused = ModuleVerdict.Create(tdmrs, [.. host.Cmrs.Skip(1)], ModuleParameters.Default);
        (refused.IsAccepted, refused.Status.Code).Should().Be((false, CompletionCode.TdmrOutsideCmrs));
        refused.ToString().Should().Be($"TDX_TDMR_OUTSIDE_CMRS: {refused.Message}");
        refused.Message.Should().StartWith("free space of TDMR 0, [0x");
    }

    [Fact]
    public void a_tdmr_with_more_areas_than_a_tdmr_info_has_room_for_is_not_asked_about()
    {
        ModuleVerdict verdict = Of(WithReservedAreas(16), WithReservedAreas(17));
        (verdict.Answer, verdict.IsAccepted, verdict.IsRejected, verdict.IsAcceptable)
            .Should().Be((ModuleAnswer.TooManyAreas, false, false, false));
        verdict.ToString().Should().Be("a TDMR_INFO has room for 16 reserved areas, and a TDMR needs 17");
        Of(WithReservedAreas(17)).Should().Be(verdict);
        Of(WithReservedAreas(16)).Status.Code.Should().Be(CompletionCode.InvalidPamt, "its PAMTs are small");
    }

    [Theory]
    [InlineData("4G..6G", 6, ModuleAnswer.Accepted, true)]
    [InlineData("4G..5G", 6, ModuleAnswer.Rejected, false)]
    [InlineData("", 6, ModuleAnswer.CmrsUnknown, true)]
    [InlineData("", 23, ModuleAnswer.CmrsUnknown, false)]
    public void without_cmrs_the_answer_is_unknown_and_ram_stands_in_for_them(
        string cmrs, int keyIdBits, ModuleAnswer answer, bool acceptable)
    {
        HostMemory planned = Machine.Of("4G..6G");
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(planned)).Construct(planned);
        ModuleVerdict verdict = ModuleVerdict.Create(
            construction.Tdmrs.Span, Machine.Of("4G..6G", cmrs), new ModuleParameters { KeyIdBits = keyIdBits });
        (verdict.Answer, verdict.IsAcceptable).Should().Be((answer, acceptable));
        verdict.Status.IsSuccess.Should().Be(acceptable);
    }

    [Fact]
    public void without_cmrs_too_many_areas_stay_too_many()
    {
        ModuleVerdict verdict = ModuleVerdict.Create(
            [WithReservedAreas(17)], Machine.Of("4G..6G", ""), ModuleParameters.Default);
        (verdict.Answer, verdict.IsAcceptable).Should().Be((ModuleAnswer.TooManyAreas, false));
    }

    [Fact]
    public void tdmrs_that_no_cmrs_would_help_are_rejected_without_cmrs()
    {
        TdmrInfoEntry[] tdmrs = Create();
        ModuleVerdict unknown = ModuleVerdict.WithoutCmrs(tdmrs, ModuleParameters.Default);
        (unknown.Answer, unknown.Status, unknown.Message, unknown.IsAcceptable)
            .Should().Be((ModuleAnswer.CmrsUnknown, default, "the CMRs are not known", true));
        tdmrs[1].Size = 0;
        ModuleVerdict rejected = ModuleVerdict.WithoutCmrs(tdmrs, ModuleParameters.Default);
        (rejected.Answer, rejected.Tdmr, rejected.Status.Value)
            .Should().Be((ModuleAnswer.Rejected, 1, 0xC0000A0000000001));
        rejected.ToString().Should().Be("TDX_INVALID_TDMR: TDMR 1, [0x140000000, 0x140000000), is empty");
    }

    [Fact]
    public void beyond_256_tdmrs_the_right_ones_are_named()
    {
        TdmrInfoEntry[] tdmrs = [.. Enumerable.Range(0, 301).Select(static i => new TdmrInfoEntry
        {
            Base = (ulong)i * GiB,
            Size = GiB,
            Pamt4K = new((1UL << 45) + ((ulong)i * 16 * MiB), 4 * MiB),
            Pamt2M = new((1UL << 45) + ((ulong)i * 16 * MiB) + (4 * MiB), 2 * Page),
            Pamt1G = new((1UL << 45) + ((ulong)i * 16 * MiB) + (5 * MiB), Page),
        })];
        CmrInfo[] cmrs = [new(0, 1UL << 46)];
        ModuleParameters module = new() { MaxTdmrs = 1000 };

        tdmrs[300].Pamt1G = tdmrs[299].Pamt1G;
        ModuleVerdict overlap = ModuleVerdict.Create(tdmrs, cmrs, module);
        (overlap.Tdmr, overlap.Other, overlap.Status.Tdmr, overlap.Status.Other).Should().Be((300, 299, 44, 43));
        overlap.Message.Should().StartWith("PAMT 1G of TDMR 300, ").And.Contain("overlaps PAMT 1G of TDMR 299, ");

        tdmrs[300].Base += Page;
        ModuleVerdict verdict = ModuleVerdict.Create(tdmrs, cmrs, module, TdxModuleRelease.V1525);
        (verdict.Tdmr, verdict.Other, verdict.Status.Tdmr).Should().Be((300, null, 44));
        verdict.Message.Should().Be("TDMR 300, [0x4b00001000, 0x4b40001000), is not a whole number of aligned GiB");
        verdict.Status.Describe(tdmrs, cmrs, module).Should().Be(verdict.Message);
    }

    [Fact]
    public void without_tdmrs_the_module_is_not_asked()
    {
        ModuleVerdict verdict = ModuleVerdict.NotAsked;
        (verdict.Answer, verdict.IsAccepted, verdict.IsRejected, verdict.IsAcceptable)
            .Should().Be((ModuleAnswer.NotAsked, false, false, false));
        verdict.ToString().Should().Be("there are no TDMRs");
    }

    [Fact]
    public void without_parameters_or_a_tdmr_there_is_nothing_to_ask()
    {
        FluentActions.Invoking(() => ModuleVerdict.Create([WithReservedAreas(3)], AllMemory, null!))
            .Should().Throw<ArgumentNullException>().WithParameterName("module");
        FluentActions.Invoking(() => ModuleVerdict.Create(Create(), Cmrs, ModuleParameters.Default, null!))
            .Should().Throw<ArgumentNullException>().WithParameterName("release");
        FluentActions.Invoking(() => ModuleVerdict.Create(Create(), Cmrs, null!, TdxModuleRelease.V1525))
            .Should().Throw<ArgumentNullException>().WithParameterName("module");
        FluentActions.Invoking(() => Of(default(TdmrInfo)!))
            .Should().Throw<ArgumentNullException>().WithParameterName("tdmrs");
    }

    private static ModuleVerdict Of(params TdmrInfo[] tdmrs) =>
        ModuleVerdict.Create(tdmrs, AllMemory, ModuleParameters.Default);
}
