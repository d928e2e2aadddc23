using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace TdxPamt.Tests.Cli;

public class CostCommandTests
{
    /// <summary>252 GiB in 3 TDMRs, the machine of the kernel's documentation.</summary>
    private const string Document = """
        { "name": "documented", "memory": [
          { "start": "0x100000", "end": "0x80000000", "node": 0 },
          { "start": "0x100000000", "end": "0x1fc0000000", "node": 0 },
          { "start": "0x4000000000", "end": "0x5fc0000000", "node": 1 } ] }
        """;

    [Fact]
    public void the_machine_of_the_kernels_documentation_has_both_figures()
    {
        Command.Result result = Pipe("cost", "-");
        result.ExitCode.Should().Be(0);
        result.Errors.Should().BeEmpty();
        result.Output.Should().StartWith("documented, kernel mainline, ")
            .And.MatchRegex("static PAMT +1010 MiB")
            .And.MatchRegex("bitmaps, 2M and 1G PAMTs +9.855 MiB")
            .And.MatchRegex("reference counts +766 KiB")
            .And.MatchRegex("0 % private 4K pages +10.6 MiB")
            .And.MatchRegex("Dynamic PAMT costs less up to 99\\.\\d+ % of memory")
            .And.NotContain("KeyIDs");
    }

    [Fact]
    public void the_picture_has_both_figures_of_the_documentation_and_the_table_stays() => Command.InFolder(folder =>
    {
        string picture = Path.Combine(folder, "cost.svg");
        Pipe("cost", "-o", picture, "-").Should().Be(Pipe("cost", "-"));
        XElement svg = XDocument.Load(picture).Root!;
        string[] texts = [.. svg.Descendants().Where(static it => it.Name.LocalName == "text").Select(
            static it => it.Value)];
        texts.Should().Contain("static PAMT: 1010 MiB, 0.3914 % of RAM")
            .And.Contain("Dynamic PAMT: 10.6 MiB at 0 %, 1015 MiB at 100 %")
            .And.Contain(static text => text.StartsWith("break-even: 99.", StringComparison.Ordinal))
            .And.Contain("at 0 %: bitmaps 7.875 MiB, 2M and 1G PAMTs 2028 KiB, reference counts 766 KiB");
        svg.Descendants().Count(static it => (string?)it.Attribute("class") == "point").Should().Be(4);
    });

    [Fact]
    public void the_picture_of_a_machine_that_fails_says_why() => Command.InFolder(folder =>
    {
        string picture = Path.Combine(folder, "cost.svg");
        Command.Run("cost", "-o", picture, "hosts/fox-creek-pass.json").ExitCode.Should().Be(1);
        File.ReadAllText(picture).Should().Contain("there are no PAMTs to pay for: TDMR [0x0, 0x80000000): ");
    });

    [Theory]
    [InlineData("cost -o cost.png hosts/fox-creek-pass.json", "--output: cost.png must end in .svg")]
    [InlineData("cost -o a.svg hosts/fox-creek-pass.json hosts/fox-creek-pass.log", "--output draws one host")]
    public void a_picture_is_of_one_host_in_svg(string arguments, string reason) =>
        Command.Run(arguments.Split(' ')).ShouldBeRefused(reason);

    [Fact]
    public void json_has_the_figures_in_bytes()
    {
        JsonElement answer = Json(Pipe("cost", "--format", "json", "-").Output);
        Hex(answer.GetProperty("static").GetProperty("bytes")).Should().Be(1034220 * 1024);
        JsonElement dynamic = answer.GetProperty("dynamic");
        Hex(dynamic.GetProperty("fixedBytes")).Should().Be(10092 * 1024);
        Hex(dynamic.GetProperty("referenceCountBytes")).Should().Be(383 * 512 * 4);
        dynamic.GetProperty("breakEven").GetDouble().Should().BeInRange(0.99, 1);
        JsonElement[] points = [.. dynamic.GetProperty("points").EnumerateArray()];
        points.Select(static point => point.GetProperty("private4K").GetDouble()).Should().Equal(0, 0.1, 0.5, 1);
        Hex(points[0].GetProperty("bytes")).Should().Be((10092 + 766) * 1024);
        answer.TryGetProperty("tds", out _).Should().BeFalse("no log says which KeyIDs there are");
    }

    [Fact]
    public void shares_are_as_they_are_asked_for()
    {
        JsonElement answer = Json(Pipe("cost", "--private-4k", "0.25,1", "--format", "json", "-").Output);
        answer.GetProperty("dynamic").GetProperty("points").EnumerateArray()
            .Select(static point => point.GetProperty("private4K").GetDouble()).Should().Equal(0.25, 1);
    }

    [Fact]
    public void a_log_says_how_many_tds_its_keyids_allow()
    {
        const string File = "hosts/cases/31-linux-7.3-whole.log";
        Command.Run("cost", File).Output.Should().EndWith("the KeyIDs allow 63 TDs\n");
        Json(Command.Run("cost", "--format", "json", File).Output).GetProperty("tds").GetInt32().Should().Be(63);
    }

    [Fact]
    public void many_hosts_are_a_line_each_and_one_that_fails_has_no_figures()
    {
        Command.Result result = Command.Run(
            "cost", "--format", "csv", "--private-4k", "0.5", "hosts/4-node-1TiB-6.5.log", "hosts/fox-creek-pass.json");
        result.ExitCode.Should().Be(1);
        result.Errors.Should().Contain("fox-creek-pass: initialization failed");
        string[] lines = result.Output.Split('\n');
        lines[0].Should().Be(
            "name,kernel,ram,staticBytes,fixedBytes,referenceCountBytes,bytesAt0.5,breakEven,tds");
        lines[1].Should().MatchRegex(@"^4-node-1TiB-6\.5,mainline,\d+,4303376384,41963520,2101120,\d+,0\.\d+,15$");
        lines[2].Should().MatchRegex(@"^fox-creek-pass,mainline,\d+,,,,,,$");
        lines.Should().OnlyContain(static line => line.Length == 0 || line.Count(static it => it == ',') == 8);
    }

    [Fact]
    public void a_host_that_fails_says_why()
    {
        Command.Result result = Command.Run("cost", "--format", "json", "hosts/fox-creek-pass.json");
        result.ExitCode.Should().Be(1);
        Json(result.Output).GetProperty("error").GetProperty("code").GetString().Should().Be("ReservedAreasExhausted");
        Command.Run("cost", "hosts/fox-creek-pass.json").Output.Should().Contain("reserved areas exhausted");
    }

    [Theory]
    [InlineData("2")]
    [InlineData("-0.1")]
    [InlineData("0.1,fox")]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    public void a_share_is_from_0_to_1(string share) =>
        Command.Run("cost", $"--private-4k={share}", "hosts/fox-creek-pass.json")
            .ShouldBeRefused($"--private-4k: {share} must be numbers from 0 to 1 with commas between");

    private static Command.Result Pipe(params string[] arguments) =>
        Command.RunWithInput(Encoding.UTF8.GetBytes(Document), arguments);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static ulong Hex(JsonElement value) => Convert.ToUInt64(value.GetString(), 16);
}
