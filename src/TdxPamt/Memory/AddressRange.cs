using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>A page-aligned, half-open range of physical addresses, <c>[Start, End)</c>, in bytes.</summary>
/// <remarks>
/// Immutable; two ranges are equal when both ends are. Every range but <c>default</c>, which is the empty range at 0,
/// holds at least one page and ends at or below <see cref="Limit"/>, so sums of addresses and sizes cannot wrap.
/// <see cref="AddressRanges"/> computes with sets of ranges.
/// </remarks>
/// <example><code>
/// AddressRange ram = AddressRange.Create(0x100000, 0x80000000);
/// bool inside = ram.Contains(AddressRange.Create(0x100000, 0x200000)); // true
/// Console.WriteLine($"{ram}: {ram.Pages} pages"); // [0x100000, 0x80000000): 524032 pages
/// </code></example>
public readonly record struct AddressRange
{
    /// <summary>The size of a page, in bytes.</summary>
    public const ulong PageBytes = 4096;

    /// <summary>The first address that does not exist, in bytes: physical addresses have at most 52 bits.</summary>
    public const ulong Limit = 1UL << 52;

    private AddressRange(ulong start, ulong end)
    {
        Start = start;
        End = end;
    }

    /// <summary>The first address of the range, in bytes, a multiple of <see cref="PageBytes"/>.</summary>
    public ulong Start { get; }

    /// <summary>The first address after the range, in bytes, a multiple of <see cref="PageBytes"/>.</summary>
    public ulong End { get; }

    /// <summary>The size of the range, in bytes.</summary>
    public ulong Size => End - Start;

    /// <summary>The size of the range, in pages of 4 KiB.</summary>
    public ulong Pages => Size / PageBytes;

    /// <summary>Makes the range <c>[start, end)</c>.</summary>
    /// <param name="start">The first address, in bytes: a multiple of 4096, below <paramref name="end"/>.</param>
    /// <param name="end">The first address after it, in bytes: a multiple of 4096, at most <see cref="Limit"/>.</param>
    /// <returns>The range.</returns>
    /// <exception cref="ArgumentException">The ends are equal, in the wrong order, above 2^52, or no multiples
    /// of 4096.</exception>
    public static AddressRange Create(ulong start, ulong end)
    {
        if (!IsValid(start, end))
            ThrowFailure(start, end);
        return new(start, end);
    }

    /// <summary>Makes the range <c>[start, end)</c> where <see cref="Create"/> would not throw.</summary>
    /// <param name="start">The first address, in bytes.</param>
    /// <param name="end">The first address after it, in bytes.</param>
    /// <param name="range">The range, or <c>default</c>.</param>
    /// <returns>Whether the ends make a range.</returns>
    public static bool TryCreate(ulong start, ulong end, out AddressRange range)
    {
        bool valid = IsValid(start, end);
        range = valid ? new AddressRange(start, end) : default;
        return valid;
    }

    /// <summary>Makes the range <c>[start, end)</c>, or says why the ends make none.</summary>
    /// <param name="start">The first address, in bytes.</param>
    /// <param name="end">The first address after it, in bytes.</param>
    /// <param name="range">The range, or <c>default</c>.</param>
    /// <param name="failure">Why there is none, or null.</param>
    /// <returns>Whether the ends make a range.</returns>
    public static bool TryCreate(
        ulong start, ulong end, out AddressRange range, [NotNullWhen(false)] out AddressRangeFailure? failure)
    {
        bool valid = TryCreate(start, end, out range);
        failure = valid ? null : new AddressRangeFailure(start, end);
        return valid;
    }

    /// <summary>Whether an address lies in the range.</summary>
    /// <param name="address">The address, in bytes.</param>
    /// <returns>Whether it lies at or above <see cref="Start"/> and below <see cref="End"/>.</returns>
    public bool Contains(ulong address) => address >= Start && address < End;

    /// <summary>Whether another range lies wholly in this one.</summary>
    /// <param name="other">The other range, not empty.</param>
    /// <returns>Whether no page of it is outside.</returns>
    public bool Contains(AddressRange other) => other.Start >= Start && other.End <= End;

    /// <summary>Whether two ranges share a page; adjacent ranges do not.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>Whether they share a page.</returns>
    public bool Overlaps(AddressRange other) => Start < other.End && other.Start < End;

    /// <summary>The pages that two ranges share.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>The shared range, or <c>default</c> where they do not overlap.</returns>
    public AddressRange Intersect(AddressRange other)
    {
        ulong start = Math.Max(Start, other.Start);
        ulong end = Math.Min(End, other.End);
        return start < end ? new AddressRange(start, end) : default;
    }

    /// <summary>The range as the kernel prints it: <c>[0x1000, 0x9f000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"[0x{Start:x}, 0x{End:x})";

    /// <summary>Orders ranges by their start, then by their end.</summary>
    internal static int Compare(AddressRange left, AddressRange right) =>
        left.Start != right.Start ? left.Start.CompareTo(right.Start) : left.End.CompareTo(right.End);

    [DoesNotReturn]
    private static void ThrowFailure(ulong start, ulong end) =>
        throw new ArgumentException(new AddressRangeFailure(start, end).Message);

    private static bool IsValid(ulong start, ulong end) =>
        start < end && end <= Limit && ((start | end) & (PageBytes - 1)) == 0;
}
