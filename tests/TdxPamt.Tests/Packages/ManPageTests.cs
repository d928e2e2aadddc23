using TdxPamt.Tests.Cli;

namespace TdxPamt.Tests.Packages;

public class ManPageTests
{
    private static readonly string[] Headings =
        ["Description", "Usage", "Arguments", "Options", "Commands", "Examples"];

    [Fact]
    public void every_command_has_a_man_page_that_says_what_its_help_says() => Command.InFolder(folder =>
    {
        Command.Result written = Shell.Run($"bash eng/man '{folder}/man' dotnet '{Command.Dll}'");
        written.Should().Be(new Command.Result(0, "", ""));
        string[] names = [.. HelpTests.Commands.Select(static row => $"tdxpamt {row.Data}".TrimEnd())];
        Directory.GetFiles(Path.Combine(folder, "man")).Select(Path.GetFileName).Should()
            .BeEquivalentTo(names.Select(static name => name.Replace(' ', '-') + ".1"));
        foreach (string name in names)
        {
            string page = File.ReadAllText(Path.Combine(folder, "man", name.Replace(' ', '-') + ".1"));
            string[] said = [.. Words(page)];
            said.Should().Contain(Words("EXIT STATUS 0 1 2 130 141 SEE ALSO"));
            string help = Command.Run([.. name.Split(' ')[1..], "--help"]).Output;
            said.Should().Contain(Words(help).Where(static word => !Headings.Contains(word)), "{0} says so", name);
        }
    });

    /// <summary>A text's words without the marks of roff and of a value's place.</summary>
    private static IEnumerable<string> Words(string text) => text
        .Replace("\\fB", "").Replace("\\fI", "").Replace("\\fR", "").Replace("\\-", "-").Replace("\\(aq", "'")
        .Replace("\\(ga", "`").Replace("\\(ti", "~").Replace("\\(ha", "^").Replace("\\e", "\\")
        .Split([' ', '\n', '<', '>', '[', ']', ':'], StringSplitOptions.RemoveEmptyEntries)
        .Select(static word => word.TrimEnd('.'))
        .Where(static word => word.Length > 0);
}
