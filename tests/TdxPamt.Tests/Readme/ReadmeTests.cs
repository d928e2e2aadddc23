namespace TdxPamt.Tests.Readme;

public class ReadmeTests
{
    public static TheoryData<string, string> Blocks()
    {
        TheoryData<string, string> blocks = [];
        foreach (string document in Documents.Shown.Append("src/README.nuget.md"))
        {
            foreach (string code in Documents.Blocks(document))
                blocks.Add(document, code);
        }

        return blocks;
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void what_a_document_shows_of_csharp_is_in_a_sample(string document, string code) =>
        Samples.Text.Should().Contain(Samples.WithoutUsings(code), "{0} shows it", document);

    [Fact]
    public void the_readme_has_at_most_150_lines() =>
        File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Length.Should().BeLessThanOrEqualTo(150);

    [Theory]
    [InlineData("FirstPlan", "", 0)]
    [InlineData("PlanLog", "", 0)]
    [InlineData("OwnAllocator", "tests/hosts/snc-4-node-320GiB.log", 0)]
    [InlineData("Seamcall", "", 0)]
    [InlineData("FailingMachine", "tests/hosts/fox-creek-pass.json", 0)]
    public void a_sample_prints_what_lies_beside_it(string sample, string arguments, int exitCode) =>
        Run(sample, arguments).Should().Be(
            new Command.Result(exitCode, Documents.Read($"samples/csharp/{sample}/expected.txt"), ""));

    [Theory]
    [InlineData("OwnAllocator", "", 2, "usage: OwnAllocator FILE")]
    [InlineData("OwnAllocator", "tests/hosts/README.md", 2, "README.md: ")]
    [InlineData("OwnAllocator", "tests/hosts/fox-creek-pass.json", 1, "reserved areas exhausted (ENOSPC)")]
    [InlineData("FailingMachine", "", 2, "usage: FailingMachine FILE")]
    [InlineData("FailingMachine", "tests/hosts/README.md", 2, "README.md: ")]
    public void a_sample_that_cannot_go_on_says_why(string sample, string arguments, int exitCode, string why)
    {
        Command.Result result = Run(sample, arguments);
        result.ExitCode.Should().Be(exitCode);
        result.Output.Should().BeEmpty();
        result.Errors.Should().Contain(why).And.NotContain("   at ");
    }

    private static Command.Result Run(string sample, string arguments)
    {
        string tests = AppContext.BaseDirectory;
        string built = Path.GetRelativePath(Path.Combine(tests, "../../.."), tests);
        return Shell.Run($"dotnet samples/csharp/{sample}/{built}/{sample}.dll {arguments}");
    }
}
