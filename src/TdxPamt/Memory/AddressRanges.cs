namespace TdxPamt;

/// <summary>The algebra of sets of pages that are kept as ranges.</summary>
/// <remarks>
/// <para>A set is ranges in ascending order that do not overlap, none of them empty; adjacent ones may stay apart.
/// Operations on whole sets take linear time and refuse ranges that break this rule. Look-ups are binary searches, rely
/// on the rule, and give an unspecified answer where it is broken.</para>
/// <para>Results are new arrays that belong to the caller. Those of <see cref="MergeAdjacent"/>, <see cref="Union"/>
/// and <see cref="Gaps"/> have no adjacent ranges. Without state, so safe for many threads.</para>
/// </remarks>
/// <example><code>
/// AddressRange[] ram = [AddressRange.Create(0x100000, 0x80000000), AddressRange.Create(0x100000000, 0x180000000)];
/// AddressRange[] cmrs = [AddressRange.Create(0x100000, 0x78000000), ram[1]];
/// AddressRange[] holes = AddressRanges.Gaps(ram); // [0x0, 0x100000), [0x80000000, 0x100000000), ...
/// AddressRange[] outside = AddressRanges.Subtract(ram, cmrs); // [0x78000000, 0x80000000)
/// bool convertible = AddressRanges.AnyContains(cmrs, ram[1]); // true
/// </code></example>
public static class AddressRanges
{
    /// <summary>The same pages in as few ranges as possible: <c>[0, 4K), [4K, 8K)</c> becomes <c>[0, 8K)</c>.</summary>
    /// <param name="ranges">The set.</param>
    /// <returns>The set without adjacent ranges.</returns>
    /// <exception cref="ArgumentException">The ranges do not ascend, overlap, or one is empty.</exception>
    public static AddressRange[] MergeAdjacent(ReadOnlySpan<AddressRange> ranges)
    {
        CheckOrder(ranges);
        AddressRange[] merged = ranges.ToArray();
        int count = 0;
        foreach (AddressRange range in ranges)
        {
            if (count > 0 && merged[count - 1].End == range.Start)
                merged[count - 1] = AddressRange.Create(merged[count - 1].Start, range.End);
            else
                merged[count++] = range;
        }

        Array.Resize(ref merged, count);
        return merged;
    }

    /// <summary>The pages that are in both sets: <c>[0, 8K)</c> and <c>[4K, 12K)</c> share <c>[4K, 8K)</c>.</summary>
    /// <param name="ranges">One set.</param>
    /// <param name="others">The other set.</param>
    /// <returns>The shared ranges, cut wherever a range of either set starts or ends.</returns>
    /// <exception cref="ArgumentException">Ranges of a set do not ascend, overlap, or one is empty.</exception>
    public static AddressRange[] Intersect(ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<AddressRange> others)
    {
        CheckOrder(ranges);
        CheckOrder(others);
        List<AddressRange> shared = [];
        int first = 0;
        foreach (AddressRange range in ranges)
        {
            while (first < others.Length && others[first].End <= range.Start)
                first++;
            for (int i = first; i < others.Length && others[i].Start < range.End; i++)
                shared.Add(range.Intersect(others[i]));
        }

        return [.. shared];
    }

    /// <summary>The pages of one set that are not in another: <c>[0, 12K)</c> less <c>[4K, 8K)</c> is
    /// <c>[0, 4K), [8K, 12K)</c>.</summary>
    /// <param name="ranges">The set.</param>
    /// <param name="others">What is taken away.</param>
    /// <returns>What remains of each range.</returns>
    /// <exception cref="ArgumentException">Ranges of a set do not ascend, overlap, or one is empty.</exception>
    public static AddressRange[] Subtract(ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<AddressRange> others) =>
        Intersect(ranges, Gaps(others));

    /// <summary>The pages that are in either set: <c>[0, 8K)</c> and <c>[4K, 12K)</c> make <c>[0, 12K)</c>.</summary>
    /// <param name="ranges">One set.</param>
    /// <param name="others">The other set.</param>
    /// <returns>The union, without adjacent ranges.</returns>
    /// <exception cref="ArgumentException">Ranges of a set do not ascend, overlap, or one is empty.</exception>
    public static AddressRange[] Union(ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<AddressRange> others)
    {
        CheckOrder(ranges);
        CheckOrder(others);
        AddressRange[] union = new AddressRange[ranges.Length + others.Length];
        int count = 0;
        for (int i = 0, j = 0; i + j < union.Length;)
        {
            bool isOther = i == ranges.Length || (j < others.Length && others[j].Start < ranges[i].Start);
            AddressRange range = isOther ? others[j++] : ranges[i++];
            if (count == 0 || union[count - 1].End < range.Start)
                union[count++] = range;
            else if (union[count - 1].End < range.End)
                union[count - 1] = AddressRange.Create(union[count - 1].Start, range.End);
        }

        Array.Resize(ref union, count);
        return union;
    }

    /// <summary>The pages below 2^52 that are not in a set: <c>[4K, 8K)</c> leaves
    /// <c>[0, 4K), [8K, 2^52)</c>.</summary>
    /// <param name="ranges">The set.</param>
    /// <returns>The gaps before, between and after its ranges, without adjacent ranges.</returns>
    /// <exception cref="ArgumentException">The ranges do not ascend, overlap, or one is empty.</exception>
    public static AddressRange[] Gaps(ReadOnlySpan<AddressRange> ranges)
    {
        CheckOrder(ranges);
        AddressRange[] gaps = new AddressRange[ranges.Length + 1];
        int count = 0;
        ulong position = 0;
        foreach (AddressRange range in ranges)
        {
            if (range.Start > position)
                gaps[count++] = AddressRange.Create(position, range.Start);
            position = range.End;
        }

        if (position < AddressRange.Limit)
            gaps[count++] = AddressRange.Create(position, AddressRange.Limit);
        Array.Resize(ref gaps, count);
        return gaps;
    }

    /// <summary>The position of the first range that ends above an address: it holds the address, or is the next
    /// one after it.</summary>
    /// <param name="ranges">The set.</param>
    /// <param name="address">The address, in bytes; any number.</param>
    /// <returns>The position, or the number of ranges where all end at or below the address.</returns>
    public static int FirstEndingAbove(ReadOnlySpan<AddressRange> ranges, ulong address) =>
        BinarySearch.First(ranges, new EndsAbove(address));

    /// <summary>Whether a single range of a set holds a whole range; adjacent ranges are not taken together.</summary>
    /// <param name="ranges">The set.</param>
    /// <param name="range">The range to look for, not empty.</param>
    /// <returns>Whether one of the ranges contains it.</returns>
    public static bool AnyContains(ReadOnlySpan<AddressRange> ranges, AddressRange range)
    {
        int position = FirstEndingAbove(ranges, range.Start);
        return position < ranges.Length && ranges[position].Contains(range);
    }

    /// <summary>Whether every page of a range is in a set, be it in one range or in adjacent ones.</summary>
    /// <param name="ranges">The set.</param>
    /// <param name="range">The range to look for, not empty.</param>
    /// <returns>Whether no page of it is missing.</returns>
    public static bool Contains(ReadOnlySpan<AddressRange> ranges, AddressRange range)
    {
        ulong position = range.Start;
        for (int i = FirstEndingAbove(ranges, position); i < ranges.Length && ranges[i].Start <= position; i++)
        {
            position = ranges[i].End;
            if (position >= range.End)
                return true;
        }

        return false;
    }

    /// <summary>Whether a range shares a page with a set.</summary>
    /// <param name="ranges">The set.</param>
    /// <param name="range">The range to look for.</param>
    /// <returns>Whether one of the ranges overlaps it.</returns>
    public static bool Overlaps(ReadOnlySpan<AddressRange> ranges, AddressRange range)
    {
        int position = FirstEndingAbove(ranges, range.Start);
        return position < ranges.Length && ranges[position].Start < range.End;
    }

    /// <summary>The size of a set.</summary>
    /// <param name="ranges">The set.</param>
    /// <returns>The sizes of all ranges together, in bytes.</returns>
    /// <exception cref="ArgumentException">The ranges do not ascend, overlap, or one is empty.</exception>
    public static ulong TotalBytes(ReadOnlySpan<AddressRange> ranges)
    {
        CheckOrder(ranges);
        ulong bytes = 0;
        foreach (AddressRange range in ranges)
            bytes += range.Size;
        return bytes;
    }

    private static void CheckOrder(ReadOnlySpan<AddressRange> ranges)
    {
        ulong end = 0;
        foreach (AddressRange range in ranges)
        {
            if (range.Start < end || range.Size == 0)
                throw new ArgumentException($"{range} is empty, or not above the range before it");
            end = range.End;
        }
    }

    private readonly struct EndsAbove(ulong address) : ICondition<AddressRange>
    {
        public bool Holds(AddressRange item) => item.End > address;
    }
}
