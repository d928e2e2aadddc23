using TdxPamt.Cli;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Cli;

public class ScreenTests
{
    private const string Warning =
        "warning: the CMRs reach 0x407c000000, beyond the e820 map's end at 0x90000000: the map is cut";

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void lines_and_tables_fit_the_terminal(int width) =>
        Show(Sample(), width).Split('\n').Should().OnlyContain(line => line.Length <= width);

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
    public void at_80_columns_units_and_then_ranges_make_way()
    {
        Trimmed(Show(Sample(), 80)).Should().Contain("""
            TDMR  range                size,  node  PAMTs                 PAMT      reserved
                                       GiB                                size      areas of
                                                                                    16
            0     [0x0, 0x80000000)    2      0     [0x100000000,         8212 KiB  2
                                                    0x100805000)
            1     [0x100000000,        126    1     [0x11f8fd000,         505 MiB   4
                  0x2080000000)                     0x13f1fa000)

            """);
    }

    [Fact]
    public void a_range_is_one_word_of_a_line_where_it_fits()
    {
        Page page = new();
        page.Add("without the holes [0x5e5b3000, 0x5e5c3000), [0x619e2000, 0x619ea000) it fits");
        Show(page, 50).Should().Be(
            "without the holes [0x5e5b3000, 0x5e5c3000),\n[0x619e2000, 0x619ea000) it fits\n");
        Show(page, 20).Should().Be(
            "without the holes\n[0x5e5b3000,\n0x5e5c3000),\n[0x619e2000,\n0x619ea000) it fits\n");
    }

    [Fact]
    public void a_word_longer_than_the_terminal_stays_whole_to_be_copied()
    {
        Page page = new();
        page.Add("boot with memmap=4K$0x64158000,4K$0x6f7ff000 then");
        Show(page, 20).Should().Be("boot with\nmemmap=4K$0x64158000,4K$0x6f7ff000\nthen\n");
    }

    [Fact]
    public void rows_that_another_column_shows_to_have_nothing_do_not_keep_a_column()
    {
        PageTable table = new("kernel", "PAMT size", "TDMRs");
        table.Add("v5", "1.5 GiB", "9 of 64");
        table.Add("6.8", "15 MiB", "9 of 64");
        table.Add("mainline", "-", "-");
        Page page = new();
        page.Add(table);
        Trimmed(Show(page, 24)).Should().Be("""
            all rows but those with
            -: TDMRs 9 of 64
            kernel    PAMT size
            v5        1.5 GiB
            6.8       15 MiB
            mainline  -

            """);
        table.Add("7.1", "15 MiB", "8 of 64");
        Trimmed(Show(page, 24)).Should().Be("""
            kernel    PAMT     TDMRs
                      size     of 64
            v5        1.5 GiB  9
            6.8       15 MiB   9
            mainline  -        -
            7.1       15 MiB   8

            """);
    }

    [Fact]
    public void what_is_the_same_in_all_rows_is_said_once_where_there_is_no_room()
    {
        PageTable table = new("kernel", "strategy", "outcome");
        table.Add("v5", "kernel", "accepted");
        table.Add("mainline", "kernel", "fails");
        Page page = new();
        page.Add(table);
        Trimmed(Show(page, 22)).Should().Be(
            "all rows: strategy\nkernel\nkernel    outcome\nv5        accepted\nmainline  fails\n");
        Trimmed(Show(page, 80)).Should().Be(PlainText.Of(page));
    }

    [Theory]
    [MemberData(nameof(RealHosts.OnEachKernel), MemberType = typeof(RealHosts))]
    public void at_80_columns_no_name_and_no_address_is_broken(string file, string kernel)
    {
        Page page = new();
        PlanText.Append(page, HostPlan.Create(Texts.ReadFile(file), Named.Kernel(kernel)));
        CompareText.Append(page, HostComparison.Create(Texts.ReadFile(file), withHeadroom: true));
        string[] words = Words(PlainText.Of(page));
        string[] shown = Words(Show(page, 80));
        shown.Except(words.Concat(["all", "rows", "but", "those", "with"]), StringComparer.Ordinal)
            .Should().OnlyContain(static word => word.StartsWith('('));
        words.Should().BeSubsetOf(shown);

        static string[] Words(string text) =>
        [
            .. text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .Select(static word => word.TrimEnd(',', ';', ':')).Distinct(StringComparer.Ordinal),
        ];
    }

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
            "1", "[0x100000000, 0x2080000000)", "126 GiB", "1", "[0x11f8fd000, 0x13f1fa000)", "505 MiB", "4 of 16");
        page.Add(table);
        page.Add();
        page.Add("module: accepted", Outcome.Good);
        return page;
    }

    private static string Show(Page page, int width, bool colours = false)
    {
        using StringWriter output = new() { NewLine = "\n" };
        new Screen(output, width, colours).Show(page);
        return output.ToString();
    }

    private static string Trimmed(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => line.TrimEnd()));
}
