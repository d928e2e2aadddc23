using System.Globalization;
using System.Text;

namespace TdxPamt.Fuzz.Grammar;

/// <summary>The smallest parts of made inputs: mostly sound, now and then not.</summary>
internal static class Words
{
    /// <summary>Of so many words, one is odd.</summary>
    private const int Oddity = 60;

    internal static bool IsOdd(Chance chance) => chance.OneIn(Oddity);

    /// <summary>Disjoint ranges of pages in ascending order, sometimes touching, rarely not so.</summary>
    internal static List<(ulong Start, ulong End)> Ranges(Chance chance, int most)
    {
        List<(ulong Start, ulong End)> ranges = [];
        ulong position = chance.OneIn(3) ? 0x100000UL : Step(chance);
        for (int count = chance.Below(most + 1); count > 0; count--)
        {
            ulong start = position + (chance.OneIn(3) ? 0 : Step(chance));
            position = start + Step(chance);
            if (position >= AddressRange.Limit)
                break;
            ranges.Add((start, position));
        }

        return ranges;
    }

    /// <summary>A number as JSON may have it.</summary>
    internal static string Json(Chance chance, ulong value)
    {
        if (IsOdd(chance))
            return chance.OneIn(2) ? chance.Of<string>(Mutator.EdgeNumbers)
                : $"\"{chance.Of<string>(Mutator.EdgeNumbers)}\"";
        return chance.Below(4) switch
        {
            0 => value.ToString(CultureInfo.InvariantCulture),
            1 => $"\"{value.ToString(CultureInfo.InvariantCulture)}\"",
            _ => $"\"{Hex(value)}\"",
        };
    }

    internal static string Json(Chance chance, int value) =>
        IsOdd(chance) ? chance.Of<string>(Mutator.EdgeNumbers) : value.ToString(CultureInfo.InvariantCulture);

    internal static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    internal static string Hex(Chance chance, ulong value) =>
        IsOdd(chance)
            ? chance.Of<string>(Mutator.EdgeNumbers)
            : "0x" + value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A string of JSON.</summary>
    internal static string Name(Chance chance) => chance.Of(
        "\"a\"", "\"\"", "\"two socket\"", "\"\\u001b[31m\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\u0000\"",
        "\"<&>\"", "\"a\\nb\"",
        "\"\u0085\u202e\"", "null", "7");

    internal static byte[] Bytes(StringBuilder text) => Encoding.UTF8.GetBytes(text.ToString());

    /// <summary>How many bytes to go on.</summary>
    private static ulong Step(Chance chance)
    {
        ulong unit = chance.Of<ulong>(0x1000, 0x1000, 0x200000, 0x40000000, 0x40000000, 0x1000000000);
        return unit * (ulong)chance.From(1, 40);
    }
}
