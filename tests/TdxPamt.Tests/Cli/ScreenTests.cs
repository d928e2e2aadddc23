using System.Text;
using Spectre.Console;
using TdxPamt.Cli;

namespace TdxPamt.Tests.Cli;

public class ScreenTests
{
    private const string Warning = "warning: the CMRs reach 0x407c000000, beyond the e820 map's end at 0x90000000: the map is cut";

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void lines_and_tables_fit_the_terminal_and_lose_nothing(int width)
    {
        string shown = Show(Sample(), width);
        shown.Split('\n').Should().OnlyContain(line => line.Length <= width);
        Letters(shown).Should().BeEquivalentTo(Letters(Page.Plain(Sample())));
    }

    [Fact]
    public void where_there_is_room_a_table_looks_as_it_does_in_a_file() =>
        Trimmed(Show(Sample(), 200)).Should().Be(Page.Plain(Sample()));

    [Fact]
    public void at_80_columns_ranges_are_folded_and_short_cells_are_not() => Trimmed(Show(Sample(), 80)).Should().Contain("""
        TDMR  range            size     node  PAMTs           PAMT size   reserved areas
        0     [0x0,            2 GiB    0     [0x100000000,   8212 KiB    2 of 16
              0x80000000)                     0x100805000)
        1     [0x100000000,    126 GiB  0     [0x11f8fd000,   517108 KiB  4 of 16
              0x2080000000)                   0x13f1fa000)

        """);

    [Fact]
    public void what_a_last_cell_says_at_length_is_noted_below_once()
    {
        const string Failure = "TDMR [0x0, 0x80000000): reserved areas exhausted, 17 needed, 16 allowed";
        StringBuilder text = new();
        Page.AppendTable(
            text,
            [["kernel", "outcome"], ["cmr-holes", "accepted"], ["v5", $"fails: {Failure}"], ["mainline", $"fails: {Failure}"]]);
        Trimmed(Show(text.ToString(), 80)).Should().Be($"""
            kernel     outcome
            cmr-holes  accepted
            v5         fails (1)
            mainline   fails (1)
            (1) {Failure}

            """);
    }

    [Theory]
    [InlineData("module: accepted", 32)]
    [InlineData("module: rejected, TDX_PAMT_OVERLAP 0xC0000A1200010105: overlaps", 91)]
    [InlineData("initialization failed: TDMRs exhausted (ENOSPC)", 91)]
    [InlineData("fox: failed, TDMRs exhausted (ENOSPC)", 91)]
    [InlineData("fox: constructed, 3 TDMRs, 8212 KiB of PAMTs", 32)]
    [InlineData("log reports: 8 KB allocated for PAMT; the plan DOES NOT match", 91)]
    [InlineData("log reports: 8 KB allocated for PAMT; the plan matches", 32)]
    [InlineData("warning: the nodes are not known", 93)]
    public void an_outcome_has_its_colour(string line, int colour) =>
        Show(line + "\n", 100, colours: true).Should().Be($"\u001B[{colour}m{line}\u001B[0m\n");

    [Fact]
    public void a_name_from_a_file_does_not_steer_the_terminal() =>
        Show("\u001B[2Jfox, kernel mainline\n", 80).Should().Be("?[2Jfox, kernel mainline\n");

    private static string Sample()
    {
        StringBuilder text = new($"xeon-8480c-2-socket-256GiB, kernel mainline\n{Warning}\n\n");
        Page.AppendTable(
            text,
            [
                ["TDMR", "range", "size", "node", "PAMTs", "PAMT size", "reserved areas"],
                ["0", "[0x0, 0x80000000)", "2 GiB", "0", "[0x100000000, 0x100805000)", "8212 KiB", "2 of 16"],
                ["1", "[0x100000000, 0x2080000000)", "126 GiB", "0", "[0x11f8fd000, 0x13f1fa000)", "517108 KiB", "4 of 16"],
            ]);
        return text.Append("\nmodule: accepted\n").ToString();
    }

    private static string Show(string text, int width, bool colours = false)
    {
        using StringWriter output = new() { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        new Screen(console).Show(text);
        return output.ToString().ReplaceLineEndings("\n");
    }

    private static string Trimmed(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => line.TrimEnd()));

    private static IEnumerable<char> Letters(string text) => text.Where(static character => !char.IsWhiteSpace(character));
}
