using System.Text;
using CsCheck;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Properties;

/// <summary>Boot logs against a map kept unit by unit: 512 units of 2 KiB from 1 MiB on.</summary>
public class E820Properties
{
    private const int Units = 512;
    private const ulong UnitBytes = 2048;
    private const ulong Start = 0x100000;

    private static readonly string[] Types = ["usable", "reserved", "ACPI data", "soft reserved"];

    /// <summary>Which of two types that are not usable wins does not matter: lines
    /// have only one such type.</summary>
    private static readonly Gen<(int First, int Count, string Type, string Other, int Kind)[]> Lines =
        Line(Types[..2]).Array[1, 12];

    private static readonly Gen<(int First, int Count, string Type, string Other, int Kind)[]> Changes =
        Line(Types).Array[0, 8];

    [Fact]
    public void a_map_and_its_changes_leave_the_pages_that_a_map_kept_unit_by_unit_leaves() =>
        Gen.Select(Lines, Changes).Sample(
            (lines, changes) =>
            {
                string?[] units = new string?[Units];
                StringBuilder log = new("CMR: [0x0, 0x1000)\n");
                // A map ascends: a lower start begins another boot.
                foreach ((int first, int count, string type, _, int kind) in lines.OrderBy(static line => line.First))
                {
                    (ulong start, ulong end) = Ends(first, count);
                    log.AppendLine(kind == 0
                        ? $"BIOS-e820: {start:x16} - {end:x16} ({type})"
                        : $"BIOS-e820: [mem 0x{start:x16}-0x{end - 1:x16}] {type}");
                    for (int unit = first; unit < first + count; unit++)
                        units[unit] = units[unit] is null or "usable" ? type : units[unit];
                }

                foreach ((int first, int count, string type, string other, int kind) in changes)
                {
                    (ulong start, ulong end) = Ends(first, count);
                    string? result = kind == 0 ? null : other;
                    log.AppendLine(kind switch
                    {
                        0 => $"e820: remove [mem 0x{start:x}-0x{end - 1:x}] {type}",
                        1 => $"e820: update [mem 0x{start:x}-0x{end - 1:x}] {type} ==> {other}",
                        _ => $"e820 update range: {start:x16} - {end:x16} ({type}) ==> ({other})",
                    });
                    for (int unit = first; unit < first + count; unit++)
                        units[unit] = units[unit] == type ? result : units[unit];
                }

                HostDescription host = HostReader.Read(Encoding.UTF8.GetBytes(log.ToString()), "x");
                StringBuilder pages = new();
                for (int unit = 0; unit < Units; unit += 2)
                    pages.Append(units[unit] == "usable" && units[unit + 1] == "usable" ? 'u' : '-');
                StringBuilder read = new(new string('-', Units / 2));
                if (host.Evidence != MemoryEvidence.Cmrs)
                {
                    foreach (MemoryRegion region in host.Memory.Regions)
                    {
                        for (ulong page = region.Range.Start; page < region.Range.End; page += 4096)
                            read[(int)((page - Start) / 4096)] = 'u';
                    }
                }

                read.ToString().Should().Be(pages.ToString());
            },
            iter: 1000,
            seed: "0000KOIPe820");

    [Fact]
    public void the_srat_gives_each_page_the_node_of_its_first_byte() =>
        Gen.Select(Gen.Int[1, Units / 2].Array[1, 6], Gen.Int[0, 3].Array[7], Gen.Bool.Array[7]).Sample(
            (lengths, nodes, present) =>
            {
                StringBuilder log = new($"BIOS-e820: [mem 0x{Start:x}-0x{Start + (Units * UnitBytes) - 1:x}] usable\n");
                log.AppendLine("SRAT: Node 7 PXM 7 [mem 0x0-0xfff]");
                int[] units = new int[Units];
                int position = 0;
                for (int i = 0; i < lengths.Length && position < Units; i++)
                {
                    int count = Math.Min(lengths[i], Units - position);
                    (ulong start, ulong end) = Ends(position, count);
                    if (present[i])
                    {
                        log.AppendLine($"ACPI: SRAT: Node {nodes[i]} PXM 1 [mem 0x{start:x}-0x{end - 1:x}] hotplug");
                        Array.Fill(units, nodes[i], position, count);
                    }

                    position += count;
                }

                HostDescription host = HostReader.Read(Encoding.UTF8.GetBytes(log.ToString()), "x");

                host.Evidence.Should().Be(MemoryEvidence.E820WithSrat);
                host.Memory.RamBytes.Should().Be(Units * UnitBytes);
                foreach (MemoryRegion region in host.Memory.Regions)
                {
                    for (ulong page = region.Range.Start; page < region.Range.End; page += 4096)
                        region.Node.Should().Be(units[(int)((page - Start) / UnitBytes)]);
                }
            },
            iter: 500,
            seed: "0000KOIPe821");

    private static Gen<(int First, int Count, string Type, string Other, int Kind)> Line(string[] types) =>
        from first in Gen.Int[0, Units - 1]
        from count in Gen.Int[1, Units - first]
        from type in Gen.OneOf(types)
        from other in Gen.OneOf(Types)
        from kind in Gen.Int[0, 2]
        select (first, count, type, other, kind);

    private static (ulong Start, ulong End) Ends(int first, int count) =>
        (Start + ((ulong)first * UnitBytes), Start + ((ulong)(first + count) * UnitBytes));
}
