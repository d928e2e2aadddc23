namespace TdxPamt.Tests.Allocation;

/// <summary>Runs in groups of 32, groups of groups, and so on.</summary>
public class FreeRunsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(1057)]
    [InlineData(33_000)]
    public void the_next_and_the_previous_run_that_is_long_enough_are_those_that_a_look_at_each_finds(int count)
    {
        Random random = new(count);
        int[] lengths = [.. Enumerable.Range(0, count).Select(_ => random.Next(1, random.Next(100) == 0 ? 2000 : 20))];
        FreeRuns table = new(Runs(lengths), []);

        for (int search = 0; search < 200; search++)
        {
            int from = random.Next(count + 1);
            int pages = random.Next(1, random.Next(3) == 0 ? 2100 : 22);
            int next = Array.FindIndex(lengths, from, length => length >= pages);
            int previous = from == 0 ? -1 : Array.FindLastIndex(lengths, from - 1, length => length >= pages);

            table.NextLongEnough(from, (ulong)pages).Should().Be(next < 0 ? count : next);
            table.PreviousLongEnough(from - 1, (ulong)pages).Should().Be(previous);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(2099)]
    public void a_single_long_run_is_found_from_either_side(int position)
    {
        FreeRuns table = new(Runs([.. Enumerable.Range(0, 2100).Select(i => i == position ? 9 : 8)]), []);

        for (int from = 0; from < 2100; from += 7)
        {
            table.NextLongEnough(from, 9).Should().Be(from <= position ? position : 2100);
            table.PreviousLongEnough(from, 9).Should().Be(from >= position ? position : -1);
        }

        table.NextLongEnough(0, 10).Should().Be(2100);
        table.PreviousLongEnough(2099, 10).Should().Be(-1);
    }

    [Fact]
    public void the_runs_of_each_zone_are_ordered_by_length_then_address()
    {
        Zone[] zones = new Zone[3];
        FreeRuns table = new(Runs([5, 3, 5, 1, 7, 7, 2, 4]), zones);
        zones[0] = new(table, 0, 4, default);
        zones[1] = new(table, 4, 0, default);
        zones[2] = new(table, 4, 4, default);

        zones[0].ByLength.ToArray().Should().Equal(3, 1, 0, 2);
        zones[1].ByLength.Length.Should().Be(0);
        zones[2].ByLength.ToArray().Should().Equal(2, 3, 0, 1);
        zones.Select(static zone => zone.LongestRun).Should().Equal(5, 0, 7);
        zones[0].FirstByLength(4).Should().Be(2);
    }

    [Fact]
    public void a_zone_finds_none_but_its_own_runs()
    {
        Zone[] zones = new Zone[2];
        FreeRuns table = new(Runs([9, 1, 2, 9, 2, 1, 9]), zones);
        zones[0] = new(table, 1, 5, default);

        zones[0].NextLongEnough(0, 2).Should().Be(1);
        zones[0].NextLongEnough(3, 2).Should().Be(3);
        zones[0].NextLongEnough(3, 3).Should().Be(5, "the run after it belongs to another zone");
        zones[0].NextLongEnough(5, 1).Should().Be(5);
        zones[0].PreviousLongEnough(4, 2).Should().Be(3);
        zones[0].PreviousLongEnough(1, 3).Should().Be(-1, "the run before it belongs to another zone");
        zones[0].PreviousLongEnough(-1, 1).Should().Be(-1);
        zones[0].FirstByLength(1).Should().Be(0);
        zones[0].FirstByLength(2).Should().Be(2);
        zones[0].FirstByLength(3).Should().Be(4);
        zones[0].FirstByLength(10).Should().Be(5);
    }

    /// <summary>Runs of these lengths, a page between each two.</summary>
    private static PageRun[] Runs(int[] lengths)
    {
        ulong start = 0;
        return Array.ConvertAll(lengths, length =>
        {
            PageRun run = new(start, start + (ulong)length);
            start = run.End + 1;
            return run;
        });
    }
}
