using System.Xml.Linq;

namespace TdxPamt.Tests.Cli;

public class DrawCommandTests
{
    private const string FoxCreekPass = "hosts/fox-creek-pass.json";

    [Fact]
    public void a_machine_is_drawn_into_a_file_with_the_same_bytes_in_any_run()
    {
        Command.InFolder(folder =>
        {
            string[] files = [Path.Combine(folder, "1.svg"), Path.Combine(folder, "2.SVG")];
            foreach (string file in files)
            {
                Command.Result result = Command.Run("draw", FoxCreekPass, "--kernel", "cmr-holes", "-o", file);
                result.ExitCode.Should().Be(0);
                result.Output.Should().BeEmpty();
                result.Errors.Should().BeEmpty();
            }

            File.ReadAllBytes(files[0]).Should().Equal(File.ReadAllBytes(files[1]));
            XDocument.Load(files[0]).Root!.Value.Should()
                .Contain("kernel cmr-holes").And.Contain("1.002 GiB of PAMTs");
        });
    }

    [Theory]
    [InlineData("TDMR [0x0, 0x80000000): reserved areas exhausted")]
    [InlineData("TDMRs exhausted", "--max-tdmrs", "3", "--max-reserved-areas", "20")]
    public void a_machine_that_fails_is_drawn_all_the_same(string reason, params string[] arguments)
    {
        Command.InFolder(folder =>
        {
            string file = Path.Combine(folder, "map.svg");
            Command.Result result = Command.Run(["draw", FoxCreekPass, "-o", file, .. arguments]);
            result.ExitCode.Should().Be(1);
            result.Errors.Should().StartWith($"tdxpamt: fox-creek-pass: initialization failed: {reason}; to do: ")
                .And.EndWith(Environment.NewLine);
            XDocument.Load(file).Root!.Value.Should().Contain("FAILS");
        });
    }

    [Fact]
    public void the_readme_shows_what_the_command_draws()
    {
        Command.InFolder(folder =>
        {
            string file = Path.Combine(folder, "map.svg");
            Command.RunIn(Repository.Root, "draw", "-o", file, "tests/hosts/fox-creek-pass.json")
                .ExitCode.Should().Be(1);
            string committed = Path.Combine(Repository.Root, "docs", "fox-creek-pass.svg");
            File.ReadAllBytes(file).Should().Equal(File.ReadAllBytes(committed));
        });
    }

    [Theory]
    [InlineData("--output", FoxCreekPass)]
    [InlineData("map.png must end in .svg", FoxCreekPass, "-o", "map.png")]
    [InlineData("no-such-file: no such file", "no-such-file", "-o", "map.svg")]
    [InlineData("no-such-folder/map.svg: cannot be written", FoxCreekPass, "-o", "no-such-folder/map.svg")]
    public void what_cannot_be_drawn_is_refused_in_a_line(string reason, params string[] arguments) =>
        Command.Run(["draw", .. arguments]).ShouldBeRefused(reason);
}
