using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class BootLogMapTests
{
    [Fact]
    public void a_later_map_replaces_the_earlier_one() => Texts.Ram("""
        BIOS-provided physical RAM map:
        BIOS-e820: [mem 0x0000000000100000-0x00000000ffffffff] usable
        user-defined physical RAM map:
        user: [mem 0x0000000000100000-0x000000007fffffff] usable
        user: [mem 0x0000000080000000-0x00000000bfffffff] reserved
        modified physical RAM map:
        modified: [mem 0x0000000000100000-0x000000006fffffff] usable
        """).Should().Be("node 0: [0x100000, 0x70000000)");

    [Fact]
    public void the_last_boot_of_a_journal_counts()
    {
        HostDescription host = Texts.Read("""
            BIOS-provided physical RAM map:
            BIOS-e820: [mem 0x0000000000100000-0x00000000ffffffff] usable
            ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0xffffffff]
            Early memory node ranges
              node   0: [mem 0x0000000000100000-0x00000000ffffffff]
            Fallback order for Node 0: 0 1
            tdx: CMR: [0x100000, 0xf0000000)
            tdx: 5 KB allocated for PAMT
            BIOS-provided physical RAM map:
            BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable
            ACPI: SRAT: Node 1 PXM 0 [mem 0x00000000-0x7fffffff]
            tdx: CMR: [0x200000, 0x70000000)
            """);

        host.Evidence.Should().Be(MemoryEvidence.E820WithSrat);
        host.Memory.Regions.ToString().Should().Be("node 1: [0x100000, 0x80000000)");
        host.Memory.Cmrs.ToString().Should().Be("[0x200000, 0x70000000)");
        host.Memory.FallbackOrder(0).ToArray().Should().Equal(1);
        host.Reported.Should().BeNull();
    }

    [Fact]
    public void the_first_map_leaves_what_stood_before_it() => Texts.Read("""
        tdx: CMR: [0x100000, 0x40000000)
        BIOS-provided physical RAM map:
        BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable
        """).Memory.Cmrs.ToString().Should().Be("[0x100000, 0x40000000)");

    [Fact]
    public void a_bios_map_after_changes_to_one_is_another_boots_even_without_its_header() => Texts.Ram("""
        BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable
        e820: remove [mem 0x40000000-0xfffffffffffffffe] usable
        BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable
        """).Should().Be("node 0: [0x100000, 0x80000000)");

    [Theory]
    [InlineData(
        "e820: update [mem 0x20000000-0x2fffffff] usable ==> reserved",
        "[0x100000, 0x20000000), [0x30000000, 0x40000000), [0x80000000, 0x90000000)")]
    [InlineData(
        "e820 update range: 0000000020000000 - 0000000030000000 (usable) ==> (reserved)",
        "[0x100000, 0x20000000), [0x30000000, 0x40000000), [0x80000000, 0x90000000)")]
    [InlineData(
        "e820: update [mem 0x00000000-0xffffffff] reserved ==> usable",
        "[0x100000, 0x50000000), [0x80000000, 0x90000000)")]
    [InlineData(
        "e820: update [mem 0x48000000-0x9fffffff] reserved ==> usable",
        "[0x100000, 0x40000000), [0x48000000, 0x50000000), [0x80000000, 0x90000000)")]
    [InlineData(
        "e820: update [mem 0x20000000-0x2fffffff] ACPI data ==> reserved",
        "[0x100000, 0x40000000), [0x80000000, 0x90000000)")]
    [InlineData("e820: remove [mem 0x20000000-0x8fffffff] usable", "[0x100000, 0x20000000)")]
    [InlineData("e820: remove [mem 0x80000000-0xfffffffffffffffe] usable", "[0x100000, 0x40000000)")]
    [InlineData("e820: remove [mem 0x80000000-0xffffffffffffffff] usable", "[0x100000, 0x40000000)")]
    [InlineData(
        "e820: remove [mem 0xfff0000000000000-0xfffffffffffffffe] usable",
        "[0x100000, 0x40000000), [0x80000000, 0x90000000)")]
    [InlineData("e820 remove range: 0000000080000000 - ffffffffffffffff (usable)", "[0x100000, 0x40000000)")]
    [InlineData(
        "e820: remove [mem 0x20000000-0x8fffffff] reserved",
        "[0x100000, 0x40000000), [0x80000000, 0x90000000)")]
    [InlineData("e820: remove [mem 0x20000000-0x8fffffff]", "[0x100000, 0x20000000)")]
    [InlineData(
        "e820: update [mem 0x20000800-0x200008ff] usable ==> reserved",
        "[0x100000, 0x20000000), [0x20001000, 0x40000000), [0x80000000, 0x90000000)")]
    [InlineData(
        "e820: remove [mem 0x20000000-0x2fffffff] usable\n"
        + "e820: update [mem 0x20000000-0x3fffffff] usable ==> reserved\n"
        + "e820: update [mem 0x20000000-0x3fffffff] reserved ==> usable",
        "[0x100000, 0x20000000), [0x30000000, 0x40000000), [0x80000000, 0x90000000)")]
    public void changes_apply_in_sequence_to_the_parts_that_are_of_their_type(string changes, string ram) =>
        Texts.Ram($"""
            BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable
            BIOS-e820: [mem 0x0000000040000000-0x000000004fffffff] reserved
            BIOS-e820: [mem 0x0000000080000000-0x000000008fffffff] usable
            {changes}
            """).Replace("node 0: ", "").Should().Be(ram);

    [Theory]
    [InlineData("usable", "reserved", "[0x100000, 0x20000000), [0x40000000, 0x50000000)")]
    [InlineData("reserved", "usable", "[0x30000000, 0x40000000)")]
    [InlineData("usable", "usable", "[0x100000, 0x50000000)")]
    public void where_lines_overlap_what_is_not_usable_wins(string first, string second, string ram)
    {
        string one = $"BIOS-e820: [mem 0x0000000000100000-0x000000002fffffff] {first}\n";
        string other = $"BIOS-e820: [mem 0x0000000020000000-0x000000003fffffff] {second}\n";
        string third = $"BIOS-e820: [mem 0x0000000040000000-0x000000004fffffff] {first}\n";

        foreach (string text in new[] { one + other + third, one + one + other + third, one + other + other + third })
            Texts.Ram(text).Replace("node 0: ", "").Should().Be(ram);
    }

    [Fact]
    public void a_map_may_overlap_itself_and_lines_may_come_twice() => Texts.Ram("""
        BIOS-e820: [mem 0x0000000000100000-0x00000000004fffff] usable
        BIOS-e820: [mem 0x0000000000100000-0x00000000004fffff] usable
        BIOS-e820: [mem 0x0000000000200000-0x00000000002fffff] reserved
        BIOS-e820: [mem 0x0000000000400000-0x0000000000400fff] ACPI NVS
        """).Should().Be("node 0: [0x100000, 0x200000), node 0: [0x300000, 0x400000), node 0: [0x401000, 0x500000)");

    [Theory]
    [InlineData("0x100000-0x2007ff", "0x200800-0x3fffff", "[0x100000, 0x400000)")]
    [InlineData("0x100000-0x2007ff", "0x200801-0x3fffff", "[0x100000, 0x200000), [0x201000, 0x400000)")]
    [InlineData("0x100001-0x1fffff", "0x300000-0x300ffe", "[0x101000, 0x200000)")]
    [InlineData("0x0-0x9fbff", "0x9fc00-0x9ffff", "[0x1000, 0xa0000)")]
    [InlineData("0x800-0x1fff", "0x90000-0x10ffff", "[0x1000, 0x2000), [0x90000, 0xa0000), [0x100000, 0x110000)")]
    [InlineData("0xa0000-0xfffff", "0x100000-0x1fffff", "[0x100000, 0x200000)")]
    public void ranges_are_trimmed_to_pages_once_touching_ones_are_merged(string one, string other, string ram) =>
        Texts.Ram($"BIOS-e820: [mem {one}] usable\nBIOS-e820: [mem {other}] usable\n")
            .Replace("node 0: ", "").Should().Be(ram);

    [Fact]
    public void ranges_of_no_bytes_and_reserved_ranges_beyond_52_bits_are_passed_over() => Texts.Ram("""
        BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable
        BIOS-e820: [mem 0x0000000000300000-0x00000000002fffff] usable
        BIOS-e820: [mem 0xfff0000000000000-0xffffffffffffffff] reserved
        """).Should().Be("node 0: [0x100000, 0x200000)");

    [Fact]
    public void the_srat_splits_ram_at_the_page_and_leaves_the_rest_to_node_0_with_a_warning()
    {
        HostDescription host = Texts.Read("""
            BIOS-e820: [mem 0x0000000000100000-0x00000000005fffff] usable
            ACPI: SRAT: Node 1 PXM 1 [mem 0x00200000-0x0027ffff]
            ACPI: SRAT: Node 1 PXM 1 [mem 0x00240000-0x002fffff]
            ACPI: SRAT: Node 2 PXM 2 [mem 0x00300000-0x003007ff]
            ACPI: SRAT: Node 3 PXM 3 [mem 0x00300800-0x004fffff]
            """);

        host.Memory.Regions.ToString().Should().Be(
            "node 0: [0x100000, 0x200000), node 1: [0x200000, 0x300000), node 2: [0x300000, 0x301000), "
            + "node 3: [0x301000, 0x500000), node 0: [0x500000, 0x600000)");
        host.Warnings.Should().Equal(
            "the SRAT leaves out 2 MiB of RAM, the first at [0x100000, 0x200000): taken to be on node 0");
    }

    [Fact]
    public void cmrs_beyond_the_end_of_the_map_are_a_warning()
    {
        const string map = "BIOS-e820: [mem 0x100000-0x1fffff] usable\nBIOS-e820: [mem 0x200000-0x2fffff] reserved\n";

        Texts.Read(map + "tdx: CMR: [0x100000, 0x300000)").Warnings.Should().HaveCount(1);
        Texts.Read(map + "tdx: CMR: [0x100000, 0x301000)").Warnings.Should().HaveCount(2)
            .And.Contain(warning => warning.Contains("0x301000") && warning.Contains("0x300000"));
    }

    [Fact]
    public void without_a_usable_map_the_cmrs_are_the_ram()
    {
        HostDescription host = Texts.Read("""
            BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] reserved
            tdx: CMR: [0x100000, 0x200000)
            tdx: CMR: [0x200000, 0x300000)
            """);

        host.Evidence.Should().Be(MemoryEvidence.Cmrs);
        host.NodesKnown.Should().BeFalse();
        host.Memory.Cmrs.ToString().Should().Be("[0x100000, 0x200000), [0x200000, 0x300000)");
        host.Memory.Regions.ToString().Should().Be("node 0: [0x100000, 0x300000)");
    }
}
