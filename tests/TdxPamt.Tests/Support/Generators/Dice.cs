using CsCheck;

namespace TdxPamt.Tests.Support;

/// <summary>Random choices, drawn from CsCheck's generator.</summary>
internal readonly struct Dice(PCG pcg)
{
    /// <summary>A number from low to high, both included.</summary>
    public int From(int low, int high) => low + (int)pcg.Next((uint)(high - low + 1));

    /// <summary>A number from low to high, both included.</summary>
    public ulong From(ulong low, ulong high) => low + pcg.Next64(high - low + 1);

    /// <summary>A number from low to high, both included, small ones as likely as large ones.</summary>
    public ulong Scaled(ulong low, ulong high)
    {
        int bits = From(0, 64 - System.Numerics.BitOperations.LeadingZeroCount(high - low));
        return bits == 0 ? low : Math.Min(high, low + From(0UL, (1UL << bits) - 1));
    }

    public bool Chance(int percent) => pcg.Next(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> values) => values[(int)pcg.Next((uint)values.Length)];

    public void Shuffle<T>(T[] values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = From(0, i);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }
}
