namespace TdxPamt;

/// <summary>Binary search in ranges that ascend and do not overlap.</summary>
internal static class AddressRangeSearch
{
    /// <summary>The position of the first range that ends above an address, or the number of ranges.</summary>
    internal static int FirstEndingAbove(ReadOnlySpan<AddressRange> ranges, ulong address)
    {
        int low = 0;
        int high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (ranges[middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>Whether one of the ranges holds a whole range.</summary>
    internal static bool OneContains(ReadOnlySpan<AddressRange> ranges, AddressRange range)
    {
        int position = FirstEndingAbove(ranges, range.Start);
        return position < ranges.Length && ranges[position].Contains(range);
    }
}
