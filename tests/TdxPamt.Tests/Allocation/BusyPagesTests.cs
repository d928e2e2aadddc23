using System.Globalization;

namespace TdxPamt.Tests.Allocation;

public class BusyPagesTests
{
    [Theory]
    [InlineData("", 1, "")]
    [InlineData("5-10", 1, "5-10")]
    [InlineData("0-5, 5-10", 1, "0-10")]
    [InlineData("0-5, 6-10", 1, "0-5, 6-10")]
    [InlineData("0-5, 6-10", 2, "0-10")]
    [InlineData("0-5, 8-10", 3, "0-5, 8-10")]
    [InlineData("0-5, 7-10, 12-13", 3, "0-13")]
    [InlineData("5-10, 0-3", 1, "0-3, 5-10")]
    [InlineData("5-10, 0-5", 1, "0-5, 5-10")]
    [InlineData("8-9, 5-6, 2-3, 1-2", 1, "1-2, 2-3, 5-6, 8-9")]
    [InlineData("10-12, 20-30, 0-5, 6-8", 2, "0-8, 10-12, 20-30")]
    [InlineData("10-12, 14-15, 12-13", 3, "10-15")]
    [InlineData("10-12, 14-15, 13-14, 20-21", 3, "10-15, 20-21")]
    [InlineData("10-12, 14-15, 5-6, 9-10, 12-13", 4, "5-15")]
    [InlineData("20-22, 0-4, 8-9, 6-7", 5, "0-9, 20-22")]
    [InlineData("0-1, 3-4, 6-7, 9-10, 12-13, 15-16, 18-19", 1, "0-1, 3-4, 6-7, 9-10, 12-13, 15-16, 18-19")]
    public void appended_runs_are_sorted_and_short_gaps_are_in_use(string runs, ulong minGap, string sorted)
    {
        BusyPages pages = new();
        foreach (PageRun run in Runs(runs))
            pages.Append(run, minGap);
        pages.Sort();

        pages.Runs.ToArray().Should().Equal(Runs(sorted));
        pages.Sort();
        pages.Runs.ToArray().Should().Equal(Runs(sorted));
    }

    [Fact]
    public void runs_are_added_found_and_removed_as_if_each_page_had_a_mark()
    {
        Random random = new(17);
        for (int sample = 0; sample < 20; sample++)
        {
            BusyPages pages = new();
            SortedDictionary<int, int> model = [];
            for (int step = 0; step < 150; step++)
            {
                int start = random.Next(240);
                int end = start + random.Next(1, 5);
                PageRun run = new((ulong)start, (ulong)end);
                bool overlaps = model.Any(entry => entry.Key < end && entry.Value > start);
                pages.Overlaps(run).Should().Be(overlaps);
                pages.FirstEndingAbove(run.Start).Should().Be(model.Count(entry => entry.Value <= start));
                pages.FirstStartingFrom(run.Start).Should().Be(model.Count(entry => entry.Key < start));
                pages.TryRemove(run).Should().Be(model.TryGetValue(start, out int its) && its == end);
                if (its == end)
                {
                    model.Remove(start);
                }
                else if (!overlaps)
                {
                    pages.Add(run);
                    model.Add(start, end);
                }
            }

            pages.Runs.ToArray().Should().Equal(
                model.Select(static entry => new PageRun((ulong)entry.Key, (ulong)entry.Value)));
        }
    }

    [Fact]
    public void a_run_is_removed_only_as_it_was_added()
    {
        BusyPages pages = new();
        foreach (PageRun run in Runs("0-5, 5-10, 12-15"))
            pages.Add(run);

        foreach (PageRun run in Runs("0-4, 0-6, 1-5, 0-10, 10-12, 12-14, 13-15, 15-16"))
            pages.TryRemove(run).Should().BeFalse();
        pages.Removals.Should().Be(0);
        pages.TryRemove(new(5, 10)).Should().BeTrue();
        pages.TryRemove(new(5, 10)).Should().BeFalse();
        pages.Removals.Should().Be(1);
        pages.Runs.ToArray().Should().Equal(Runs("0-5, 12-15"));
        pages.Clear();
        pages.Removals.Should().Be(2);
        pages.Runs.Length.Should().Be(0);
        pages.TryRemove(new(0, 5)).Should().BeFalse();
    }

    private static PageRun[] Runs(string text) =>
        [.. text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(static part =>
        {
            string[] ends = part.Split('-');
            return new PageRun(
                ulong.Parse(ends[0], CultureInfo.InvariantCulture), ulong.Parse(ends[1], CultureInfo.InvariantCulture));
        })];
}
