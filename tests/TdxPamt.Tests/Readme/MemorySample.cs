namespace TdxPamt.Tests.Readme;

/// <summary>What the documentation of ranges, lists and machines shows.</summary>
internal static class MemorySample
{
    internal static bool PrintRange(TextWriter Console)
    {
        AddressRange ram = AddressRange.Create(0x100000, 0x80000000);
        bool inside = ram.Contains(AddressRange.Create(0x100000, 0x200000)); // true
        Console.WriteLine($"{ram}: {ram.Pages} pages"); // [0x100000, 0x80000000): 524032 pages
        return inside;
    }

    internal static (AddressRange[] Holes, AddressRange[] Outside, bool Convertible) CombineRanges()
    {
        AddressRange[] ram = [AddressRange.Create(0x100000, 0x80000000), AddressRange.Create(0x100000000, 0x180000000)];
        AddressRange[] cmrs = [AddressRange.Create(0x100000, 0x78000000), ram[1]];
        AddressRange[] holes = AddressRanges.Gaps(ram); // [0x0, 0x100000), [0x80000000, 0x100000000), ...
        AddressRange[] outside = AddressRanges.Subtract(ram, cmrs); // [0x78000000, 0x80000000)
        bool convertible = AddressRanges.AnyContains(cmrs, ram[1]); // true
        return (holes, outside, convertible);
    }

    internal static bool CompareLists()
    {
        ValueList<int> nodes = [0, 1];
        bool same = nodes == ValueList.Create(0, 1); // true
        return same;
    }
}
