using System.Globalization;

namespace TdxPamt.Tests.Hosts;

public class BootLogRefusalTests
{
    [Theory]
    [InlineData("BIOS-e820: [mem 0x0000000000100000-0x0000")]
    [InlineData("BIOS-e820: [mem 0x0000000000100000")]
    [InlineData("BIOS-e820: [me")]
    [InlineData("BIOS-e820:")]
    [InlineData("BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff]")]
    [InlineData("BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usab")]
    [InlineData("BIOS-e820: [mem 0x00000000001z0000-0x00000000001fffff] usable")]
    [InlineData("BIOS-e820: [mem 0x100000000000000000-0x1fffffffffffffffff] usable")]
    [InlineData("BIOS-e820: 0000000000100000 - 00000000002")]
    [InlineData("BIOS-e820: 0000000000100000 - 00000000002z0000 (usable)")]
    [InlineData("user: [mem 0x0000000000100000-")]
    [InlineData("modified: [mem")]
    [InlineData("e820: update [mem 0x0000000000100000-0x00000000001fffff] usable")]
    [InlineData("e820: update [mem 0x0000000000100000-0x00000000001fffff] usable ==>")]
    [InlineData("e820: update [mem 0x0000000000100000-0x00000000001")]
    [InlineData("e820: remove [mem 0x00000")]
    [InlineData("e820 remove range: 0000000000100000")]
    [InlineData("ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x7ff")]
    [InlineData("ACPI: SRAT: Node 0 PXM")]
    [InlineData("ACPI: SRAT: Node ")]
    [InlineData("SRAT: Node 0 PXM 0 0-")]
    [InlineData("Early memory node ranges\n  node   0: [mem 0x0000000000100000-0x0000000")]
    [InlineData("Fallback order for Node 0: 0 x")]
    [InlineData("Fallback order for Node")]
    [InlineData("Fallback order for Node 0: 0 99999999999")]
    [InlineData("tdx: CMR: [0x100000, 0x6f8")]
    [InlineData("tdx: CMR: [0x100000")]
    [InlineData("tdx: CMR:")]
    [InlineData("tdx: CMR[3]: [0x1000zz, 0x6f800000)")]
    [InlineData("tdx: x KB allocated for PAMT")]
    [InlineData("tdx: 99999999999999999999 KB allocated for PAMT")]
    [InlineData("tdx: module initialization failed (-2")]
    [InlineData("tdx: initialization failed: ")]
    [InlineData("00100000-0020zz : System RAM")]
    [InlineData(" : System RAM")]
    public void a_line_that_is_cut_off_is_refused_with_its_number(string line)
    {
        string text = $"one\nBIOS-e820: [mem 0x1000-0x1fff] usable\n{line}\n";
        int number = text.Count(character => character == '\n');

        string refusal = $"some/log.txt:{number}: this line cannot be read, is it cut off? \"*\"";
        Texts.ShouldBeRefused(() => Texts.Read(text), refusal).Line.Should().Be(number);
    }

    [Theory]
    [InlineData("Fallback order for Node 1: 0 1", "the order of node 1 does not start with 1")]
    [InlineData("Fallback order for Node 1: 1 0 1", "the order of node 1 repeats a node")]
    [InlineData("Fallback order for Node 1:", "the order of node 1 does not start with 1")]
    [InlineData("Fallback order for Node 1024: 1024", "node 1024 is not from 0 to 1023")]
    [InlineData("Fallback order for Node 1: 1 1024", "the order of node 1 names a node that is not from 0 to 1023")]
    [InlineData("SRAT: Node 1024 PXM 0 [mem 0x0-0xfff]", "node 1024 is not from 0 to 1023")]
    [InlineData(
        "SRAT: Node 0 PXM 0 [mem 0x0-0xfff]\nSRAT: Node 1 PXM 1 [mem 0x800-0x1fff]",
        "SRAT ranges [0x0, 0x1000) of node 0 and [0x800, 0x2000) of node 1 overlap")]
    [InlineData("SRAT: Node 0 PXM 0 [mem 0x2000-0xfff]", "the range ends before it starts: \"SRAT: *")]
    [InlineData(
        "Early memory node ranges\n node 0: [mem 0x1000-0x2fff]\n node 1: [mem 0x2000-0x3fff]",
        "memory ranges [0x1000, 0x3000) of node 0 and [0x2000, 0x4000) of node 1 overlap")]
    [InlineData(
        "Early memory node ranges\n node 0: [mem 0x1000-0x2fff]\n node 1: [mem 0x1000-0x2fff]",
        "memory ranges [0x1000, 0x3000) of node 0 and [0x1000, 0x3000) of node 1 overlap")]
    [InlineData(
        "Early memory node ranges\n node 0: [mem 0x1000-0x2ffe]",
        "[0x1000, 0x2fff) is not a whole number of 4 KiB pages")]
    [InlineData("Early memory node ranges\n node 0: [mem 0x1000-0xfff]", "[0x1000, 0x1000) is empty")]
    [InlineData(
        "Early memory node ranges\n node 0: [mem 0x1000-0xfffffffffffff]\n"
        + " node 0: [mem 0x10000000000000-0x10000000000fff]",
        "[0x10000000000000, 0x10000000001000) is not below 2^52, where physical addresses end")]
    [InlineData("Early memory node ranges\n node 2000: [mem 0x1000-0x2fff]", "node 2000 is not from 0 to 1023")]
    [InlineData("CMR: [0x1000, 0x3000)\nCMR: [0x2000, 0x4000)", "CMRs [0x1000, 0x3000) and [0x2000, 0x4000) overlap")]
    [InlineData("CMR: [0x1000, 0x3800)", "[0x1000, 0x3800) is not a whole number of 4 KiB pages")]
    [InlineData("CMR: [0x3000, 0x1000)", "[0x3000, 0x1000) ends before it starts")]
    [InlineData(
        "CMR: [0x3000, 0x10000000001000)",
        "[0x3000, 0x10000000001000) is not below 2^52, where physical addresses end")]
    [InlineData(
        "BIOS-e820: [mem 0x10000000000000-0x10000000000fff] usable",
        "0x10000000000000-0x10000000000fff is not below 2^52, where physical addresses end")]
    [InlineData("BIOS-e820: [mem 0x1000-0xffffffffffffffff] usable", "0x1000-0xfffffffffffffffe is not below 2^52*")]
    [InlineData("BIOS-e820: [mem 0x3000-0x1fff] reserved", "the range ends before it starts: \"BIOS-e820: *")]
    [InlineData("e820: remove [mem 0x3000-0x1fff] usable", "the range ends before it starts: \"e820: *")]
    [InlineData("10000000000000-10000000000fff : System RAM", "0x10000000000000-0x10000000000fff is not below 2^52*")]
    [InlineData(
        "00003000-00001fff : System RAM",
        "the range ends before it starts: \"00003000-00001fff : System RAM\"")]
    public void what_cannot_be_is_refused_with_the_line_and_what_it_contradicts(string lines, string reason)
    {
        int number = lines.Count(character => character == '\n') + 1;

        Texts.ShouldBeRefused(() => Texts.Read(lines), $"some/log.txt:{number}: {reason}");
    }

    [Theory]
    [InlineData("BIOS-e820: [mem 0x{0:x}000-0x{0:x}0ff] usable", "ranges of a kind")]
    [InlineData("{0:x}000-{0:x}0ff : System RAM", "ranges of a kind")]
    [InlineData("CMR: [0x{0:x}000, 0x{1:x}000)", "ranges of a kind")]
    [InlineData("Fallback order for Node 1023: 1023", "fallback orders")]
    public void more_lines_of_a_kind_than_any_machine_has_are_refused(string form, string what)
    {
        IEnumerable<string> lines = Enumerable.Range(0, 65_537)
            .Select(i => string.Format(CultureInfo.InvariantCulture, form, (2 * i) + 256, (2 * i) + 257));

        Texts.ShouldBeRefused(
            () => Texts.Read(string.Join('\n', lines)), $"some/log.txt:65537: there are more than 65536 {what}");
    }

    [Fact]
    public void a_long_line_is_quoted_in_part_and_without_its_control_characters() =>
        Texts.ShouldBeRefused(
            () => Texts.Read($"CMR: [\u001b[31m\u202e\ud83d\ude00{new string('x', 5000)}\n"),
            "some/log.txt:1: this line cannot be read, is it cut off? \"CMR: [?\ud83d\ude00xxx*xxx...\"")
            .Message.Length.Should().BeLessThan(200);
}
