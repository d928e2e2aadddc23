using System.Globalization;

namespace TdxPamt.Tests.Support;

/// <summary>Machines in a line: <c>1M..2G, 4G..6G+4K@1</c> is RAM of node 0, then of node 1.</summary>
internal static class Machine
{
    public static HostMemory Of(
        string memory, string cmrs = "", string blocked = "", NodeFallback? fallback = null) => HostMemory.Create(
            Regions(memory),
            Ranges(cmrs),
            Ranges(blocked).Select(static range => new BlockedRange(range, BlockedKind.Unmovable)),
            fallback);

    public static IEnumerable<MemoryRegion> Regions(string text) => Split(text).Select(static part =>
    {
        string[] sides = part.Split('@');
        int node = sides.Length == 1 ? 0 : int.Parse(sides[1], CultureInfo.InvariantCulture);
        return new MemoryRegion(Range(sides[0]), node);
    });

    public static AddressRange[] Ranges(string text) => [.. Split(text).Select(Range)];

    public static AddressRange Range(string text)
    {
        string[] ends = text.Split("..");
        return AddressRange.Create(Address(ends[0]), Address(ends[1]));
    }

    /// <summary>Areas as <c>hole 0..1M, pamt 1M..2M</c>, by their offsets.</summary>
    public static ReservedArea[] Areas(string text) => [.. Split(text).Select(static part =>
    {
        string[] words = part.Split(' ');
        AddressRange range = Range(words[1]);
        return new ReservedArea(
            range.Start, range.Size, words[0] == "hole" ? ReservedAreaSource.Hole : ReservedAreaSource.Pamt);
    })];

    /// <summary>An address: <c>0x1000</c>, <c>1G</c>, <c>4G+2M-4K</c>.</summary>
    public static ulong Address(string text)
    {
        int sign = text.LastIndexOfAny(['+', '-']);
        if (sign > 0)
        {
            ulong left = Address(text[..sign]);
            ulong right = Address(text[(sign + 1)..]);
            return text[sign] == '+' ? left + right : left - right;
        }

        if (text.StartsWith("0x", StringComparison.Ordinal))
            return ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        int unit = "KMGTP".IndexOf(text[^1], StringComparison.Ordinal);
        return unit < 0
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : ulong.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture) << (10 * (unit + 1));
    }

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
