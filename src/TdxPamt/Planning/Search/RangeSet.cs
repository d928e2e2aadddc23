namespace TdxPamt.Planning;

/// <summary>Arithmetic on ranges that ascend and do not overlap; they may touch.</summary>
internal static class RangeSet
{
    /// <summary>The ranges with touching ones taken together.</summary>
    internal static AddressRange[] Join(ReadOnlySpan<AddressRange> ranges)
    {
        List<AddressRange> joined = [];
        foreach (AddressRange range in ranges)
        {
            if (joined.Count > 0 && joined[^1].End == range.Start)
                joined[^1] = AddressRange.Create(joined[^1].Start, range.End);
            else
                joined.Add(range);
        }

        return [.. joined];
    }

    /// <summary>What lies both in one set and in another.</summary>
    internal static AddressRange[] Intersect(ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<AddressRange> others)
    {
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

    /// <summary>What lies in one set but not in another.</summary>
    internal static AddressRange[] Subtract(ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<AddressRange> others) =>
        others.Length == 0 ? ranges.ToArray() : Intersect(ranges, Gaps(others));

    /// <summary>What lies in one set, in another, or in both; touching ranges come out as one.</summary>
    internal static AddressRange[] Unite(ReadOnlySpan<AddressRange> ranges, ReadOnlySpan<AddressRange> others) =>
        Gaps(Subtract(Gaps(ranges), others));

    /// <summary>What the ranges leave of all addresses.</summary>
    internal static AddressRange[] Gaps(ReadOnlySpan<AddressRange> ranges)
    {
        List<AddressRange> gaps = [];
        ulong position = 0;
        foreach (AddressRange range in ranges)
        {
            if (range.Start > position)
                gaps.Add(AddressRange.Create(position, range.Start));
            position = range.End;
        }

        if (position < AddressRange.Limit)
            gaps.Add(AddressRange.Create(position, AddressRange.Limit));
        return [.. gaps];
    }

    /// <summary>Whether a range shares a page with one of the ranges.</summary>
    internal static bool Overlap(ReadOnlySpan<AddressRange> ranges, ulong start, ulong end)
    {
        int position = AddressRanges.FirstEndingAbove(ranges, start);
        return position < ranges.Length && ranges[position].Start < end;
    }

    /// <summary>The size of all ranges together, in bytes.</summary>
    internal static ulong Bytes(ReadOnlySpan<AddressRange> ranges)
    {
        ulong bytes = 0;
        foreach (AddressRange range in ranges)
            bytes += range.Size;
        return bytes;
    }
}
