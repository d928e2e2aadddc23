using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Json.Schema;
using TdxPamt.Hosts;
using TdxPamt.Tests.Readme;

namespace TdxPamt.Tests.Cli;

public partial class SchemaCommandTests
{
    private static readonly Dictionary<string, JsonSchema> Schemas =
        DocumentSchema.Names.ToDictionary(
            static name => name, static name => JsonSchema.FromText(Read(name)), StringComparer.Ordinal);

    public static TheoryData<string> Names { get; } = [.. DocumentSchema.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void the_command_prints_the_schema_that_the_docs_and_packages_have(string name)
    {
        Command.Result result = Command.Run("schema", name);

        result.Should().Be(new Command.Result(0, Read(name), ""));
        JsonDocument.Parse(result.Output).RootElement.GetProperty("$schema").GetString()
            .Should().Be("https://json-schema.org/draft/2020-12/schema");
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "schemas", name + ".json")).Should().Be(Read(name));
    }

    [Fact]
    public void another_document_is_refused_with_those_that_there_are() =>
        Command.Run("schema", "fox").ShouldBeRefused(
            "DOCUMENT: fox must be one of host, plan, comparison, simulation, cost, doctor, summary");

    [Fact]
    public void every_document_that_the_docs_show_is_valid()
    {
        int hosts = 0;
        int others = 0;
        foreach (string document in Documents.Shown)
        {
            foreach (Match block in JsonBlock().Matches(Documents.Read(document)))
            {
                foreach (string text in Objects(block.Groups["json"].Value))
                {
                    string? name = NameOf(JsonDocument.Parse(text).RootElement);
                    if (name is null)
                        continue;
                    ShouldBeValid(name, text);
                    hosts += name == "host" ? 1 : 0;
                    others += name == "host" ? 0 : 1;
                }
            }
        }

        hosts.Should().BePositive();
        others.Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void every_answer_on_a_real_machine_is_valid(string file)
    {
        HostDescription host = HostReader.ReadFile(file);

        ShouldBeValid("host", Texts.Json(host));
        foreach (KernelModel kernel in KernelModel.All)
            ShouldBeValid("plan", Texts.Json(HostPlan.Create(host, kernel)));
        ShouldBeValid("doctor", Written(buffer => CheckupDocument.Write(HostCheckup.Create(host), buffer)));
        if (host.IsIncomplete)
            return;
        ShouldBeValid("comparison", Written(buffer =>
            ComparisonDocument.Write(HostComparison.Create(host, withHeadroom: true), buffer)));
        ShouldBeValid("cost", Written(buffer => CostDocument.Write(HostCost.Create(HostPlan.Create(host)), buffer)));
    }

    public static TheoryData<string> Machines() =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "tests", "hosts"), "*", SearchOption.AllDirectories)
            .Where(static file => file.EndsWith(".log", StringComparison.Ordinal)
                || file.EndsWith(".json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void every_answer_on_a_random_host_is_valid() =>
        new RandomHosts(tiny: false).Hold(RandomHosts.Iterations / 50, static random =>
        {
            HostDescription host = new("random", random.ToHostMemory())
            {
                Kernel = random.Kernel,
                Module = random.ToModuleParameters(),
            };
            ShouldBeValid("host", Texts.Json(host));
            ShouldBeValid("plan", Texts.Json(HostPlan.Create(host)));
            if (host.Memory.TdxMemoryBlocks.Count < 20)
            {
                ShouldBeValid("comparison", Written(buffer =>
                    ComparisonDocument.Write(HostComparison.Create(host), buffer)));
            }
        });

    [Theory]
    [InlineData("simulate --unmovable 0.045 --trials 20 --format json hosts/fox-creek-pass.json", 0)]
    [InlineData("simulate --sweep 0:0.1:0.05 --allocator all --trials 5 --format json hosts/fox-creek-pass.json", 0)]
    [InlineData("simulate --threshold 0.5 --trials 20 --format json hosts/fox-creek-pass.json", 0)]
    [InlineData("simulate --kernel v5 --format json hosts/uneven-8-node-496GiB.log", 1)]
    public void every_simulation_is_valid(string command, int exitCode) =>
        ShouldBeValid("simulation", Command.Run(command.Split(' ')).Json(exitCode).GetRawText());

    [Theory]
    [InlineData("plan", "plan")]
    [InlineData("comparison", "compare")]
    [InlineData("simulation", "simulate")]
    [InlineData("cost", "cost")]
    public void an_invalid_file_among_many_is_a_valid_answer(string name, string command) => ShouldBeValid(
        name, Command.Run(command, "--format", "json", "none", "none").Output.Split('\n')[0]);

    [Theory]
    [InlineData("plan")]
    [InlineData("cost")]
    public void every_summary_is_valid(string command) => ShouldBeValid("summary", Command.Run(
        command, "--summary", "--format", "json", RealHosts.FoxCreekPass.Insert(0, "hosts/"), "none",
        $"hosts/{RealHosts.Uneven.File}").Output);

    [Fact]
    public void an_invalid_line_of_a_stream_is_a_valid_answer() => ShouldBeValid(
        "plan", Command.RunWithInput("fox\n"u8.ToArray(), "plan", "--ndjson", "-").Output);

    [Theory]
    [InlineData("host", """{}""")]
    [InlineData("host", """{"memory":[{"start":0,"end":4096}]}""")]
    [InlineData("host", """{"memory":[{"start":0,"end":4096,"node":1024}]}""")]
    [InlineData("host", """{"memory":[],"kernel":"v6"}""")]
    [InlineData("host", """{"memory":[],"fox":1}""")]
    [InlineData("host", """{"memory":[],"blocked":[{"start":0,"end":4096,"kind":"hugetlb","pageSize":"4K"}]}""")]
    [InlineData("plan", """{"status":"constructed","name":"x"}""")]
    [InlineData("plan", """{"status":"invalid"}""")]
    [InlineData("simulation", """{"name":"x","kernel":"mainline"}""")]
    public void what_is_no_such_document_is_not_valid(string name, string json) =>
        Schemas[name].Evaluate(JsonDocument.Parse(json).RootElement).IsValid.Should().BeFalse();

    private static string? NameOf(JsonElement document) =>
        document.TryGetProperty("memory", out _) ? "host"
        : document.TryGetProperty("checks", out _) ? "doctor"
        : document.TryGetProperty("candidates", out _) ? "comparison"
        : document.TryGetProperty("points", out _) ? "simulation"
        : document.TryGetProperty("dynamic", out _) ? "cost"
        : document.TryGetProperty("tdmrs", out _) || document.TryGetProperty("line", out _) ? "plan"
        : null;

    /// <summary>A block's documents: one on many lines, or one on each line.</summary>
    private static string[] Objects(string block) =>
        block.StartsWith("{\n", StringComparison.Ordinal) ? [block]
            : block.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal static void ShouldBeValid(string name, string json)
    {
        EvaluationResults results = Schemas[name].Evaluate(
            JsonDocument.Parse(json).RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        string errors = string.Join("; ", (results.Details ?? []).Where(static it => it.Errors is { Count: > 0 })
            .Take(5)
            .Select(static it => $"{it.InstanceLocation} {string.Join(", ", it.Errors!.Values)}"));
        results.IsValid.Should().BeTrue(
            "{0} is a {1} document: {2}", json[..Math.Min(json.Length, 300)], name, errors);
    }

    private static string Read(string name) => DocumentSchema.TryRead(name, out string? schema) ? schema : "";

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonBlock();
}
