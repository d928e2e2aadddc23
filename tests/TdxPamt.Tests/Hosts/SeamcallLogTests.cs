using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Tests.Hosts;

public class SeamcallLogTests
{
    [Theory]
    [InlineData("[   10.7] virt/tdx: SEAMCALL (0x00000022) failed: 0xc000050500000000", 0x22, 0xC000050500000000)]
    [InlineData("> SEAMCALL (0x1002d) failed: 0xc000010000000008 RCX 0x0 RDX 0x0", 0x1002D, 0xC000010000000008)]
    [InlineData("tdx: SEAMCALL failed: CPU 94: leaf 33, error 0xc000092100000122.", 33, 0xC000092100000122)]
    [InlineData("kvm_intel: SEAMCALL TDH_MNG_CREATE failed: 0xc000010000000002", 9, 0xC000010000000002)]
    [InlineData("{\"MESSAGE\":\"SEAMCALL (0x21) failed: 0xc000090000000000\"}", 0x21, 0xC000090000000000)]
    public void a_call_that_failed_is_read_in_each_form(string line, ulong leaf, ulong status) =>
        Read($"first\r\n{line}\r\nlast").Should().Equal(new LoggedSeamcall(2, leaf, new CompletionStatus(status)));

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("SEAMCALL ")]
    [InlineData("SEAMCALL (0x22) failed: ")]
    [InlineData("SEAMCALL (0x22) worked: 0x0")]
    [InlineData("SEAMCALL (fox) failed: 0x1")]
    [InlineData("SEAMCALL TDH_FOX failed: 0x1")]
    [InlineData("SEAMCALL failed: leaf fox, error 0x1")]
    [InlineData("SEAMCALL \u001b[31m\0 failed")]
    public void other_lines_say_nothing(string log) => Read(log).Should().BeEmpty();

    [Fact]
    public void a_line_may_hold_several()
    {
        const string Call = "SEAMCALL (0x1c) failed: 0xc000030000000001 ";
        Read(Call + Call + "\n" + Call).Select(static call => call.Line).Should().Equal(1, 1, 2);
    }

    [Fact]
    public void a_call_is_explained_without_its_version()
    {
        SeamcallExplanation explanation = Read("SEAMCALL (0x1002d) failed: 0xc000010000000002")[0].Explain();
        (explanation.LeafName, explanation.Name).Should().Be(("TDH_SYS_CONFIG", "TDX_OPERAND_INVALID"));
        explanation.Cause.Should().Contain("MAX_TDMRS");
    }

    private static IReadOnlyList<LoggedSeamcall> Read(string log) => SeamcallLog.Read(Encoding.UTF8.GetBytes(log));
}
