namespace TdxPamt;

/// <summary>Contiguous pages by page frame number, half-open.</summary>
internal readonly record struct PageRun(ulong Start, ulong End)
{
    internal ulong Length => End - Start;

    /// <summary>The pages of a range.</summary>
    internal static PageRun FromRange(AddressRange range) =>
        new(range.Start / AddressRange.PageBytes, range.End / AddressRange.PageBytes);

    /// <summary>The addresses of the pages.</summary>
    internal AddressRange ToRange() =>
        AddressRange.Create(Start * AddressRange.PageBytes, End * AddressRange.PageBytes);

    /// <summary>The position of the first of some ascending runs that ends above a page, or their number.</summary>
    internal static int FirstEndingAbove(ReadOnlySpan<PageRun> runs, ulong page) =>
        BinarySearch.First(runs, new RunEndsAbove(page));

    private readonly struct RunEndsAbove(ulong page) : ICondition<PageRun>
    {
        public bool Holds(PageRun item) => item.End > page;
    }
}
