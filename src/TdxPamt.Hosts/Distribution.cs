using System.Numerics;

namespace TdxPamt.Hosts;

/// <summary>How often each whole number occurred: exact, whatever the order, and additive.</summary>
/// <remarks>Its memory grows with the number of different values alone. Not safe for many threads.</remarks>
public sealed class Distribution
{
    private readonly Dictionary<ulong, long> _counts = [];

    /// <summary>How many values there are.</summary>
    public long Count { get; private set; }

    /// <summary>The sum of all values, of any size.</summary>
    public BigInteger Total
    {
        get
        {
            BigInteger total = 0;
            foreach ((ulong value, long count) in _counts)
                total += (BigInteger)value * count;
            return total;
        }
    }

    /// <summary>Each value that occurred, in ascending order, with how often it did.</summary>
    /// <returns>The values; computed anew by each call.</returns>
    public IReadOnlyList<KeyValuePair<ulong, long>> Counts() => [.. _counts.OrderBy(static entry => entry.Key)];

    /// <summary>The smallest value that at least a share of all values do not exceed.</summary>
    /// <param name="percent">The share, in percent, 0 to 100; 0 gives the smallest value, 100 the largest.</param>
    /// <returns>The number; null where there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in that interval.</exception>
    public ulong? Percentile(int percent) => Percentiles([percent])[0];

    /// <summary>The values that <see cref="Percentile"/> gives for several shares.</summary>
    /// <param name="percents">The shares, in percent, each 0 to 100.</param>
    /// <returns>A value for each share; null where there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="percents"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is not in that interval.</exception>
    public IReadOnlyList<ulong?> Percentiles(IReadOnlyList<int> percents)
    {
        Preconditions.NotNull(percents, nameof(percents));
        IReadOnlyList<KeyValuePair<ulong, long>> counts = Counts();
        ulong?[] values = new ulong?[percents.Count];
        for (int i = 0; i < values.Length; i++)
        {
            Preconditions.InRange(percents[i], 0, 100, nameof(percents));
            // The rank is a hundredth of percent times Count, rounded up, without their product, which could overflow.
            long rank = Math.Max(1, (Count / 100 * percents[i]) + (((Count % 100 * percents[i]) + 99) / 100));
            foreach ((ulong value, long count) in counts)
            {
                values[i] = value;
                rank -= count;
                if (rank <= 0)
                    break;
            }
        }

        return values;
    }

    /// <summary>Adds a value.</summary>
    /// <param name="value">The number.</param>
    /// <param name="count">How many times it occurred, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="OverflowException">There would be 2^63 values or more.</exception>
    public void Add(ulong value, long count = 1)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "count must be 1 or more");
        Count = checked(Count + count);
        _counts.TryGetValue(value, out long before);
        _counts[value] = before + count;
    }

    /// <summary>Adds all values of another distribution.</summary>
    /// <param name="other">The other distribution.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="OverflowException">There would be 2^63 values or more.</exception>
    public void Add(Distribution other)
    {
        foreach ((ulong value, long count) in Preconditions.NotNull(other, nameof(other)).Counts())
            Add(value, count);
    }

    /// <summary>Number and ends of the values: <c>3 values from 2 to 16</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Count == 0
        ? "no values"
        : FormattableString.Invariant($"{Count} values from {Percentile(0)} to {Percentile(100)}");
}
