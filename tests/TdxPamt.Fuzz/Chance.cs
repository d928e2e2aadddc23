namespace TdxPamt.Fuzz;

/// <summary>Chance that depends on its seed alone. For one thread.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The chance of one input of a campaign.</summary>
    internal static Chance Of(ulong seed, long input) => new(unchecked((seed * 0x9e3779b97f4a7c15) + (ulong)input));

    internal ulong Bits()
    {
        unchecked
        {
            _state += 0x9e3779b97f4a7c15;
            ulong mixed = (_state ^ (_state >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A number from 0 to one below the limit, which is 1 or more.</summary>
    internal int Below(int limit) => (int)Math.BigMul(Bits(), (ulong)limit, out _);

    internal int From(int low, int high) => low + Below(high - low + 1);

    internal bool OneIn(int times) => Below(times) == 0;

    internal T Of<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];
}
