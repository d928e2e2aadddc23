namespace TdxPamt;

/// <summary>The one binary search: its conditions are structs, which the JIT compiler inlines.</summary>
internal static class BinarySearch
{
    /// <summary>The position of the first item for which a condition holds, or the number of items.</summary>
    /// <param name="items">The items; those that meet the condition come after those that do not.</param>
    /// <param name="condition">The condition.</param>
    internal static int First<T, TCondition>(ReadOnlySpan<T> items, TCondition condition)
        where TCondition : struct, ICondition<T>
    {
        int low = 0;
        int high = items.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (condition.Holds(items[middle]))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
