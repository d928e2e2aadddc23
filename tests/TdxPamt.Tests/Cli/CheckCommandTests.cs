using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TdxPamt.Tests.Cli;

public class CheckCommandTests
{
    private const string Xeon = "hosts/xeon-8480c-2-socket-256GiB.log";

    [Theory]
    [InlineData("xeon-8480c-2-socket-256GiB.log", "mainline")]
    [InlineData("4-node-1TiB-6.5.log", "mainline")]
    [InlineData("fox-creek-pass.json", "cmr-holes")]
    public void the_module_accepts_the_plan_of_a_real_machine(string file, string kernel)
    {
        Command.Run("plan", "--kernel", kernel, $"hosts/{file}").Output.Should().Contain("\nmodule: accepted\n");

        string plan = Command.Run("plan", "--kernel", kernel, "--format", "json", $"hosts/{file}").Output;
        Command.Result verdict = Command.RunWithInput(Encoding.UTF8.GetBytes(plan), "check");

        verdict.ExitCode.Should().Be(0);
        string name = Path.GetFileNameWithoutExtension(file);
        verdict.Output.Should().Be($$"""{"name":"{{name}}","status":"accepted","completion":"0x0"}""" + "\n");
    }

    [Fact]
    public void a_dynamic_plan_is_checked_as_one() =>
        Command.RunWithInput(
                Encoding.UTF8.GetBytes(Command.Run("plan", "--dynamic-pamt", "--format", "json", Xeon).Output), "check")
            .ExitCode.Should().Be(0);

    [Fact]
    public void a_rejection_carries_the_status_and_what_it_is_about()
    {
        JsonNode plan = Plan();
        plan["tdmrs"]![2]!["pamt"]!["1G"]!["size"] = "0x0";

        Command.Result result = Command.RunWithInput(Encoding.UTF8.GetBytes(plan.ToJsonString()), "check", "-");

        result.ExitCode.Should().Be(1);
        JsonElement verdict = JsonDocument.Parse(result.Output).RootElement;
        verdict.GetProperty("status").GetString().Should().Be("rejected");
        verdict.GetProperty("completion").GetString().Should().Be("0xC0000A1000000202");
        verdict.GetProperty("code").GetString().Should().Be("TDX_INVALID_PAMT");
        verdict.GetProperty("tdmr").GetInt32().Should().Be(2);
        verdict.GetProperty("level").GetString().Should().Be("1G");
    }

    [Fact]
    public void more_cmrs_than_the_modules_table_holds_are_refused()
    {
        JsonNode plan = Plan();
        JsonArray cmrs = plan["cmrs"]!.AsArray();
        for (int i = cmrs.Count; i < 33; i++)
            cmrs.Add(new JsonObject { ["start"] = $"0x{i}00000000000", ["end"] = $"0x{i}00000001000" });

        Command.RunWithInput(Encoding.UTF8.GetBytes(plan.ToJsonString()), "check")
            .ShouldBeRefused("cmrs: there are 33, and the module's table holds 32");
    }

    [Fact]
    public void a_mainline_plan_over_ram_outside_the_cmrs_is_constructed_and_rejected()
    {
        const string host = """
            { "memory": [ { "start": "0x100000", "end": "0x80000000", "node": 0 } ],
              "cmrs": [ { "start": "0x100000", "end": "0x7ff00000" } ] }
            """;
        Command.Result text = Command.RunWithInput(Encoding.UTF8.GetBytes(host), "plan");
        text.ExitCode.Should().Be(1);
        text.Output.Should().Contain("8212 KB allocated for PAMT")
            .And.Contain("module: rejected, TDX_TDMR_OUTSIDE_CMRS 0xC0000A0200000000");

        JsonElement plan = JsonDocument.Parse(
            Command.RunWithInput(Encoding.UTF8.GetBytes(host), "plan", "--format", "json").Output).RootElement;
        plan.GetProperty("status").GetString().Should().Be("constructed");
        plan.GetProperty("check").GetProperty("status").GetString().Should().Be("rejected");
    }

    [Theory]
    [InlineData("1.5.05", 6, "0xC000010000000008", "module 1.5.05 has no Dynamic PAMT")]
    [InlineData("1.5.13", 6, "0xC000010000000008", "module 1.5.13 has no Dynamic PAMT")]
    [InlineData("1.5.16", 6, "0xC0000A1000000000", "has 0x10000 bytes and needs 0x800000")]
    [InlineData("1.5.25", 6, "0x0", null)]
    [InlineData("2.0.18", 6, "0x0", null)]
    [InlineData("1.5.16", 3, "0xC0000A1000000000", "has 0x10000 bytes and needs 0x800000")]
    [InlineData("1.5.25", 3, "0xC000010000000008", "and they begin at bit 49")]
    [InlineData("1.5.25 --physical-address-bits 51", 3, "0x0", null)]
    [InlineData("1.5.05 --max-tdmrs 1", 6, "0xC000010000000002", "there are 3 TDMRs, not from 1 to 1")]
    public void the_release_decides_what_becomes_of_a_dynamic_plan(
        string options, int keyIdBits, string completion, string? message)
    {
        JsonNode plan = JsonNode.Parse(Command.Run("plan", "--dynamic-pamt", "--format", "json", Xeon).Output)!;
        plan["module"]!["keyIdBits"] = keyIdBits;
        ShouldAnswer(plan, $"--module-release {options}", completion, message);
    }

    [Theory]
    [InlineData("", 46, "0x0", null)]
    [InlineData("--module-release 1.5.25", 45, "0x0", null)]
    [InlineData("--module-release 1.5.25", 46, "0xC0000A2200000000", "does not end below 2^46")]
    [InlineData("--module-release 1.5.25 --physical-address-bits 48", 41, "0x0", null)]
    [InlineData("--module-release 1.5.25 --physical-address-bits 48", 42, "0xC0000A2200000000", "not end below 2^42")]
    [InlineData("--module-release 1.5.25 --physical-address-bits 48", 48, "0x0", null)]
    [InlineData("--module-release 1.5.05 --physical-address-bits 48", 42, "0x0", null)]
    [InlineData("--module-release 1.5.05 --physical-address-bits 48", 46, "0xC0000A2200000000", "below 2^46")]
    public void a_release_refuses_cmrs_with_bits_that_select_a_key(
        string options, int bit, string completion, string? message)
    {
        JsonNode plan = Plan();
        plan["cmrs"]!.AsArray().Add(
            new JsonObject { ["start"] = $"0x{1UL << bit:x}", ["end"] = $"0x{(1UL << bit) + 4096:x}" });
        ShouldAnswer(plan, options, completion, message);
    }

    [Fact]
    public void a_tdmr_above_the_key_id_bits_of_the_processor_is_refused()
    {
        JsonNode plan = Plan();
        plan["tdmrs"]![2]!["base"] = "0x40000000000";
        ShouldAnswer(plan, "--physical-address-bits 48", "0xC0000A0000000002", "does not end below 2^42");
        ShouldAnswer(plan, "", "0xC0000A0200000002", "is not inside one CMR");
    }

    [Fact]
    public void a_stream_of_plans_gives_a_stream_of_verdicts()
    {
        string good = Plan().ToJsonString();
        Command.Result result = Command.RunWithInput(
            Encoding.UTF8.GetBytes($"{good}\n{{}}\n{good}"), "check", "--ndjson");
        result.ExitCode.Should().Be(2);
        result.Output.TrimEnd('\n').Split('\n')
            .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetString())
            .Should().Equal("accepted", "invalid", "accepted");
    }

    [Fact]
    public void tdmr_info_blocks_are_written_and_checked()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Command.Run("plan", "--format", "binary", "-o", file, Xeon).Should().Be(new Command.Result(0, "", ""));
            byte[] blocks = File.ReadAllBytes(file);
            blocks.Should().HaveCount(3 * 512);
            Command.Run("check", "--binary", file, "--host", Xeon).ExitCode.Should().Be(0);

            blocks[512 + 9] ^= 1;
            File.WriteAllBytes(file, blocks);
            Command.Run("check", "--format", "text", "--binary", file, "--host", Xeon).Output
                .Should().Contain("rejected, TDX_INVALID_TDMR 0xC0000A0000000001");

            File.WriteAllBytes(file, blocks[..700]);
            Command.Result refused = Command.Run("check", "--binary", file, "--host", Xeon);
            refused.ExitCode.Should().Be(2);
            refused.Errors.Should().Contain("700 bytes");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--binary and --host", "check", "--binary", Xeon)]
    [InlineData("--binary takes no other", "check", "--binary", Xeon, "--host", Xeon, "--ndjson")]
    [InlineData("hosts/fox-creek-pass.json: tdmrs: it is missing", "check", "hosts/fox-creek-pass.json")]
    [InlineData("--module-release: 1.5.5 must be one of 1.5.05, 1.5.13, 1.5.16, 1.5.25, 2.0.18",
        "check", "--module-release", "1.5.5")]
    [InlineData("--physical-address-bits: 53 must be a whole number from 32 to 52",
        "check", "--physical-address-bits", "53")]
    [InlineData("from 32 to 52", "check", "--physical-address-bits", "31")]
    [InlineData("one file", "plan", "--format", "binary", Xeon, Xeon)]
    [InlineData("--output", "plan", "--ndjson", "-o", "x", Xeon)]
    [InlineData("room for 16", "plan", "--max-reserved-areas", "17", "--format", "binary", "hosts/fox-creek-pass.json")]
    [InlineData("cannot be written", "plan", "--format", "binary", "-o", "no-such-folder/x", Xeon)]
    public void what_cannot_be_asked_is_refused_in_one_line(string reason, params string[] arguments)
    {
        Command.Result result = Command.Run(arguments);
        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Errors.Should().Contain(reason);
        result.Errors.Count(static character => character == '\n').Should().Be(1);
    }

    [Fact]
    public void a_failing_host_has_no_binary_plan()
    {
        Command.Result result = Command.Run("plan", "--format", "binary", "hosts/fox-creek-pass.log");
        result.ExitCode.Should().Be(1);
        result.Output.Should().BeEmpty();
        result.Errors.Should().Contain("reserved areas exhausted");
    }

    /// <summary>The answer to a plan, alone and in a stream.</summary>
    private static void ShouldAnswer(JsonNode plan, string options, string completion, string? message)
    {
        byte[] input = Encoding.UTF8.GetBytes(plan.ToJsonString());
        string[] arguments = ["check", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Command.Result result = Command.RunWithInput(input, arguments);
        result.ExitCode.Should().Be(completion == "0x0" ? 0 : 1);
        JsonElement verdict = JsonDocument.Parse(result.Output).RootElement;
        verdict.GetProperty("completion").GetString().Should().Be(completion);
        if (message is not null)
            verdict.GetProperty("message").GetString().Should().Contain(message);
        Command.RunWithInput(input, [.. arguments, "--ndjson"]).Output.Should().Be(result.Output);
    }

    private static JsonNode Plan() => JsonNode.Parse(Command.Run("plan", "--format", "json", Xeon).Output)!;
}
