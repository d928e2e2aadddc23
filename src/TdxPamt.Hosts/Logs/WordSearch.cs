#if NET
using System.Numerics;
using System.Runtime.Intrinsics;
#endif
using System.Text;

namespace TdxPamt.Hosts;

/// <summary>Finds the first of many words in one pass over a text, by the method called Teddy.</summary>
/// <remarks>Words come in at most eight groups. A table gives each byte a bit for every group that has a word with that
/// byte in first place, others do for second and third place. Words are compared only where three bytes share a bit.
/// Where the processor can, 16 places are looked up at once, by the halves of their bytes. Immutable and safe for
/// use by many threads.</remarks>
internal sealed class WordSearch
{
    private const int Tested = 3;

    private readonly (byte[] Word, int Index)[][] _groups;
    private readonly byte[][] _groupsOf = [new byte[256], new byte[256], new byte[256]];
#if NET
    private readonly Halves[] _halves;
#endif

    /// <summary>Prepares a search.</summary>
    /// <param name="groups">At most eight groups of words with blanks between them, in ASCII, each of three or more
    /// characters and none the start of another. Words that begin alike are best in one group.</param>
    internal WordSearch(params string[] groups)
    {
        int words = 0;
        _groups =
        [
            .. groups.Select(group => group.Split(' ')
                .Select(word => (Encoding.ASCII.GetBytes(word), words++)).ToArray()),
        ];
        for (int group = 0; group < _groups.Length; group++)
        {
            foreach ((byte[] word, _) in _groups[group])
            {
                for (int place = 0; place < Tested; place++)
                    _groupsOf[place][word[place]] |= (byte)(1 << group);
            }
        }
#if NET
        _halves = [.. _groupsOf.Select(static groupsOf => new Halves(groupsOf))];
#endif
    }

    /// <summary>Finds the first place at or after a position where a word starts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The position.</param>
    /// <param name="word">Which word it is, counted over all groups; -1 for none.</param>
    /// <returns>The place; -1 for none.</returns>
    internal int IndexOf(ReadOnlySpan<byte> text, int from, out int word)
    {
        int at = from;
#if NET
        if (Vector128.IsHardwareAccelerated)
        {
            Halves first = _halves[0];
            Halves second = _halves[1];
            Halves third = _halves[2];
            for (; at <= text.Length - Vector128<byte>.Count - Tested + 1; at += Vector128<byte>.Count)
            {
                Vector128<byte> groups =
                    first.Groups(text, at) & second.Groups(text, at + 1) & third.Groups(text, at + 2);
                if (groups == Vector128<byte>.Zero)
                    continue;
                uint places = ~Vector128.Equals(groups, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
                for (; places != 0; places &= places - 1)
                {
                    int place = at + BitOperations.TrailingZeroCount(places);
                    if (IsWord(text, place, out word))
                        return place;
                }
            }
        }
#endif
        for (; at <= text.Length - Tested; at++)
        {
            if (IsWord(text, at, out word))
                return at;
        }

        word = -1;
        return -1;
    }

    private bool IsWord(ReadOnlySpan<byte> text, int at, out int word)
    {
        int groups = _groupsOf[0][text[at]] & _groupsOf[1][text[at + 1]] & _groupsOf[2][text[at + 2]];
        for (int group = 0; groups != 0; group++, groups >>= 1)
        {
            if ((groups & 1) == 0)
                continue;
            foreach ((byte[] candidate, int index) in _groups[group])
            {
                if (text[at..].StartsWith(candidate))
                {
                    word = index;
                    return true;
                }
            }
        }

        word = -1;
        return false;
    }

#if NET
    /// <summary>A table by the halves of a byte: it has the groups that both halves have, which may be
    /// too many.</summary>
    private readonly struct Halves
    {
        private readonly Vector128<byte> _low;
        private readonly Vector128<byte> _high;

        internal Halves(byte[] groupsOf)
        {
            byte[] low = new byte[16];
            byte[] high = new byte[16];
            for (int value = 0; value < groupsOf.Length; value++)
            {
                low[value & 0xF] |= groupsOf[value];
                high[value >> 4] |= groupsOf[value];
            }

            _low = Vector128.Create(low);
            _high = Vector128.Create(high);
        }

        /// <summary>The groups of 16 bytes.</summary>
        internal Vector128<byte> Groups(ReadOnlySpan<byte> text, int at)
        {
            Vector128<byte> bytes = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
            return Vector128.ShuffleNative(_low, bytes & Vector128.Create((byte)0xF))
                & Vector128.ShuffleNative(_high, bytes >>> 4);
        }
    }
#endif
}
