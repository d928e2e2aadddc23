using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class BootLogLineTests
{
    private const string Node0 = "node 0: [0x100000, 0x40000000)";

    [Theory]
    [InlineData("")]
    [InlineData("[    0.000000] ")]
    [InlineData("[    0.000000][    T0] ")]
    [InlineData("[  +0.000000] ")]
    [InlineData("[Tue Mar 21 09:40:00 2023] ")]
    [InlineData("<6>[    0.000000] ")]
    [InlineData("Jun 19 18:06:35 host kernel: ")]
    [InlineData("Jun 19 18:06:35 host kernel: [    0.000000] ")]
    [InlineData("2024-06-19T18:06:35.123456+02:00 CMR-e820-host kernel: ")]
    [InlineData("> ")]
    [InlineData("> > [    0.000000] ")]
    [InlineData(">> ")]
    [InlineData("\t")]
    public void every_prefix_is_passed_over(string prefix)
    {
        string[] lines =
        [
            "BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable",
            "user: [mem 0x0000000000100000-0x000000006fffffff] usable",
            "e820: update [mem 0x60000000-0x6fffffff] usable ==> reserved",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]",
            "ACPI: SRAT: Node 1 PXM 1 [mem 0x40000000-0x7fffffff]",
            "Fallback order for Node 1: 1 0",
            "tdx: CMR: [0x100000, 0x60000000)",
            "tdx: initialization failed: TDMR [0x0, 0x80000000): reserved areas exhausted.",
            "tdx: module initialization failed (-28)",
        ];

        foreach (string end in new[] { "\n", "\r\n", "  \n" })
        {
            HostDescription host = Texts.Read(string.Concat(lines.Select(line => prefix + line + end)));

            host.Memory.Regions.ToString().Should().Be($"{Node0}, node 1: [0x40000000, 0x60000000)");
            host.Memory.Cmrs.ToString().Should().Be("[0x100000, 0x60000000)");
            host.Memory.FallbackOrder(1).ToArray().Should().Equal(1, 0);
            host.Reported.Should().Be(new ReportedOutcome
            {
                Error = "TDMR [0x0, 0x80000000): reserved areas exhausted",
                ErrnoValue = 28,
            });

            host = Texts.Read(prefix + "Early memory node ranges" + end
                + prefix + "  node   3: [mem 0x0000000000100000-0x000000003fffffff]" + end
                + prefix + "tdx: 262661 pages allocated for PAMT." + end);
            host.Memory.Regions.ToString().Should().Be("node 3: [0x100000, 0x40000000)");
            host.Reported.Should().Be(new ReportedOutcome { PamtKiB = 1050644 });
        }
    }

    [Theory]
    [InlineData("BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable", Node0)]
    [InlineData("BIOS-e820: 0000000000100000 - 0000000040000000 (usable)", Node0)]
    [InlineData("BIOS-e820: [mem 0x100000-0x3fffffff] usable", Node0)]
    [InlineData("user: [mem 0x0000000000100000-0x000000003fffffff] usable", Node0)]
    [InlineData("modified: [mem 0x0000000000100000-0x000000003fffffff] usable", Node0)]
    [InlineData("00100000-3fffffff : System RAM", Node0)]
    [InlineData("  00100000-3fffffff : System RAM", Node0)]
    [InlineData("tdx: CMR: [0x100000, 0x40000000)", Node0)]
    [InlineData("virt/tdx: CMR: [0x100000, 0x40000000)", Node0)]
    [InlineData("tdx: CMR[0]: [0x100000, 0x40000000)", Node0)]
    [InlineData("CMR[31]: [0x100000, 0x40000000)", Node0)]
    public void every_form_of_a_range_is_read(string line, string ram) => Texts.Ram(line).Should().Be(ram);

    [Theory]
    [InlineData("reserved")]
    [InlineData("soft reserved")]
    [InlineData("Soft Reserved")]
    [InlineData("persistent (type 12)")]
    [InlineData("persistent (type 7)")]
    [InlineData("ACPI data")]
    [InlineData("ACPI NVS")]
    [InlineData("unusable")]
    [InlineData("type 20")]
    [InlineData("Usable")]
    [InlineData("device reserved")]
    [InlineData("persistent RAM (type 12)")]
    public void only_what_is_usable_is_ram(string type) =>
        Texts.Ram($"BIOS-e820: [mem 0x100000-0x3fffffff] usable\nBIOS-e820: [mem 0x40000000-0x7fffffff] {type}\n")
            .Should().Be(Node0);

    [Theory]
    [InlineData("SRAT: Node 1 PXM 1 [mem 0x00000000-0x7fffffff]")]
    [InlineData("ACPI: SRAT: Node 1 PXM 254 [mem 0x00000000-0x7fffffff]")]
    [InlineData("ACPI: SRAT: Node 1 PXM 1 [mem 0x00000000-0x7fffffff] hotplug")]
    [InlineData("ACPI: SRAT: Node 1 PXM 1 [mem 0x00000000-0x7fffffff] non-volatile")]
    [InlineData("ACPI: SRAT: Node 1 PXM 1 [mem 0x00000000-0xffffffffffffffff]")]
    [InlineData("SRAT: Node 1 PXM 1 0-80000000")]
    [InlineData("SRAT: Node 1 PXM 1 [0,80000000)")]
    public void every_form_of_the_srat_gives_the_node(string line) =>
        Texts.Ram($"BIOS-e820: [mem 0x100000-0x3fffffff] usable\n{line}\n")
            .Should().Be("node 1: [0x100000, 0x40000000)");

    [Theory]
    [InlineData("tdx: 262661 pages allocated for PAMT.", 1050644)]
    [InlineData("tdx: 1050644 KB allocated for PAMT", 1050644)]
    [InlineData("virt/tdx: 1050644 KBs allocated for PAMT.", 1050644)]
    [InlineData("[    9.124357] virt/tdx: 0 KB allocated for PAMT", 0)]
    public void every_form_of_the_figure_is_read(string line, ulong pamtKiB) =>
        Texts.Read($"CMR: [0x100000, 0x40000000)\n{line}\n").Reported
            .Should().Be(new ReportedOutcome { PamtKiB = pamtKiB });

    [Theory]
    [InlineData("virt/tdx: module initialization failed (-12)", "module initialization failed (-12)", 12)]
    [InlineData("module initialization failed (-28)", "module initialization failed (-28)", 28)]
    [InlineData("tdx: initialization failed: TDMRs exhausted", "TDMRs exhausted", null)]
    [InlineData("[    1.000000] initialization failed: TDMRs exhausted.", "TDMRs exhausted", null)]
    [InlineData("host kernel: initialization failed: TDMRs exhausted.", "TDMRs exhausted", null)]
    public void every_form_of_the_failure_is_read(string line, string error, int? number) =>
        Texts.Read($"CMR: [0x100000, 0x40000000)\n{line}\n").Reported
            .Should().Be(new ReportedOutcome { Error = error, ErrnoValue = number });

    [Theory]
    [InlineData("nvidia: module initialization failed (-1)")]
    [InlineData("i915 0000:00:02.0: [drm] initialization failed: no such device")]
    [InlineData("foo: initialization failed: bad luck")]
    [InlineData("how much memory allocated for PAMT")]
    public void what_other_drivers_report_is_no_outcome(string line) =>
        Texts.Read($"CMR: [0x100000, 0x40000000)\n{line}\n").Reported.Should().BeNull();

    [Theory]
    [InlineData(
        "tdx: 5 KB allocated for PAMT\ntdx: module initialization failed (-28)",
        null,
        "module initialization failed (-28)")]
    [InlineData(
        "tdx: initialization failed: one.\ntdx: module initialization failed (-28)\ntdx: 5 KB allocated for PAMT",
        5,
        null)]
    [InlineData("tdx: 5 KB allocated for PAMT\ntdx: 6 KB allocated for PAMT", 6, null)]
    [InlineData("tdx: module initialization failed (-28)\ntdx: initialization failed: two.", null, "two")]
    [InlineData(
        "tdx: [0x1, 0x2) is not fully convertible memory.", null, "[0x1, 0x2) is not fully convertible memory")]
    [InlineData("tdx: is not TDX convertible memory [0x1", null, "tdx: is not TDX convertible memory")]
    public void the_last_outcome_counts(string lines, int? pamtKiB, string? error)
    {
        ReportedOutcome reported = Texts.Read($"CMR: [0x100000, 0x40000000)\n{lines}\n").Reported!;

        reported.PamtKiB.Should().Be((ulong?)pamtKiB);
        reported.Error.Should().Be(error);
    }

    [Theory]
    [InlineData("# e820 lines from 0x90000000 up were not published.")]
    [InlineData("[    0.000000] e820: [mem 0x80000000-0xdfffffff] available for PCI devices")]
    [InlineData("[    0.000000] e820: last_pfn = 0x5070000 max_arch_pfn = 0x400000000")]
    [InlineData("[    0.000000] e820: reserve RAM buffer [mem 0x6f800000-0x6fffffff]")]
    [InlineData("[    0.029167] ACPI: SRAT 0x000000006F5F5000 002830 (v03 INTEL  Intel 00000002 01000013)")]
    [InlineData("[    0.029167] SRAT: PXM 1 -> APIC 0x40 -> Node 1")]
    [InlineData("[    0.029629]   node   7: [mem 0x0000000050000000-0x000000005fffffff]")]
    [InlineData("[    0.029629] Initmem setup node 7 [mem 0x0000000050000000-0x000000005fffffff]")]
    [InlineData("[    0.029629] PM: hibernation: Registered nosave memory: [mem 0x50000000-0x5fffffff]")]
    [InlineData("[    0.029629] someuser: [mem 0x50000000-0x5fffffff] usable")]
    [InlineData("[    0.029629] tdx: CMR: [0x0, 0x0)")]
    [InlineData("50000000-5fffffff : System RAM (kmem)")]
    [InlineData("50000000-5fffffff : Kernel code")]
    public void what_is_no_line_of_a_map_changes_nothing(string line) =>
        Texts.Ram($"BIOS-e820: [mem 0x100000-0x3fffffff] usable\n{line}\n").Should().Be(Node0);

    [Fact]
    public void node_ranges_win_over_the_map_and_the_srat()
    {
        HostDescription host = Texts.Read("""
            BIOS-e820: [mem 0x100000-0x3fffffff] usable
            ACPI: SRAT: Node 1 PXM 1 [mem 0x00000000-0x7fffffff]
            Early memory node ranges
              node   2: [mem 0x0000000000000000-0x0000000000001fff]
              node   2: [mem 0x0000000000100000-0x000000002fffffff]
            Initmem setup node 2 [mem 0x0000000000001000-0x000000002fffffff]
            """);

        host.Evidence.Should().Be(MemoryEvidence.NodeRanges);
        host.Memory.Regions.ToString().Should().Be("node 2: [0x0, 0x2000), node 2: [0x100000, 0x30000000)");
        host.Warnings.Should().ContainSingle().Which.Should().Contain("256 MiB more RAM");
    }

    [Fact]
    public void a_new_header_starts_a_new_listing_of_node_ranges() => Texts.Ram("""
        Early memory node ranges
          node   0: [mem 0x0000000000100000-0x000000002fffffff]
        Early memory node ranges
          node   1: [mem 0x0000000000200000-0x000000003fffffff]
        """).Should().Be("node 1: [0x200000, 0x40000000)");

    [Fact]
    public void identical_lines_are_read_once()
    {
        const string lines = """
            Early memory node ranges
              node   0: [mem 0x0000000000100000-0x000000003fffffff]
              node   0: [mem 0x0000000000100000-0x000000003fffffff]
            tdx: CMR: [0x100000, 0x40000000)
            tdx: CMR: [0x100000, 0x40000000)
            """;

        HostDescription host = Texts.Read(lines);

        host.Memory.Regions.ToString().Should().Be(Node0);
        host.Memory.Cmrs.ToString().Should().Be("[0x100000, 0x40000000)");
    }

    [Fact]
    public void fallback_orders_are_followed_and_the_last_one_of_a_node_counts()
    {
        HostDescription host = Texts.Read("""
            Early memory node ranges
              node   0: [mem 0x0000000000100000-0x000000003fffffff]
              node   1: [mem 0x0000000040000000-0x000000004fffffff]
              node   2: [mem 0x0000000050000000-0x000000005fffffff]
            Fallback order for Node 2: 2 1 0
            Fallback order for Node 2: 2 0 1
            """);

        host.Memory.FallbackOrder(2).ToArray().Should().Equal(2, 0, 1);
        host.Memory.FallbackOrder(1).ToArray().Should().Equal(1, 2, 0);
    }

    [Fact]
    public void a_figure_matches_the_plan_by_kib_a_failure_by_its_sentence_or_else_by_its_number()
    {
        HostDescription host = Texts.ReadFile(RealHosts.FoxCreekPass);
        HostPlan failed = HostPlan.Create(host);
        HostPlan constructed = HostPlan.Create(host, TdxPamt.KernelModel.CmrHoles);

        Matches(constructed, new() { PamtKiB = RealHosts.FoxCreekPassKiB }).Should().BeTrue();
        Matches(constructed, new() { PamtKiB = RealHosts.FoxCreekPassKiB - 4 }).Should().BeFalse();
        Matches(failed, new() { PamtKiB = RealHosts.FoxCreekPassKiB }).Should().BeFalse();
        Matches(failed, new() { Error = failed.Failure!.Message, ErrnoValue = 28 }).Should().BeTrue();
        Matches(failed, new() { Error = "TDMRs exhausted", ErrnoValue = 28 }).Should().BeFalse();
        Matches(failed, new() { Error = "module initialization failed (-28)", ErrnoValue = 28 }).Should().BeTrue();
        Matches(failed, new() { Error = "module initialization failed (-12)", ErrnoValue = 12 }).Should().BeFalse();
        Matches(constructed, new() { Error = failed.Failure.Message }).Should().BeFalse();

        static bool Matches(HostPlan plan, ReportedOutcome reported) => reported.Matches(plan);
    }
}
