namespace TdxPamt.Tests.Tdmr;

public class KernelModelTests
{
    [Theory]
    [InlineData("v5", PamtTime.FirstTd, true, false, false, false, false, true, Errno.E2BIG)]
    [InlineData("6.8", PamtTime.ModuleLoad, false, false, false, false, true, false, Errno.ENOSPC)]
    [InlineData("7.1", PamtTime.Boot, false, false, true, false, true, false, Errno.ENOSPC)]
    [InlineData("mainline", PamtTime.Boot, false, false, true, false, true, false, Errno.ENOSPC)]
    [InlineData("dynamic-pamt", PamtTime.Boot, false, false, true, true, true, false, Errno.ENOSPC)]
    [InlineData("cmr-holes", PamtTime.ModuleLoad, true, true, false, false, true, false, Errno.ENOSPC)]
    [InlineData("cmr-holes-2024", PamtTime.ModuleLoad, false, true, false, false, true, false, Errno.ENOSPC)]
    public void kernels_differ_in_eight_things(
        string name,
        PamtTime time,
        bool tests,
        bool holesFromCmrs,
        bool movesHugetlb,
        bool dynamicPamt,
        bool warns,
        bool printsPages,
        Errno errno)
    {
        KernelModel kernel = Named.Kernel(name);

        kernel.Name.Should().Be(name);
        kernel.ToString().Should().Be(name);
        kernel.PamtTime.Should().Be(time);
        kernel.TestsConvertibility.Should().Be(tests);
        kernel.TakesHolesFromCmrs.Should().Be(holesFromCmrs);
        kernel.MovesHugetlb.Should().Be(movesHugetlb);
        kernel.UsesDynamicPamt.Should().Be(dynamicPamt);
        kernel.WarnsOfFewTdmrs.Should().Be(warns);
        kernel.PrintsPages.Should().Be(printsPages);
        kernel.ErrnoWhenExhausted.Should().Be(errno);
    }

    [Fact]
    public void the_cmrs_matter_to_kernels_that_test_ram_against_them_or_take_holes_from_them() =>
        KernelModel.All.Where(static kernel => kernel.NeedsCmrs).Should()
            .Equal(KernelModel.V5, KernelModel.CmrHoles, KernelModel.CmrHoles2024);

    [Fact]
    public void there_are_seven_names() => string.Join(' ', KernelModel.All).Should()
        .Be("v5 6.8 7.1 mainline dynamic-pamt cmr-holes cmr-holes-2024");

    [Theory]
    [InlineData("")]
    [InlineData("V5")]
    [InlineData("mainline ")]
    [InlineData("7.2")]
    public void a_name_must_be_exact(string name) => KernelModel.TryParse(name, out _).Should().BeFalse();

    [Theory]
    [InlineData("6.8.0-1004-intel", "6.8")]
    [InlineData("6.9", "6.8")]
    [InlineData("6.14.0-intel", "6.8")]
    [InlineData("6.19", "6.8")]
    [InlineData("7.0.0", "6.8")]
    [InlineData("7.1-rc1", "7.1")]
    [InlineData("7.3.4+deb13-amd64", "7.1")]
    [InlineData("7.3", "7.1")]
    [InlineData("7.4.0", "dynamic-pamt")]
    [InlineData("9.0", "dynamic-pamt")]
    [InlineData("10.2", "dynamic-pamt")]
    [InlineData("8.0.1", "dynamic-pamt")]
    [InlineData("6.7.12", null)]
    [InlineData("5.19.0-tdx", null)]
    [InlineData("6", null)]
    [InlineData("six.eight", null)]
    [InlineData("7.", null)]
    [InlineData(".8", null)]
    [InlineData("7.:", null)]
    [InlineData("7./1", null)]
    [InlineData("7-rc1", null)]
    [InlineData("99999999999.1", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void a_version_of_linux_has_the_kernel_of_its_release(string? version, string? name) =>
        (KernelModel.FromLinuxVersion(version)?.Name).Should().Be(name);

    [Theory]
    [InlineData(Errno.E2BIG, 7)]
    [InlineData(Errno.ENOMEM, 12)]
    [InlineData(Errno.EINVAL, 22)]
    [InlineData(Errno.ENOSPC, 28)]
    public void error_numbers_are_those_of_linux(Errno errno, int number) => ((int)errno).Should().Be(number);
}
