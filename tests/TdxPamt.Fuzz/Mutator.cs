using System.Buffers.Binary;
using System.Text;

namespace TdxPamt.Fuzz;

/// <summary>Damages inputs as cut cables, editors and attackers do.</summary>
internal static class Mutator
{
    /// <summary>Numbers at which something begins, ends or wraps.</summary>
    internal static readonly string[] EdgeNumbers =
    [
        "0", "-1", "-0", "1", "0x0", "0x1", "0xfff", "0x1000", "4095", "4096", "0xfffff", "0x100000", "0x3fffffff",
        "0x40000000", "0x40001000", "2147483647", "2147483648", "4294967295", "4294967296", "0xffffffff000",
        "0xfffffffffffff", "0xffffffffff000", "0x10000000000000", "0x10000000001000", "4503599627370495",
        "4503599627370496", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "0xffffffffffffffff", "18446744073709551616", "0x10000000000000000", "1e3", "1.5", "1e400", "0x", "00",
        "0000000000000000000000000000000000000001", "65535", "65536", "1023", "1024", "64", "65", "16", "17", "255",
        "256", "NaN", "\u0661",
    ];

    private static readonly byte[][] Tokens =
    [
        .. "\0|\n|\r\n|\r|\t|\"|\\|{|}|[|]|,|:|null|true|{}|[]|\"\\ud800\"|\u001b[31m|\u2028|\u0085|\u202e|\ufeff|//|/*"
            .Split('|').Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0xff, 0xfe],
    ];

    /// <summary>Damages an input a few times, mostly once.</summary>
    /// <param name="input">What to start from.</param>
    /// <param name="corpus">What to splice with.</param>
    /// <param name="chance">What decides.</param>
    internal static byte[] Mutate(byte[] input, byte[][] corpus, Chance chance)
    {
        do
        {
            input = chance.OneIn(20_000) ? Blow(input, chance) : Once(input, corpus, chance);
        }
        while (!chance.OneIn(2));
        return input;
    }

    /// <summary>Overwrites a word of 64 bits, where inputs are made of those.</summary>
    internal static byte[] MutateWord(byte[] input, Chance chance)
    {
        byte[] result = [.. input];
        if (result.Length < 8)
            return result;
        Span<byte> word = result.AsSpan(8 * chance.Below(result.Length / 8), 8);
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(word);
        value = unchecked(chance.Below(6) switch
        {
            0 => value ^ (1UL << chance.Below(64)),
            1 => value + 0x1000,
            2 => value - 0x40000000,
            3 => BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(8 * chance.Below(result.Length / 8), 8)),
            4 => chance.Of<ulong>(0, 1, 0xfff, 1UL << 51, 1UL << 52, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 0xfff),
            _ => chance.Bits() >> chance.Below(64),
        });
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        return result;
    }

    private static byte[] Once(byte[] input, byte[][] corpus, Chance chance)
    {
        (int start, int length) = Part(input, chance);
        int line = LineStart(input, chance.Below(input.Length + 1));
        int lineEnd = LineEnd(input, line);
        switch (chance.Below(16))
        {
            case 0 when input.Length > 0:
                byte[] flipped = [.. input];
                flipped[chance.Below(input.Length)] ^= (byte)(1 << chance.Below(8));
                return flipped;
            case 1 when input.Length > 0:
                byte[] changed = [.. input];
                changed[chance.Below(input.Length)] = (byte)chance.Below(256);
                return changed;
            case 2:
                return Splice(input, start, 0, chance.Of<byte[]>(Tokens));
            case 3:
                return Splice(input, start, length, []);
            case 4:
                return Splice(input, start, 0, input.AsSpan(start, length));
            case 5:
                return Splice(input, line, 0, input.AsSpan(line, lineEnd - line));
            case 6:
                return Splice(input, line, lineEnd - line, []);
            case 7:
                int other = LineStart(input, chance.Below(input.Length + 1));
                return Splice(input, line, lineEnd - line, input.AsSpan(other, LineEnd(input, other) - other));
            case 8:
                byte[] stranger = chance.Of<byte[]>(corpus);
                (int from, int count) = Part(stranger, chance);
                return Splice(input, start, chance.OneIn(2) ? length : 0, stranger.AsSpan(from, count));
            case 9:
                byte[] tail = chance.Of<byte[]>(corpus);
                return [.. input.AsSpan(0, start), .. tail.AsSpan(chance.Below(tail.Length + 1))];
            case 10:
                return input[..start];
            case 11 when chance.OneIn(4):
                return Encoding.UTF8.GetBytes(
                    Encoding.UTF8.GetString(input).Replace("\n", "\r\n", StringComparison.Ordinal));
            case 12 when chance.OneIn(4):
                return [0xef, 0xbb, 0xbf, .. input];
            default:
                return Renumber(input, start, chance);
        }
    }

    /// <summary>Replaces the first number after a place.</summary>
    private static byte[] Renumber(byte[] input, int start, Chance chance)
    {
        while (start < input.Length && !char.IsAsciiDigit((char)input[start]))
            start++;
        while (start > 0 && char.IsAsciiLetterOrDigit((char)input[start - 1]))
            start--;
        int end = start;
        while (end < input.Length && char.IsAsciiLetterOrDigit((char)input[end]))
            end++;
        return Splice(input, start, end - start, Encoding.UTF8.GetBytes(chance.Of<string>(EdgeNumbers)));
    }

    /// <summary>Makes something of it very long or very deep.</summary>
    private static byte[] Blow(byte[] input, Chance chance)
    {
        (int start, int length) = Part(input, chance);
        int times = chance.From(1, 30_000);
        byte[] filling = chance.Below(3) switch
        {
            0 => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(chance.Of("[", "{\"a\":", "[[],", "\"", "\\"),
                times))),
            1 => Encoding.ASCII.GetBytes(new string(chance.Of('0', '9', 'f', ' ', '\n', 'x', '['), times)),
            _ => [.. Enumerable.Repeat(input[start..(start + Math.Min(length, 16))],
                times / 8).SelectMany(static part => part)],
        };
        return Splice(input, start, 0, filling);
    }

    private static (int Start, int Length) Part(byte[] input, Chance chance)
    {
        int start = chance.Below(input.Length + 1);
        int longest = Math.Min(input.Length - start, chance.OneIn(4) ? int.MaxValue - 1 : 16);
        return (start, chance.Below(longest + 1));
    }

    private static byte[] Splice(byte[] input, int start, int length, ReadOnlySpan<byte> filling) =>
        [.. input.AsSpan(0, start), .. filling, .. input.AsSpan(start + length)];

    private static int LineStart(byte[] input, int place) => input.AsSpan(0, place).LastIndexOf((byte)'\n') + 1;

    private static int LineEnd(byte[] input, int start)
    {
        int length = input.AsSpan(start).IndexOf((byte)'\n');
        return length < 0 ? input.Length : start + length + 1;
    }
}
