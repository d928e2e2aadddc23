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

        ModuleVerdict accepted = ModuleVerdict.Create(tdmrs, [.. host.Cmrs], ModuleParameters.Default)!;
        (accepted.IsAccepted, accepted.Status, accepted.Message).Should().Be((true, default, "accepted"));
        accepted.ToString().Should().Be("accepted");

        ModuleVerdict refused = ModuleVerdict.Create(tdmrs, [.. host.Cmrs.Skip(1)], ModuleParameters.Default)!;
        (refused.IsAccepted, refused.Status.Code).Should().Be((false, CompletionCode.TdmrOutsideCmrs));
        refused.ToString().Should().Be($"TDX_TDMR_OUTSIDE_CMRS: {refused.Message}");
        refused.Message.Should().StartWith("free space of TDMR 0, [0x");
    }

    [Fact]
    public void a_tdmr_with_more_areas_than_a_tdmr_info_has_room_for_gets_no_verdict()
    {
        Of(WithReservedAreas(17)).Should().BeNull();
        Of(WithReservedAreas(16), WithReservedAreas(17)).Should().BeNull();
        Of(WithReservedAreas(16))!.Status.Code.Should().Be(CompletionCode.InvalidPamt, "its PAMTs are small");
    }

    [Fact]
    public void without_parameters_or_a_tdmr_there_is_nothing_to_ask()
    {
        FluentActions.Invoking(() => ModuleVerdict.Create([WithReservedAreas(3)], AllMemory, null!))
            .Should().Throw<ArgumentNullException>().WithParameterName("module");
        FluentActions.Invoking(() => Of(default(TdmrInfo)!))
            .Should().Throw<ArgumentNullException>().WithParameterName("tdmrs");
    }

    private static ModuleVerdict? Of(params TdmrInfo[] tdmrs) =>
        ModuleVerdict.Create(tdmrs, AllMemory, ModuleParameters.Default);
}
