using System.Globalization;

namespace TdxPamt;

/// <summary>Sizes, shares and numbers of things as text for people, rounded to four digits where not exact.</summary>
internal static class Quantities
{
    private const int Digits = 4;

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A size in the largest unit in which four digits give it exactly: <c>8212 KiB</c>, <c>1.5 TiB</c>; if
    /// there is none, rounded, in the largest unit of which it has one or more: <c>255.4 GiB</c>.</summary>
    internal static string Size(decimal bytes)
    {
        for (int unit = Units.Length - 1; unit >= 0; unit--)
        {
            decimal size = bytes / (decimal)(1UL << (10 * unit));
            if (size is >= 1 and < 10_000 && Round(size) == size)
                return $"{Text(size)} {Units[unit]}";
        }

        int largest = 0;
        for (; largest < Units.Length - 1 && bytes >= 1024; largest++)
            bytes /= 1024;
        return $"{Text(Round(bytes))} {Units[largest]}";
    }

    /// <summary>An exact size, in the largest unit that divides it: <c>16777220 KiB</c>.</summary>
    internal static string ExactSize(ulong bytes)
    {
        int unit = 0;
        for (; unit < Units.Length - 1 && bytes % 1024 == 0 && bytes > 0; unit++)
            bytes /= 1024;
        return FormattableString.Invariant($"{bytes} {Units[unit]}");
    }

    /// <summary>A share, 0 to 1, in percent: <c>0.3924 %</c>. Only 1 is 100 %; less than 10^-12 % may be 0 %.</summary>
    internal static string Percent(double share)
    {
        decimal percent = 100 * (decimal)share;
        decimal rounded = Round(percent);
        return rounded == 100 && share < 1 ? "> 99.99 %" : $"{Text(rounded)} %";
    }

    /// <summary>A fraction, 0 to 1, rounded to four digits: <c>0.03125</c>.</summary>
    internal static string Fraction(double fraction) => Text(Round((decimal)fraction));

    /// <summary>A number of things: <c>1 hole</c>, <c>37 holes</c>.</summary>
    internal static string Count(int count, string one, string? many = null) =>
        FormattableString.Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>Rounds to four digits, counted from the first that is not 0, but never more than to a whole number; at
    /// most 12 of the digits are decimals.</summary>
    private static decimal Round(decimal number)
    {
        int decimals = Digits - 1;
        for (decimal size = number; size >= 10 && decimals > 0; size /= 10)
            decimals--;
        for (decimal size = number; size is > 0 and < 1 && decimals < 12; size *= 10)
            decimals++;
        return Math.Round(number, decimals, MidpointRounding.AwayFromZero);
    }

    private static string Text(decimal number) =>
        number.ToString("0.############", CultureInfo.InvariantCulture);
}
