using System.Text;

namespace TdxPamt.Fuzz.Grammar;

/// <summary>Makes host documents and plans.</summary>
internal static class DocumentGrammar
{
    private static readonly string[] PageSizes = ["4K", "2M", "1G"];
    private static readonly string[] Kinds = ["reserved", "unmovable", "hugetlb", "hugetlb", "movable"];

    private static readonly string[] Kernels = [.. KernelModel.All.Select(static kernel => kernel.Name), "8"];

    internal static byte[] Host(Chance chance)
    {
        int nodes = chance.Of(1, 1, 2, 4, 9);
        string memory = Objects(chance, 20, () => $",\"node\":{Words.Json(chance, chance.Below(nodes))}");
        List<string> members = [$"\"memory\":{memory}"];
        if (chance.OneIn(2))
            members.Add($"\"name\":{Words.Name(chance)}");
        if (chance.OneIn(2))
            members.Add($"\"cmrs\":{Objects(chance, 8, static () => "")}");
        if (chance.OneIn(3))
            members.Add($"\"blocked\":{Objects(chance, 30, () => Kind(chance))}");
        if (chance.OneIn(4))
            members.Add($"\"movable\":[{Movable(chance, nodes)}]");
        if (chance.OneIn(3))
            members.Add($"\"fallbackOrder\":{Rows(chance, nodes, static (row, column, all) => (row + column) % all)}");
        if (chance.OneIn(3))
        {
            string rows = Rows(chance, nodes, (row, column, _) => row == column ? 10 : chance.Of(20, 21, 30));
            members.Add($"\"distances\":{rows}");
        }

        if (chance.OneIn(3))
            members.Add($"\"kernel\":\"{chance.Of<string>(Kernels)}\"");
        if (chance.OneIn(3))
            members.Add($"\"module\":{Module(chance)}");
        byte[] document = Object(chance, members);
        return chance.OneIn(50) ? [.. Enumerable.Repeat((byte)' ', 70_000), .. document] : document;
    }

    internal static byte[] Plan(Chance chance)
    {
        List<string> tdmrs = [];
        foreach ((ulong start, ulong end) in Words.Ranges(chance, chance.OneIn(10) ? 70 : 6))
            tdmrs.Add(Tdmr(chance, start & ~0x3fffffffUL, ((end - start) & ~0x3fffffffUL) + 0x40000000));
        List<string> members =
        [
            $"\"tdmrs\":[{string.Join(',', tdmrs)}]",
            $"\"cmrs\":{Objects(chance, chance.OneIn(10) ? 40 : 6, static () => "")}",
        ];
        if (chance.OneIn(2))
            members.Add($"\"name\":{Words.Name(chance)}");
        if (chance.OneIn(3))
            members.Add($"\"module\":{Module(chance)}");
        return Object(chance, members);
    }

    private static string Kind(Chance chance)
    {
        string kind = chance.Of<string>(Kinds);
        string size = chance.OneIn(3) ? $",\"pageSize\":\"{chance.Of("2M", "1G", "4K")}\"" : "";
        return $",\"kind\":\"{kind}\"{size}";
    }

    private static string Movable(Chance chance, int nodes)
    {
        string start = Words.Json(chance, chance.Of(0UL, 0x1000UL, 0x100000UL, 0x40000000UL, 0x100000000UL, 1UL << 52));
        return $"{{\"node\":{Words.Json(chance, chance.Below(nodes))},\"start\":{start}}}";
    }

    private static string Tdmr(Chance chance, ulong start, ulong size)
    {
        List<string> members = [$"\"base\":{Words.Json(chance, start)}", $"\"size\":{Words.Json(chance, size)}"];
        if (!chance.OneIn(8))
        {
            ulong pamt = start + (0x1000UL * (ulong)chance.Below(0x40000));
            string[] pamts = [.. PageSizes.Select(label => $"\"{label}\":{{\"base\":{Words.Json(chance, pamt)},"
                + $"\"size\":{Words.Json(chance, size >> chance.Of(8, 8, 17, 26))}}}")];
            members.Add($"\"pamt\":{{{string.Join(',', pamts)}}}");
        }

        if (chance.OneIn(2))
        {
            IEnumerable<string> areas = Words.Ranges(chance, chance.OneIn(20) ? 17 : 5).Select(area =>
                $"{{\"offset\":{Words.Json(chance, area.Start)},"
                + $"\"size\":{Words.Json(chance, area.End - area.Start)}}}");
            members.Add($"\"reservedAreas\":[{string.Join(',', areas)}]");
        }

        return $"{{{string.Join(',', members)}}}";
    }

    private static string Module(Chance chance)
    {
        List<string> members = [];
        if (chance.OneIn(2))
            members.Add($"\"maxTdmrs\":{Words.Json(chance, chance.Of(1, 3, 64, 65535))}");
        if (chance.OneIn(2))
            members.Add($"\"maxReservedAreas\":{Words.Json(chance, chance.Of(1, 3, 16, 17, 200))}");
        if (chance.OneIn(2))
        {
            string label = chance.Of("4K", "2M", "1G", "4k");
            members.Add($"\"pamtEntrySize\":{{\"{label}\":{Words.Json(chance, chance.Of(1, 16, 17, 32, 4096))}}}");
        }

        if (chance.OneIn(2))
            members.Add($"\"dynamicPamt\":{chance.Of("true", "true", "false", "0")}");
        if (chance.OneIn(3))
            members.Add($"\"pamtPageBitmapEntryBits\":{Words.Json(chance, chance.Of(1, 2, 8, 64))}");
        if (chance.OneIn(3))
            members.Add($"\"keyIdBits\":{Words.Json(chance, chance.Of(0, 6, 15, 52))}");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string Objects(Chance chance, int most, Func<string> more)
    {
        List<string> objects = [.. Words.Ranges(chance, most).Select(range =>
            $"{{\"start\":{Words.Json(chance, range.Start)},\"end\":{Words.Json(chance, range.End)}{more()}}}")];
        if (objects.Count > 1 && chance.OneIn(3))
            objects.Reverse();
        return $"[{string.Join(',', objects)}]";
    }

    private static string Rows(Chance chance, int nodes, Func<int, int, int, int> cell)
    {
        IEnumerable<string> rows = Enumerable.Range(0, nodes).Select(row =>
        {
            IEnumerable<string> cells =
                Enumerable.Range(0, nodes).Select(column => Words.Json(chance, cell(row, column, nodes)));
            return $"[{string.Join(',', cells)}]";
        });
        return $"[{string.Join(',', rows)}]";
    }

    private static byte[] Object(Chance chance, List<string> members)
    {
        if (Words.IsOdd(chance))
            members.Add(chance.Of(members[0], "\"x\":1", "", "\"name\":[[[[]]]]", "\"memory\":null"));
        StringBuilder text = new();
        text.Append('{').AppendJoin(chance.Of(",", ", ", ","), members).Append('}');
        return Words.Bytes(text);
    }
}
