using System.Runtime.CompilerServices;

namespace TdxPamt.Simulation;

/// <summary>The random numbers of one trial: xoshiro256**, seeded by SplitMix64 from the seed and
/// the trial's number.</summary>
internal struct RandomStream
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    internal RandomStream(ulong seed, int trial)
    {
        // Mixed twice: consecutive seeds and consecutive trials would otherwise share most of their states.
        ulong state = seed;
        state = unchecked(SplitMix(ref state) + (ulong)trial);
        state = SplitMix(ref state);
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>A number above 0 and at most 1, a multiple of 2^-53.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double NextUnit() => unchecked((long)(Next() >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>Numbers as of <see cref="NextUnit"/>, in turns for two lists of one length.</summary>
    internal void NextUnits(Span<double> first, Span<double> second)
    {
        RandomStream draws = this;
        second = second[..first.Length];
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = draws.NextUnit();
            second[i] = draws.NextUnit();
        }

        this = draws;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Next()
    {
        unchecked
        {
            ulong result = RotateLeft(_b * 5, 7) * 9;
            ulong shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = RotateLeft(_d, 45);
            return result;
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            ulong mixed = state += 0x9e3779b97f4a7c15;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            return mixed ^ (mixed >> 31);
        }
    }

    private static ulong RotateLeft(ulong value, int bits) => (value << bits) | (value >> (64 - bits));
}
