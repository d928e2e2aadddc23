using System.Globalization;

namespace TdxPamt.Hosts;

/// <summary>Sizes and numbers of things in words.</summary>
internal static class Quantities
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A size in the largest unit that it is a whole number of: <c>776 KiB</c>.</summary>
    internal static string Size(ulong bytes)
    {
        int unit = 0;
        for (; unit < Units.Length - 1 && bytes % 1024 == 0 && bytes > 0; unit++)
            bytes /= 1024;
        return FormattableString.Invariant($"{bytes} {Units[unit]}");
    }

    /// <summary>A size in three or four digits: <c>1.5 TiB</c>.</summary>
    internal static string RoundedSize(ulong bytes)
    {
        int unit = 0;
        decimal size = bytes;
        for (; unit < Units.Length - 1 && decimal.Round(size) >= 1024; unit++)
            size /= 1024;
        string digits = size.ToString(size >= 100 ? "0" : size >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture);
        return $"{digits} {Units[unit]}";
    }

    /// <summary>A number of things: <c>1 hole</c>, <c>37 holes</c>.</summary>
    internal static string Count(int count, string one, string? many = null) =>
        FormattableString.Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}");
}
