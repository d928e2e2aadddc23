using System.Globalization;
using System.Text;

namespace TdxPamt.Fuzz.Grammar;

/// <summary>Makes boot logs and /proc/iomem.</summary>
internal static class LogGrammar
{
    private static readonly string[] Types =
        ["usable", "usable", "usable", "reserved", "ACPI data", "soft reserved", "persistent (type 12)", "us", ""];

    internal static byte[] Log(Chance chance)
    {
        StringBuilder text = new();
        string prefix = chance.Of("", "[    0.000000] ", "[Tue Mar 21 09:40:00 2023] ", "Jun 19 18:06:35 host kernel: ",
            "> [T0] ");
        for (int sections = chance.From(1, 5); sections > 0; sections--)
        {
            if (chance.OneIn(4))
                Line(chance.Of("BIOS-provided physical RAM map:", "user-defined physical RAM map:",
                    "modified physical RAM map:", "tdx: module ready", "e820: something", "CMR: words"));
            Section();
        }

        return Words.Bytes(text);

        void Line(string line) => text.Append(prefix).Append(line).Append(chance.OneIn(50) ? "\r\n" : "\n");

        void Section()
        {
            int kind = chance.Below(10);
            if (kind == 4)
                Line("Early memory node ranges");
            foreach ((ulong start, ulong end) in Words.Ranges(chance, 12))
            {
                int node = chance.Below(3);
                string from = Words.Hex(chance, start);
                string to = Words.Hex(chance, end - 1);
                string mem = $"[mem {from}-{to}]";
                string exclusive = Words.Hex(chance, end);
                string type = chance.Of<string>(Types);
                Line(kind switch
                {
                    0 => $"BIOS-e820: {mem} {type}",
                    1 => $"BIOS-e820: {from} - {exclusive} ({type})",
                    2 => $"{chance.Of("user", "modified")}: {mem} {type}",
                    3 => $"e820: {(chance.OneIn(2) ? "remove" : "update")} {mem} {type} ==> {chance.Of<string>(Types)}",
                    4 => $"  node   {Words.Json(chance, node)}: {mem}",
                    5 => $"ACPI: SRAT: Node {Words.Json(chance, node)} PXM {node} {mem}{chance.Of("", " hotplug")}",
                    6 => $"{chance.Of("tdx: ", "virt/tdx: ", "")}CMR{chance.Of("", "[3]")}: [{from}, {exclusive})",
                    7 => $"{start:x8}-{end - 1:x8} : {chance.Of("System RAM", "System RAM", "Reserved")}",
                    8 => $"Fallback order for Node {node}: {node} {Words.Json(chance, 1 - node)} "
                        + chance.Of("", "2", "7 8", "1023"),
                    _ => Outcome(),
                });
            }
        }

        string Outcome() => chance.Below(3) switch
        {
            0 => $"virt/tdx: {Words.Json(chance, chance.Below(5_000_000))} "
                + $"{chance.Of("KB", "KBs", "pages", "MB")} allocated for PAMT",
            1 => "virt/tdx: initialization failed: "
                + chance.Of("TDMR [0x0, 0x80000000): reserved areas exhausted.", "\u001b[2J", ".", ""),
            _ => $"virt/tdx: module initialization failed ({Words.Json(chance, -28)})",
        };
    }

    internal static byte[] Iomem(Chance chance)
    {
        StringBuilder text = new();
        foreach ((ulong start, ulong end) in Words.Ranges(chance, 20))
        {
            text.Append(chance.OneIn(6) ? "  " : "");
            text.Append(Number(start));
            text.Append('-');
            text.Append(Number(end - 1));
            text.Append(" : ").Append(chance.Of("System RAM", "System RAM", "System RAM", "Reserved",
                "System RAM (kmem)"));
            text.Append('\n');
        }

        return Words.Bytes(text);

        string Number(ulong address) => Words.IsOdd(chance)
            ? chance.Of<string>(Mutator.EdgeNumbers)
            : address.ToString("x8", CultureInfo.InvariantCulture);
    }
}
