using System.Buffers;
using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class HostCommandsTests
{
    private const string Works = """{"kernel":"cmr-holes"}""";

    private delegate bool JsonCommand(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output);

    private static readonly Dictionary<string, JsonCommand> Commands = new(StringComparer.Ordinal)
    {
        ["plan"] = HostCommands.Plan,
        ["check"] = HostCommands.Check,
        ["compare"] = HostCommands.Compare,
        ["cost"] = HostCommands.Cost,
        ["simulate"] = HostCommands.Simulate,
    };

    /// <summary>A command, options as JSON, and as the command takes them.</summary>
    public static TheoryData<string, string, string> Questions => new()
    {
        { "plan", "", "" },
        { "plan", """{"kernel":"cmr-holes"}""", "--kernel cmr-holes" },
        { "plan", """{"strategy":"holes-from-cmrs,adjacent-pamts"}""", "--strategy holes-from-cmrs,adjacent-pamts" },
        { "plan", """{"dynamicPamt":true,"maxTdmrs":3,"maxReservedAreas":4}""",
            "--dynamic-pamt --max-tdmrs 3 --max-reserved-areas 4" },
        { "compare", "", "" },
        { "compare", """{"headroom":true,"maxReservedAreas":17}""", "--headroom --max-reserved-areas 17" },
        { "cost", """{"kernel":"cmr-holes"}""", "--kernel cmr-holes" },
        { "cost", """{"kernel":"cmr-holes","private4K":[0.25,1]}""", "--kernel cmr-holes --private-4k 0.25,1" },
        { "simulate", """{"kernel":"cmr-holes","trials":5}""", "--kernel cmr-holes --trials 5" },
        { "simulate", """{"kernel":"6.8","unmovable":0.05,"runLength":3,"trials":5,"seed":2,"allocator":"best-fit"}""",
            "--kernel 6.8 --unmovable 0.05 --run-length 3 --trials 5 --seed 2 --allocator best-fit" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void an_answer_is_what_the_command_prints(string name, string options, string arguments)
    {
        const string File = "hosts/fox-creek-pass.log";
        string[] given = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Command.Result printed = Command.Run([name, "--format", "json", File, .. given]);
        (bool isYes, string answer) = Run(name, System.IO.File.ReadAllBytes(File), File, options);
        answer.Should().NotContain("\n");
        Compact(answer).Should().Be(Compact(printed.Output));
        isYes.Should().Be(printed.ExitCode == 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"moduleRelease":"1.5.05","physicalAddressBits":46,"dynamicPamt":false}""")]
    public void a_plan_that_was_answered_is_checked(string options)
    {
        string plan = Run("plan", File.ReadAllBytes("hosts/fox-creek-pass.json"), "fox", Works).Answer;
        Run("check", Encoding.UTF8.GetBytes(plan), "plan", options).Should().Be(
            (true, """{"name":"fox-creek-pass","status":"accepted","completion":"0x0"}"""));
    }

    [Theory]
    [InlineData("failed", """{"maxTdmrs":1}""", """{"cmrs":[{"start":0,"end":4294967296}],""")]
    [InlineData("unknown", "", "{")]
    [InlineData("rejected", "", """{"cmrs":[{"start":0,"end":1048576}],""")]
    public void a_plan_that_is_not_accepted_is_answered_as_by_the_command(string status, string options, string cmrs)
    {
        string host = cmrs + """
            "memory":[{"start":1048576,"end":2147483648,"node":0},{"start":3221225472,"end":4294967296,"node":1}]}
            """;
        string plan = Run("plan", Encoding.UTF8.GetBytes(host), "-", options).Answer;
        (bool isYes, string answer) = Run("check", Encoding.UTF8.GetBytes(plan), "-", "");
        answer.Should().Contain($"\"status\":\"{status}\"");
        Command.Result printed = Command.RunWithInput(Encoding.UTF8.GetBytes(plan), ["check", "-"]);
        (answer + "\n").Should().Be(printed.Output);
        isYes.Should().Be(printed.ExitCode == 0);
    }

    [Theory]
    [InlineData("plan", """{"kernels":"v5"}""", "options: kernels: there is no such property")]
    [InlineData("plan", """{"headroom":true}""", "options: headroom: there is no such property")]
    [InlineData("plan", """{"kernel":"v7"}""", "options: kernel: it must be one of v5, *")]
    [InlineData("plan", """{"strategy":"fox"}""", "options: strategy: it must be kernel or some of holes-from-cmrs, *")]
    [InlineData("plan", """{"maxTdmrs":0}""", "options: maxTdmrs: it must be from 1 to 65535")]
    [InlineData("plan", """{"maxTdmrs":1,"maxTdmrs":1}""", "options: maxTdmrs: it is given twice")]
    [InlineData("plan", """{"strategy":null}""", "options: strategy: *")]
    [InlineData("compare", """{"maxReservedAreas":65536}""", "options: maxReservedAreas: it must be from 0 to 65535")]
    [InlineData("compare", """{"headroom":1}""", "options: headroom: it must be true or false")]
    [InlineData("check", """{"moduleRelease":"9.9.99"}""", "options: moduleRelease: it must be one of 1.5.05, *")]
    [InlineData("check", """{"physicalAddressBits":31}""", "options: physicalAddressBits: it must be from 32 to 52")]
    [InlineData("cost", """{"private4K":[0,1.5]}""", "options: private4K: each must be from 0 to 1")]
    [InlineData("simulate", """{"unmovable":2}""", "options: unmovable: it must be from 0 to 1")]
    [InlineData("simulate", """{"unmovable":"1"}""", "options: unmovable: it must be a number")]
    [InlineData("simulate", """{"runLength":0.5}""", "options: runLength: it must be from 1 up")]
    [InlineData("simulate", """{"trials":0}""", "options: trials: it must be from 1 to 2147483647")]
    [InlineData("simulate", """{"seed":-1}""", "options: seed: it must be a whole number, *")]
    [InlineData("simulate", """{"allocator":"fox"}""", "options: allocator: it must be one of linux, *")]
    [InlineData("cost", "null", "options: it must be an object")]
    [InlineData("cost", "[]", "options: *")]
    [InlineData("cost", "{", "options:1: not valid JSON: *")]
    public void options_that_a_command_does_not_have_are_refused(string name, string options, string reason)
    {
        ArrayBufferWriter<byte> output = new();
        FluentActions.Invoking(() => Commands[name]("{}"u8, "fox", Encoding.UTF8.GetBytes(options), output))
            .Should().Throw<HostFormatException>().WithMessage(reason);
        output.WrittenCount.Should().Be(0);
    }

    [Theory]
    [InlineData("plan", """{"dynamicPamt":null,"maxTdmrs":null,"maxReservedAreas":null}""")]
    [InlineData("simulate", """{"unmovable":null,"runLength":null,"trials":null,"seed":null}""")]
    public void an_option_that_is_null_is_not_given(string name, string options)
    {
        byte[] host = """{"memory":[{"start":1048576,"end":2147483648,"node":0}]}"""u8.ToArray();
        Run(name, host, "-", options).Should().Be(Run(name, host, "-", ""));
    }

    private static string Compact(string json) => JsonSerializer.Serialize(JsonElement.Parse(json));

    [Fact]
    public void an_answer_needs_an_output()
    {
        byte[] host = File.ReadAllBytes("hosts/fox-creek-pass.json");
        byte[] plan = Encoding.UTF8.GetBytes(Run("plan", host, "fox", Works).Answer);
        foreach ((string name, JsonCommand command) in Commands)
        {
            byte[] options = Encoding.UTF8.GetBytes(name == "simulate" ? "{\"trials\":1}" : "");
            FluentActions.Invoking(() => command(name == "check" ? plan : host, "fox", options, null!))
                .Should().Throw<ArgumentNullException>(name).WithParameterName("output");
        }
    }

    private static (bool IsYes, string Answer) Run(string name, byte[] input, string fileName, string options)
    {
        ArrayBufferWriter<byte> output = new();
        bool isYes = Commands[name](input, fileName, Encoding.UTF8.GetBytes(options), output);
        return (isYes, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
