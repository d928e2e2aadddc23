using System.Globalization;
using System.Text;

namespace TdxPamt.Fuzz.Grammar;

/// <summary>Makes boot logs and /proc/iomem.</summary>
internal static class LogGrammar
{
    private static readonly string[] Types =
    [
        "usable", "usable", "usable", "System RAM", "reserved", "device reserved", "ACPI data", "soft reserved",
        "persistent (type 12)", "us", "",
    ];

    private static readonly string[] Headers =
    [
        "BIOS-provided physical RAM map:", "user-defined physical RAM map:", "modified physical RAM map:",
        "extended physical RAM map:", "tdx: module ready", "e820: something", "CMR: words",
        "Movable zone start for each node", "Initmem setup node 1 as memoryless", "NUMA turned off",
        "last_pfn = 0x4080000 max_arch_pfn = 0x400000000", "Linux version 7.3.4",
        "Linux version 6", "Linux version 7.4",
        "virt/tdx: Enable Dynamic PAMT", "virt/tdx: Module version: 1.5.24", "virt/tdx: TDX-Module initialized",
        "virt/tdx: BIOS enabled: private KeyID range [32, 64)", "virt/tdx: module not loaded",
        "virt/tdx: SEAMCALL (0x0000000000000022) failed: 0xc000050500000000", "Memory: 5K/268164732K available (1K",
        "On node 0 totalpages: 33554432", "SRAT: PXM 1 -> APIC 0x0040 -> Node 1",
    ];

    /// <summary>What terminals, mails, pages and tools put around a line; {} is the line.</summary>
    private static readonly string[] Forms =
    [
        "{}", "[    0.000000] {}", "[Tue Mar 21 09:40:00 2023] {}", "Jun 19 18:06:35 host kernel: {}", "> [T0] {}",
        "\u001b[32m[    0.000000] \u001b[0m{}\u001b[0m", "{\"MESSAGE\":\"{}\"}", "{\"msg\": \"{}\"},", "&gt; {}<br>",
        "{}=", "\"{}\",", "[    0.000000] {}#015", "{}\0", "[    0.000000]\u00a0{} ",
    ];

    internal static byte[] Log(Chance chance)
    {
        StringBuilder text = new();
        string form = chance.Of<string>(Forms);
        string end = chance.OneIn(20) ? " " : "\n";
        for (int sections = chance.From(1, 5); sections > 0; sections--)
        {
            for (int headers = chance.Below(3); headers > 0; headers--)
                Line(chance.Of<string>(Headers));
            Section();
        }

        return Words.Bytes(text);

        void Line(string line) => text.Append(form.Replace("{}", line, StringComparison.Ordinal))
            .Append(chance.OneIn(50) ? "\r\n" : end);

        void Section()
        {
            int kind = chance.Below(Lines);
            if (kind == 4)
                Line("Early memory node ranges");
            (ulong, ulong)[] ranges = [.. Words.Ranges(chance, 12)];
            if (chance.OneIn(5))
                Array.Reverse(ranges);
            for (int times = chance.OneIn(5) ? 2 : 1; times > 0; times--)
            {
                foreach ((ulong start, ulong end) in ranges)
                    Line(OfRange(chance, kind, start, end));
            }
        }
    }

    /// <summary>How many kinds of lines with a range there are, and outcomes as one more.</summary>
    private const int Lines = 16;

    private static string OfRange(Chance chance, int kind, ulong start, ulong end)
    {
        int node = chance.Below(3);
        string from = Words.Hex(chance, start);
        string to = Words.Hex(chance, end - 1);
        string mem = $"[mem {from}-{to}]";
        string exclusive = Words.Hex(chance, end);
        string type = chance.Of<string>(Types);
        return kind switch
        {
            0 => $"BIOS-e820: {mem} {type}",
            1 => $"BIOS-e820: {from} - {exclusive} ({type})",
            2 => $"{chance.Of("user", "modified", "extended", "Xen")}: {mem} {type}",
            3 => $"e820: {(chance.OneIn(2) ? "remove" : "update")} {mem} {type} ==> {chance.Of<string>(Types)}",
            4 => $"  node   {Words.Json(chance, node)}: {mem}",
            5 => $"ACPI: SRAT: Node {Words.Json(chance, node)} PXM {node} {mem}{chance.Of("", " hotplug")}",
            6 => $"{chance.Of("tdx: ", "virt/tdx: ", "")}CMR{chance.Of("", "[3]")}: [{from}, {exclusive})",
            7 => $"{start:x8}-{end - 1:x8} : {chance.Of("System RAM", "System RAM", "Reserved", "Soft Reserved")}",
            8 => $"Fallback order for Node {node}: {node} {Words.Json(chance, 1 - node)} "
                + chance.Of("", "2", "7 8", "1023"),
            9 => $"BIOS-e820: [gap {from}-{to}]",
            10 => $"memblock_add: [{from}-{to}] memblock_add_range",
            11 => $"tdx: TDX CMR[{node}]: base {from} size {Words.Hex(chance, end - start)}",
            12 => $"{chance.Of("BIOS-CMR ", "Kernel-checked-CMR ")}: [{from}, {exclusive})",
            13 => $"  Node {Words.Json(chance, node)}: {from}",
            14 => $"SRAT: PXM {Words.Json(chance, node)} -> APIC {from} -> Node {node}",
            _ => Outcome(chance),
        };
    }

    private static string Outcome(Chance chance) => chance.Below(4) switch
    {
        0 => $"virt/tdx: {Words.Json(chance, chance.Below(5_000_000))} "
            + $"{chance.Of("KB", "KBs", "pages", "MB")} allocated for PAMT",
        1 => "virt/tdx: initialization failed: "
            + chance.Of("TDMR [0x0, 0x80000000): reserved areas exhausted.", "\u001b[2J", ".", ""),
        2 => $"virt/tdx: SEAMCALL ({Words.Json(chance, 45)}) failed: {Words.Hex(chance, chance.Bits())}",
        _ => $"virt/tdx: {chance.Of("module", "TDX-Module")} initialization failed ({Words.Json(chance, -28)})",
    };

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
