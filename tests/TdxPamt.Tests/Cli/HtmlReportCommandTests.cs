using System.Xml.Linq;

namespace TdxPamt.Tests.Cli;

public sealed class HtmlReportCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdxpamt-report-");

    private string Report => Path.Combine(_folder.FullName, "report.html");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void draw_writes_a_report_where_the_files_name_ends_in_html()
    {
        Command.Result result = Command.Run("draw", "hosts/xeon-8480c-2-socket-256GiB.log", "-o", Report);
        result.Should().Be(new Command.Result(0, "", ""));
        XDocument.Load(Report).Root!.Value.Should().ContainAll(
            $"{RealHosts.Xeon.PamtKiB} KB allocated for PAMT", "the plan matches");
    }

    [Fact]
    public void a_machine_that_fails_has_a_report_too()
    {
        Command.Run("draw", $"hosts/{RealHosts.FoxCreekPass}", "-o", Report).ExitCode.Should().Be(1);
        XDocument.Load(Report).Root!.Value.Should().Contain("reserved areas exhausted (ENOSPC)");
    }

    [Fact]
    public void simulate_adds_a_curve_for_each_of_three_ways_to_choose_pages()
    {
        Command.Run("draw", $"hosts/{RealHosts.FoxCreekPass}", "--kernel", "cmr-holes", "--simulate", "-o", Report)
            .ExitCode.Should().Be(0);
        XElement part = XDocument.Load(Report).Descendants("section")
            .Single(static section => section.Attribute("id")!.Value == "fragmentation");
        part.Descendants("tbody").Single().Elements().Should().HaveCount(3 * 21);
        part.Value.Should().ContainAll("linux", "best-fit", "boot-reservation");
    }

    [Theory]
    [InlineData("report.pdf", "--output: report.pdf must end in .svg or .html, or be -")]
    [InlineData("report.svg", "--simulate is for a report: --output must end in .html")]
    public void what_no_report_can_be_is_refused(string file, string reason)
    {
        Command.Result result = Command.Run("draw", $"hosts/{RealHosts.FoxCreekPass}", "--simulate", "-o", file);
        result.ExitCode.Should().Be(2);
        result.Errors.Should().Be($"tdxpamt: {reason}\n");
    }
}
