using System.Text;
using System.Text.Json;

namespace TdxPamt.Tests.Cli;

public class ExplainCommandTests
{
    private const string Log = """
        [   19.324236] virt/tdx: SEAMCALL (0x0000000000000022) failed: 0xc000050500000000
        [   19.324238] virt/tdx: module initialization failed (-5)
        [   61.000000] kvm_intel: SEAMCALL TDH_MNG_CREATE failed: 0xc000010000000002

        """;

    [Fact]
    public void a_status_is_said_in_words()
    {
        Command.Result result = Command.Run("explain", "0xC0000A1000000203");
        result.Should().Be(new Command.Result(
            0,
            "TDX_INVALID_PAMT 0xC0000A1000000203\n"
            + "class: TDMRs, PAMTs and CMRs (0x0A); error, not recoverable\n"
            + "operands: TDMR 3, PAMT 1G\n"
            + "cause: the PAMT is too small for its TDMR, is not a whole number of 4 KiB pages, wraps, or reaches to "
            + "where key ids begin\n"
            + "what to do: compute the sizes from the entry sizes that the module reports\n"
            + "rule: docs/model.md#check-pamt-range\n",
            ""));
    }

    [Fact]
    public void calls_and_operands_are_explained_too()
    {
        string[] blocks = Command.Run("explain", "tdh.sys.rd", "0x22", "R8").Output.Split("\n\n");
        blocks.Should().HaveCount(3);
        blocks[0].Should().Be(blocks[1]).And.StartWith("TDH_SYS_RD, call 0x22\nwhat it is: reads a metadata field");
        blocks[2].Should().StartWith("R8, operand 0x8\n");
    }

    [Fact]
    public void each_call_that_failed_in_a_log_is_explained_with_its_line()
    {
        Command.Result result = Command.RunWithInput(Encoding.UTF8.GetBytes(Log), "explain", "-");
        result.ExitCode.Should().Be(0);
        string[] blocks = result.Output.Split("\n\n");
        blocks.Should().HaveCount(2);
        blocks[0].Should().StartWith("line 1: TDH_SYS_RD: TDX_SYS_NOT_READY 0xC000050500000000\n")
            .And.Contain("update the TDX module to 1.5");
        blocks[1].Should().StartWith("line 3: TDH_MNG_CREATE: TDX_OPERAND_INVALID 0xC000010000000002\n")
            .And.Contain("operands: RDX");
    }

    [Fact]
    public void json_has_the_status_and_its_operands()
    {
        using JsonDocument answer =
            JsonDocument.Parse(Command.Run("explain", "--format", "json", "0xC000010000000008").Output);
        JsonElement root = answer.RootElement;
        root.EnumerateObject().Select(static member => member.Name).Should().Equal(
            "completion", "code", "class", "severity", "operands", "cause", "action", "text", "rule");
        root.GetProperty("completion").GetString().Should().Be("0xC000010000000008");
        root.GetProperty("code").GetString().Should().Be("TDX_OPERAND_INVALID");
        root.GetProperty("operands").EnumerateArray().Select(static it => it.GetString()).Should().Equal("R8");
    }

    [Fact]
    public void several_are_one_object_a_line()
    {
        string[] lines = Command.RunWithInput(
            Encoding.UTF8.GetBytes(Log), "explain", "--format", "json", "-", "TDX_SUCCESS", "0x22", "R8").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement[] answers = [.. lines.Select(static line => JsonDocument.Parse(line).RootElement)];
        answers.Should().HaveCount(5);
        (answers[1].GetProperty("line").GetInt32(), answers[1].GetProperty("leaf").GetString())
            .Should().Be((3, "TDH_MNG_CREATE"));
        answers[2].GetProperty("completion").GetString().Should().Be("0x0");
        answers[3].GetProperty("leaf").GetString().Should().Be("0x22");
        answers[4].GetProperty("operand").GetString().Should().Be("0x8");
    }

    [Theory]
    [InlineData("TDX_SYS_NOT_REDY", "did you mean TDX_SYS_NOT_READY?")]
    [InlineData("sys.cnfig", "did you mean TDH_SYS_CONFIG?")]
    [InlineData("xyzzy", "see tdxpamt explain --help")]
    [InlineData("0x1ff", "see tdxpamt explain --help")]
    public void what_means_nothing_is_refused_with_the_nearest_name(string word, string hint) =>
        Command.Run("explain", "0x22", word)
            .ShouldBeRefused($"{word}: no such status, call, operand or file; {hint}");

    [Fact]
    public void a_log_in_which_no_call_failed_is_refused()
    {
        Command.Run("explain", "hosts/fox-creek-pass.log")
            .ShouldBeRefused("hosts/fox-creek-pass.log: no line of it says that a SEAMCALL failed");
        Command.RunWithInput([], "explain", "-").ShouldBeRefused("stdin: no line of it says that a SEAMCALL failed");
        Command.Run("explain", "./fox.log").ShouldBeRefused("./fox.log: no such file");
        Command.Run("explain").ExitCode.Should().Be(2);
    }
}
