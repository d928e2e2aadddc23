using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

/// <summary>Small logs in the forms that people post, with what they give.</summary>
public class PublishedFormTests
{
    private const string Ram = "BIOS-e820: [mem 0x0000000000100000-0x000000407fffffff] usable\n";

    [Theory]
    [InlineData("01-linux7-gap.log", 131071, 525320, null)]
    [InlineData("02-linux7-system-ram.log", 131071, 525320, null)]
    [InlineData("02b-usable-same.log", 131071, 525320, null)]
    [InlineData("03-annotated-usable.log", 131071, 525320, null)]
    [InlineData("05-usable-trailing-quote.log", 131071, 525320, null)]
    [InlineData("06-usable-esc.log", 131071, 525320, null)]
    [InlineData("08-user-map-kmsg.log", 16383, 65672, null)]
    [InlineData("08b-user-map-plain.log", 16383, 65672, null)]
    [InlineData("09-user-map-old.log", 511, 4108, null)]
    [InlineData("10-late-e820-update.log", 8191, null, null)]
    [InlineData("10b-late-e820-update-with-node-ranges.log", 8191, null, null)]
    [InlineData("11-srat-not-used.log", 131071, 525320, null)]
    [InlineData("11b-without-srat.log", 131071, 525320, null)]
    [InlineData("12-node-ranges-cut.log", 2047, null, null)]
    [InlineData("13-dmesg-color.log", 131071, 525320, true)]
    [InlineData("13b-dmesg-color-e820-only.log", 131071, 525320, null)]
    [InlineData("14-dmesg-json.log", 131071, 525320, null)]
    [InlineData("15-journal-json.log", 131071, 525320, null)]
    [InlineData("18-dynamic-pamt.log", null, 10092, true)]
    [InlineData("19-eio.log", 131071, 525320, null)]
    [InlineData("23-iomem-annotated.log", 131071, 525320, null)]
    [InlineData("24-xen.log", 131071, 525320, null)]
    [InlineData("25b-cmrs-two-boots-united.log", null, 525320, true)]
    [InlineData("26-nbsp.log", 131071, 525320, null)]
    [InlineData("27-memblock-add.log", 131071, 525320, null)]
    [InlineData("28-remove-annotated.log", 65535, null, null)]
    [InlineData("28b-remove-plain.log", 65535, null, null)]
    [InlineData("29-nul-run.log", 131071, 525320, null)]
    [InlineData("31-linux-7.3-whole.log", null, 1050636, true)]
    [InlineData("32-memoryless-node.log", null, 1058840, false)]
    public void a_log_gives_its_ram_and_figure(string file, int? ramMiB, int? pamtKiB, bool? matches)
    {
        HostDescription host = Texts.ReadFile("cases/" + file);
        HostPlan plan = HostPlan.Create(host);

        plan.Failure.Should().BeNull();
        if (ramMiB is { } miB)
            (host.Memory.TdxMemoryBlocks.Sum(block => (long)block.Range.Size) >> 20).Should().Be(miB);
        if (pamtKiB is { } kiB)
            plan.PamtKiB.Should().Be((ulong)kiB);
        plan.AgreesWithReport.Should().Be(matches);
        string path = Texts.PathOf("cases/" + file);
        HostDescription streamed = HostReader.Read(new MemoryStream(File.ReadAllBytes(path)), path);
        Texts.Json(streamed).Should().Be(Texts.Json(host));
    }

    [Theory]
    [InlineData("07-several-boots.log", "several boots")]
    [InlineData("25-cmrs-two-boots.log", "several boots")]
    [InlineData("12-node-ranges-cut.log", "the e820 map has 126 GiB more RAM than the node ranges")]
    [InlineData("20-tdx-grep.log", "8405028 KB were reported: 2048 GiB in 9 TDMRs")]
    public void what_does_not_fit_together_is_a_warning(string file, string part) =>
        Texts.ReadFile("cases/" + file).Warnings.Should().ContainMatch($"*{part}*");

    [Fact]
    public void the_last_boot_counts()
    {
        Texts.ReadFile("cases/07-several-boots.log").Memory.Regions.ToString()
            .Should().Be("node 0: [0x100000, 0x7ffe0000)");
        Texts.ReadFile("cases/25-cmrs-two-boots.log").Memory.Cmrs.ToString()
            .Should().Be("[0x100000, 0x77800000), [0x100000000, 0x86e000000)");
    }

    [Theory]
    [InlineData("11-srat-not-used.log")]
    [InlineData("11b-without-srat.log")]
    public void a_dropped_srat_leaves_one_node_without_a_warning(string file)
    {
        HostDescription host = Texts.ReadFile("cases/" + file);

        host.NodesKnown.Should().BeTrue();
        host.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void a_failed_seamcall_is_named_and_says_nothing_of_the_layout()
    {
        string json = Texts.Json(HostPlan.Create(Texts.ReadFile("cases/19-eio.log")));

        json.Should().Contain("\"matches\":null")
            .And.Contain("\"completion\":\"0xC000010000000000\",\"leaf\":\"TDH_SYS_RD\"");
    }

    [Fact]
    public void lines_about_tdx_alone_are_an_incomplete_plan() =>
        Texts.Json(HostPlan.Create(Texts.ReadFile("cases/20-tdx-grep.log")))
            .Should().Contain("\"status\":\"incomplete\"").And.Contain("\"missing\":[\"memory map\"]")
            .And.Contain("\"pamtKiB\":8405028");

    [Theory]
    [InlineData("16-tdx-module-7.1.log", "module initialization failed (-28)", 28)]
    public void the_number_of_a_failure_is_read(string file, string error, int number) =>
        Texts.ReadFile("cases/" + file).Reported
            .Should().Be(new ReportedOutcome { Error = error, ErrnoValue = number });

    [Fact]
    public void cmrs_in_base_and_size_are_the_same_as_in_ends() =>
        Texts.ReadFile("cases/17-cmr-base-size.log").Memory.Cmrs
            .Should().Equal(Texts.ReadFile("cases/17b-cmr-mainline-form.log").Memory.Cmrs);

    [Theory]
    [InlineData("30-trailing-text-with-cmrs.log", MemoryEvidence.E820)]
    [InlineData("35-v5-kernel-checked-cmr.log", MemoryEvidence.Cmrs)]
    public void evidence_is_the_strongest_there_is(string file, MemoryEvidence evidence) =>
        Texts.ReadFile("cases/" + file).Evidence.Should().Be(evidence);

    [Fact]
    public void the_extended_map_replaces_the_bios_map() =>
        Texts.ReadFile("cases/34-extended-map.log").Memory.Regions[^1].Range.End.Should().Be(0x4080000000);

    [Fact]
    public void versions_are_read()
    {
        HostDescription host = Texts.ReadFile("cases/31-linux-7.3-whole.log");

        host.KernelVersion.Should().Be("7.3.4+deb13-amd64");
        host.ModuleVersion.Should().Be("1.5.24");
    }

    [Theory]
    [InlineData("31-linux-7.3-whole.log", "7.1", "Linux version 7.3.4+deb13-amd64")]
    [InlineData("18-dynamic-pamt.log", "dynamic-pamt", "Enable Dynamic PAMT")]
    [InlineData("01-linux7-gap.log", "mainline", null)]
    public void a_log_picks_its_kernel_and_says_why(string file, string kernel, string? reason)
    {
        HostDescription host = Texts.ReadFile("cases/" + file);

        HostPlan plan = HostPlan.Create(host);
        plan.Kernel.Name.Should().Be(kernel);
        plan.KernelReason.Should().Be(reason);
        HostPlan.Create(host, KernelModel.V5).KernelReason.Should().BeNull();
        if (reason is not null)
            JsonDocument.Parse(Texts.Json(plan)).RootElement.GetProperty("kernelReason").GetString()
                .Should().Be(reason);
    }

    [Theory]
    [InlineData("Linux version 7.4.1\n{}", "dynamic-pamt", true)]
    [InlineData("Linux version 7.4.1\n{}virt/tdx: TDX-Module initialized\n", "dynamic-pamt", false)]
    [InlineData("Linux version 7.4.1\n{}virt/tdx: Enable Dynamic PAMT\n", "dynamic-pamt", true)]
    [InlineData("Linux version 7.3.0\n{}", "7.1", false)]
    [InlineData("Linux version 6.6.0\n{}", "mainline", false)]
    public void dynamic_pamt_is_on_where_the_kernel_finds_it(string log, string kernel, bool dynamicPamt)
    {
        HostPlan plan = HostPlan.Create(Texts.Read(log.Replace("{}", Ram, StringComparison.Ordinal)));

        plan.Kernel.Name.Should().Be(kernel);
        plan.Module.DynamicPamt.Should().Be(dynamicPamt);
        Texts.Json(plan).Should().Contain($"\"dynamicPamt\":{(dynamicPamt ? "true" : "false")}");
    }

    [Theory]
    [InlineData("SRAT: Node 0 PXM 0 [mem 0x4080000000-0x507fffffff] hotplug", "the SRAT leaves 64 GiB for memory*")]
    [InlineData("SRAT: Node 0 PXM 0 [mem 0x100000000-0x407fffffff] hotplug", null)]
    [InlineData(
        "BIOS-e820: [mem 0x0000004080000000-0x000000607fffffff] soft reserved",
        "128 GiB are soft reserved*")]
    [InlineData("4080000000-607fffffff : Soft Reserved", "128 GiB are soft reserved*")]
    [InlineData("4080000000-607fffffff : System RAM (kmem)", "128 GiB of RAM were added after boot*")]
    [InlineData("tdx: CMR: [0x100000, 0x4000000000)", "2 GiB of RAM lie in no CMR, the first at ?0x4000000000*")]
    [InlineData("tdx: CMR: [0x100000, 0x4080000000)", null)]
    public void memory_that_tdx_cannot_use_is_told_with_its_size(string line, string? warning)
    {
        const string Srat = "SRAT: Node 0 PXM 0 [mem 0x00000000-0xffffffff]\n"
            + "SRAT: Node 0 PXM 0 [mem 0x100000000-0x407fffffff]\n";

        IEnumerable<string> warnings = HostPlan.Create(Texts.Read(Srat + Ram + line + "\n")).Warnings;

        if (warning is null)
            warnings.Should().BeEmpty();
        else
            warnings.Should().ContainSingle().Which.Should().Match(warning);
    }

    [Fact]
    public void more_cmrs_than_the_modules_table_holds_are_told()
    {
        IEnumerable<string> cmrs = Enumerable.Range(1, 33).Select(static i => $"tdx: CMR: [0x{i}00000, 0x{i}80000)\n");

        HostPlan.Create(Texts.Read(Ram + string.Concat(cmrs))).Warnings
            .Should().Contain("there are 33 CMRs, and the module's table holds 32");
    }

    [Fact]
    public void a_node_without_processors_is_preferred()
    {
        string log = "SRAT: PXM 0 -> APIC 0x0000 -> Node 0\nSRAT: PXM 1 -> APIC 0x0040 -> Node 1\n"
            + "Early memory node ranges\n"
            + string.Concat(Enumerable.Range(1, 3).Select(static i =>
                $"  node   {i - 1}: [mem 0x{i}0000000-0x{i}fffffff]\n"));

        Texts.Read(log).Memory.FallbackOrder(0).ToArray().Should().Equal(0, 2, 1);
    }

    [Fact]
    public void key_ids_bound_the_number_of_tds() =>
        Texts.Read("tdx: BIOS enabled: private KeyID range [32, 64)\n" + Ram).MaxTds.Should().Be(31);

    [Fact]
    public void a_message_of_bytes_in_a_journal_is_read_in_its_place()
    {
        static string Bytes(string text) => string.Join(',', Encoding.ASCII.GetBytes(text));
        string coloured = Bytes("\u001b[33mBIOS-e820: [mem 0x0000000040000000-0x000000005fffffff] usable\u001b[0m");
        string plain = Bytes("BIOS-e820: [mem 0x0000000060000000-0x000000007fffffff] usable");
        string log =
            "{\"__CURSOR\":\"x\",\"MESSAGE\":\"BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable\"}\n"
            + $"{{\"MESSAGE\":[{coloured}]}}\n{{\"MESSAGE\" : [ {plain} ]}}\n";

        Texts.Ram(log).Should().Be("node 0: [0x100000, 0x80000000)");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2000)]
    public void a_whole_log_in_one_line_is_read_however_long(int padding)
    {
        string filler = string.Concat(Enumerable.Repeat("[    1.234567] some driver's line ", padding));
        string log = $"{filler}[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable {filler}"
            + $"[    0.000000] BIOS-e820: [mem 0x0000000040000000-0x000000007fffffff] usable {filler}";

        Texts.Ram(log).Should().Be("node 0: [0x100000, 0x80000000)");
        HostReader.Read(new MemoryStream(Encoding.ASCII.GetBytes(log)), "log").Memory.Regions.ToString()
            .Should().Be("node 0: [0x100000, 0x80000000)");
    }

    [Theory]
    [InlineData("{\"foo\": 1}", "some/log.txt: foo: there is no such property; expected a host document, which has*")]
    [InlineData("{ } }", "*; expected a host document, which has \"memory\", or a log*")]
    [InlineData("{\"name\": \"x\"}", "some/log.txt: memory: it is missing; expected*")]
    [InlineData("{\"memory\": 5}", "some/log.txt: memory: it must be an array")]
    public void what_begins_with_a_brace_and_is_neither_is_refused_with_what_was_expected(
        string text, string message) => Texts.ShouldBeRefused(() => Texts.Read(text), message);

    [Theory]
    [InlineData("{ a remark }\nBIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable\n")]
    [InlineData("{\"dmesg\": [{\"msg\": \"\\\"memory\\\"\"},"
        + "{\"msg\": \"BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable\"}")]
    public void what_begins_with_a_brace_is_read_as_a_log_before_it_is_refused(string text) =>
        Texts.Ram(text).Should().Be("node 0: [0x100000, 0x40000000)");

    [Theory]
    [MemberData(nameof(Forms))]
    public void every_form_of_text_around_every_kind_of_line_is_read(string form)
    {
        string[] lines =
        [
            "BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff]  System RAM",
            "user: [mem 0x0000000000100000-0x000000006fffffff] usable",
            "e820: update [mem 0x60000000-0x6fffffff] usable ==> reserved",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]",
            "ACPI: SRAT: Node 1 PXM 1 [mem 0x40000000-0x7fffffff]",
            "Fallback order for Node 1: 1 0",
            "virt/tdx: CMR: [0x100000, 0x60000000)",
            "virt/tdx: initialization failed: TDMR [0x0, 0x80000000): reserved areas exhausted.",
            "virt/tdx: TDX-Module initialization failed (-28)",
        ];
        string text = string.Concat(lines.Select(line => form.Replace("{}", line)));

        HostDescription host = Texts.Read(text);

        host.Memory.Regions.ToString().Should().Be("node 0: [0x100000, 0x40000000), node 1: [0x40000000, 0x60000000)");
        host.Memory.Cmrs.ToString().Should().Be("[0x100000, 0x60000000)");
        host.Memory.FallbackOrder(1).ToArray().Should().Equal(1, 0);
        host.Reported.Should().Be(
            new ReportedOutcome { Error = "TDMR [0x0, 0x80000000): reserved areas exhausted", ErrnoValue = 28 });
    }

    public static TheoryData<string> Forms() =>
    [
        "{}\n", "{} \r\n", "[    0.000000] {}\n", "[    0.000000][    T0] {}\n", "kern  :info  : [    0.000000] {}\n",
        "6,1,0,-;{}\n", "log.txt:12:[    0.000000] {}\n", " * [    0.000000] {}\n", "> [    0.000000] {}\n",
        "\"[    0.000000] {}\",\n", "`[    0.000000] {}`\n", "[    0.000000] {}<br>\n", "[    0.000000] {}^M\n",
        "[    0.000000] {}#015\n", "\u001b[32m[    0.000000] \u001b[0m\u001b[33m{}\u001b[0m\n",
        "[    0.000000]\u00a0{}\n", "[    0.000000] {}  # a remark\n", "[    0.000000] {}\0", "[    0.000000] {} ",
        "&gt; [    0.000000] {}&nbsp;\n", "{\"MESSAGE\":\"{}\"}\n",
        "{\"_X\":\"the \\\"memory\\\"\",\"MESSAGE\" : \"{}\"}\n",
    ];
}
