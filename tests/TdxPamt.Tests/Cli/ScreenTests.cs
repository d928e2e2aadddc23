using Spectre.Console;
using TdxPamt.Cli;

namespace TdxPamt.Tests.Cli;

public class ScreenTests
{
    private const string Warning =
        "warning: the CMRs reach 0x407c000000, beyond the e820 map's end at 0x90000000: the map is cut";

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void lines_and_tables_fit_the_terminal_and_lose_nothing(int width)
    {
        string shown = Show(Sample(), width);
        shown.Split('\n').Should().OnlyContain(line => line.Length <= width);
        Letters(shown).Should().BeEquivalentTo(Letters(PlainText.Of(Sample())));
    }

    [Fact]
    public void where_there_is_room_a_table_looks_as_it_does_in_a_file() =>
        Trimmed(Show(Sample(), 200)).Should().Be(PlainText.Of(Sample()));

    [Fact]
    public void a_table_of_many_rows_keeps_none_of_them()
    {
        const int Count = 100_000;
        Page page = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        page.Add(PageTable.OfMany(
            Enumerable.Range(0, Count), static (it, _) => [$"{it}", "b"], "number", "letter"));
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4096);
        PlainText.Of(page).Should().StartWith("number  letter\n0       b\n").And.EndWith("\n99999   b\n");
    }

    [Fact]
    public void at_80_columns_ranges_are_folded_and_short_cells_are_not() =>
        Trimmed(Show(Sample(), 80)).Should().Contain("""
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
        PageTable table = new("kernel", "outcome");
        table.Add("cmr-holes", PageCell.Create("accepted", Outcome.Good));
        foreach (string kernel in (string[])["v5", "mainline"])
            table.Add(kernel, PageCell.Create("fails", Outcome.Bad, Failure));
        Page page = new();
        page.Add(table);
        PlainText.Of(page).Should().EndWith($"\nmainline   fails: {Failure}\n");
        Trimmed(Show(page, 80)).Should().Be($"""
            kernel     outcome
            cmr-holes  accepted
            v5         fails (1)
            mainline   fails (1)
            (1) {Failure}

            """);
    }

    [Theory]
    [InlineData(nameof(Outcome.Good), 32)]
    [InlineData(nameof(Outcome.Bad), 91)]
    [InlineData(nameof(Outcome.Warning), 93)]
    public void an_outcome_has_its_colour_whatever_the_words(string outcome, int colour)
    {
        Page page = new();
        page.Add("fox: rejected, accepted", Enum.Parse<Outcome>(outcome));
        PageTable table = new("outcome");
        table.Add(PageCell.Create("failed", Enum.Parse<Outcome>(outcome)));
        page.Add(table);
        Show(page, 100, colours: true).Should().StartWith($"\u001B[{colour}mfox: rejected, accepted\u001B[0m\n")
            .And.Contain($"\u001B[{colour}mfailed\u001B[0m");
    }

    [Fact]
    public void words_alone_have_no_colour()
    {
        Page page = new();
        page.Add("module: accepted");
        Show(page, 100, colours: true).Should().Be("module: accepted\n");
    }

    [Fact]
    public void a_name_from_a_file_does_not_steer_the_terminal()
    {
        Page page = new();
        page.Add("\u001B[2Jfox, kernel mainline");
        PageTable table = new("name", "outcome");
        table.Add("\u001B[2J", PageCell.Create("fails\n", Outcome.Bad, "\u0007"));
        page.Add(table);
        Trimmed(Show(page, 80)).Should().Be(PlainText.Of(page))
            .And.Be("?[2Jfox, kernel mainline\nname  outcome\n?[2J  fails?: ?\n");
    }

    [Fact]
    public void a_row_has_a_cell_for_each_column()
    {
        PageTable table = new("kernel", "outcome");
        table.Invoking(static table => table.Add("v5")).Should().Throw<ArgumentException>().WithMessage("*2 cells*1");
    }

    private static Page Sample()
    {
        Page page = new();
        page.Add("xeon-8480c-2-socket-256GiB, kernel mainline");
        page.Add(Warning, Outcome.Warning);
        page.Add();
        PageTable table = new("TDMR", "range", "size", "node", "PAMTs", "PAMT size", "reserved areas");
        table.Add("0", "[0x0, 0x80000000)", "2 GiB", "0", "[0x100000000, 0x100805000)", "8212 KiB", "2 of 16");
        table.Add(
            "1", "[0x100000000, 0x2080000000)", "126 GiB", "0", "[0x11f8fd000, 0x13f1fa000)", "517108 KiB", "4 of 16");
        page.Add(table);
        page.Add();
        page.Add("module: accepted", Outcome.Good);
        return page;
    }

    private static string Show(Page page, int width, bool colours = false)
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
        new Screen(console).Show(page);
        return output.ToString().ReplaceLineEndings("\n");
    }

    private static string Trimmed(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => line.TrimEnd()));

    private static IEnumerable<char> Letters(string text) =>
        text.Where(static character => !char.IsWhiteSpace(character));
}
