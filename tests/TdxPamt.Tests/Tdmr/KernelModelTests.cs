namespace TdxPamt.Tests.Tdmr;

public class KernelModelTests
{
    [Theory]
    [InlineData("v5", true, false, false, true, Errno.E2BIG)]
    [InlineData("mainline", false, false, true, false, Errno.ENOSPC)]
    [InlineData("cmr-holes", true, true, true, false, Errno.ENOSPC)]
    public void kernels_differ_in_five_things(
        string name, bool tests, bool holesFromCmrs, bool warns, bool printsPages, Errno errno)
    {
        KernelModel kernel = Named.Kernel(name);

        kernel.Name.Should().Be(name);
        kernel.ToString().Should().Be(name);
        kernel.TestsConvertibility.Should().Be(tests);
        kernel.TakesHolesFromCmrs.Should().Be(holesFromCmrs);
        kernel.WarnsOfFewTdmrs.Should().Be(warns);
        kernel.PrintsPages.Should().Be(printsPages);
        kernel.ErrnoWhenExhausted.Should().Be(errno);
    }

    [Theory]
    [InlineData("")]
    [InlineData("V5")]
    [InlineData("mainline ")]
    [InlineData("6.8")]
    public void there_are_three_known_by_their_exact_names(string name)
    {
        KernelModel.All.Should().Equal(KernelModel.V5, KernelModel.Mainline, KernelModel.CmrHoles);
        KernelModel.TryParse(name, out _).Should().BeFalse();
    }

    [Theory]
    [InlineData(Errno.E2BIG, 7)]
    [InlineData(Errno.ENOMEM, 12)]
    [InlineData(Errno.EINVAL, 22)]
    [InlineData(Errno.ENOSPC, 28)]
    public void error_numbers_are_those_of_linux(Errno errno, int number) => ((int)errno).Should().Be(number);
}
