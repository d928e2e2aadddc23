using System.Buffers;
using System.Text;
using System.Text.Json;
using TdxPamt.Cli;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Cli;

/// <summary>Each check of doctor, on published machines and on collected ones with parts missing.</summary>
public class DoctorCommandTests
{
    private const string Module = "virt/tdx: TDX module: attributes 0x0, major_version 1, minor_version 5\n";
    private const string KeyIds = "virt/tdx: BIOS enabled: private KeyID range [32, 64)\n";
    private const string Ram = "BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable\n";

    private const string Collected = "== tdxpamt: kernel ==\nLinux version 7.3.1\ntdxpamt: option: kvm_intel.tdx=1\n"
        + "tdxpamt: option: nohibernate\n== tdxpamt: dmesg ==\n" + KeyIds + "virt/tdx: Module version: 1.5.24\n"
        + "Early memory node ranges\n  node   0: [mem 0x0000000000100000-0x000000007fffffff]\n"
        + "virt/tdx: 8212 KB allocated for PAMT\nvirt/tdx: TDX-Module initialized\n"
        + "== tdxpamt: iomem ==\n00100000-7fffffff : System RAM\n"
        + "== tdxpamt: nodes ==\nNode 0 distances: 10\nNode 0 processors: 0-3\n"
        + "== tdxpamt: tdx ==\n/sys/module/kvm_intel/parameters/tdx: Y\n"
        + "tdxpamt: processor: GenuineIntel xsave ss movdir64b tdx_host_platform\ntdxpamt: hibernation: [disabled]\n"
        + "== tdxpamt: pagetypeinfo ==\nNode 0, zone Normal 1 15\n";

    public static TheoryData<string> Files() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "hosts"), "*", SearchOption.AllDirectories)
            .Where(static path => path.EndsWith(".log", StringComparison.Ordinal)
                || path.EndsWith(".json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [InlineData("hosts/fox-creek-pass.log", "TDMR [0x0, 0x80000000): 18 of 16", "memmap=4K$0x64158000,4K$0x6f7ff000")]
    [InlineData("hosts/fox-creek-pass.json", "TDMR [0x0, 0x80000000): 17 of 16", "memmap=4K$0x64158000")]
    public void a_published_failure_ends_with_what_mends_it(string file, string evidence, string option)
    {
        Command.Result text = Command.Run("doctor", file);
        text.ExitCode.Should().Be(1);
        text.Output.Should().Contain("\nTDX does not start, because of areas\n")
            .And.Contain($"fail     areas        {evidence}\n").And.Contain($"1. boot with {option}:")
            .And.Contain("2. boot a kernel that takes holes from the CMRs");

        JsonElement answer = Command.Run("doctor", "--format", "json", file).Json(exitCode: 1);
        Check(answer, "areas").Should().StartWith($"fail | {evidence} | boot with {option}:");
        answer.GetProperty("actions")[0].GetProperty("bootOption").GetString().Should().Be(option);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void every_file_gets_all_checks_on_one_screen(string file)
    {
        HostCheckup checkup = HostCheckup.Create(HostReader.ReadFile(file));
        Page page = new();
        DoctorText.Append(page, checkup);
        string[] lines = PlainText.Of(page).Split('\n');
        lines.Should().HaveCountLessThanOrEqualTo(40);
        lines.Where(static line => line.Length > 80).Should().BeEmpty();
        checkup.Fails.Should().Be(lines.Any(static line => line.StartsWith("fail ", StringComparison.Ordinal)));

        JsonElement answer = Written(checkup);
        Ids(answer).Should().Equal(
            "bios", "keyids", "kernel", "options", "hibernation", "cpu", "module", "version", "rbp", "cmrs",
            "convertible", "later", "tdmrs", "areas", "pamts", "outcome");
        foreach (JsonElement check in answer.GetProperty("checks").EnumerateArray())
        {
            check.GetProperty("evidence").GetString().Should().NotBeNullOrEmpty();
            if (check.GetProperty("result").GetString() is "fail" or "warn")
                check.GetProperty("action").GetString().Should().NotBeNullOrEmpty();
        }
    }

    [Theory]
    [InlineData("bios", "virt/tdx: initialization failed: TDX is not enabled by BIOS\n", "fail | virt/tdx: init")]
    [InlineData("bios", "kvm_intel: tdx: TDX not supported by the host platform\n", "fail | tdx: TDX not supported")]
    [InlineData("bios", "tdxpamt: processor: AuthenticAMD xsave\n", "fail | tdxpamt: processor: AuthenticAMD")]
    [InlineData("bios", "tdxpamt: processor: GenuineIntel xsave\n", "unknown | tdxpamt: processor: GenuineIntel")]
    [InlineData(
        "bios",
        "Linux version 7.3.1\ntdxpamt: hibernation: none\ntdxpamt: processor: GenuineIntel xsave\n",
        "fail | tdxpamt: processor: GenuineIntel xsave: no tdx_host_platform | turn on TME")]
    [InlineData("bios", KeyIds, "pass | virt/tdx: BIOS enabled")]
    [InlineData("bios", "virt/tdx: module not loaded\n", "pass | virt/tdx: module not loaded")]
    [InlineData("bios", "", "unknown")]
    [InlineData("keyids", "virt/tdx: initialization failed: too few private KeyIDs available.\n", "fail | virt/tdx")]
    [InlineData("keyids", "virt/tdx: BIOS enabled: private KeyID range [32, 33)\n", "fail")]
    [InlineData("keyids", KeyIds, "pass | virt/tdx: BIOS enabled: private KeyID range [32, 64): 31 TDs")]
    [InlineData("kernel", "Linux version 5.15.0-91\n", "fail | Linux version 5.15.0-91 | boot Linux 6.8 or later")]
    [InlineData("kernel", "Linux version 6.17.0\n", "pass | Linux version 6.17.0")]
    [InlineData("kernel", "Linux version 5.19.17-tdx\n" + KeyIds, "pass")]
    [InlineData("options", "/sys/module/kvm_intel/parameters/tdx: N\n", "fail | tdx: N | boot with kvm_intel.tdx=1")]
    [InlineData("options", "/sys/module/kvm_intel/parameters/tdx: Y\n", "pass")]
    [InlineData("options", "tdxpamt: option: kvm_intel.tdx=0\n", "fail")]
    [InlineData("options", "tdxpamt: option: kvm_intel.tdx=on\n", "pass")]
    [InlineData("hibernation", "virt/tdx: initialization failed: Hibernation support is enabled\n", "fail")]
    [InlineData("hibernation", "tdxpamt: hibernation: [platform] shutdown\n", "fail | tdxpamt: hibernation")]
    [InlineData("hibernation", "tdxpamt: hibernation: [disabled]\n", "pass")]
    [InlineData("hibernation", Module, "pass | virt/tdx: TDX module")]
    [InlineData("cpu", "kvm_intel: tdx: MOVDIR64B is required for TDX\n", "fail")]
    [InlineData("cpu", "tdxpamt: processor: GenuineIntel xsave ss\n", "fail | tdxpamt: processor: GenuineIntel xsave")]
    [InlineData("cpu", "tdxpamt: processor: GenuineIntel xsave ss movdir64b\n", "pass")]
    [InlineData("module", "virt/tdx: module not loaded\n", "fail | virt/tdx: module not loaded | update the BIOS")]
    [InlineData("module", Module, "pass | virt/tdx: TDX module")]
    [InlineData("version", "virt/tdx: Module version: 1.0.03\n", "fail | virt/tdx: Module version: 1.0.03")]
    [InlineData("version", "/sys/devices/faux/tdx_host/version: 1.5.24\n", "pass")]
    [InlineData("rbp", "virt/tdx: frame pointer (RBP) clobber bug present, upgrade TDX module\n", "fail")]
    [InlineData("rbp", "Linux version 6.12.1\n" + Module, "unknown | Linux looks at it from 7.1 on")]
    [InlineData("convertible", "virt/tdx: CMR: [0x100000, 0x80000000)\n", "pass")]
    [InlineData("convertible", "virt/tdx: CMR: [0x100000, 0x70000000)\n", "fail | 256 MiB of RAM lie in no CMR")]
    [InlineData("later", "a0000000-bfffffff : Soft Reserved\n", "warn | 512 MiB are soft reserved")]
    [InlineData("outcome", "virt/tdx: SEAMCALL (0x0000000000000022) failed: 0xc000050500000000\n", "fail | virt/")]
    [InlineData("outcome", "virt/tdx: CMR: [0x100000, 0x80000000)\n", "unknown | planned: 8212 KiB of PAMTs in 1 TDMR")]
    [InlineData("outcome", "virt/tdx: 8212 KB allocated for PAMT\n", "pass | virt/tdx: 8212 KB allocated for PAMT")]
    [InlineData("outcome", "virt/tdx: 9999 KB allocated for PAMT\n", "warn | virt/tdx: 9999 KB allocated for PAMT;")]
    public void a_check_is_proved_by_a_line_of_its_own_or_of_a_later_step(string id, string lines, string expected) =>
        Check(Doctor(Ram + lines), id).Should().StartWith(expected);

    [Fact]
    public void a_collected_machine_that_started_passes_all_but_its_cmrs()
    {
        JsonElement answer = Doctor(Collected);

        answer.GetProperty("checks").EnumerateArray()
            .Where(static check => check.GetProperty("result").GetString() != "pass")
            .Select(static check => check.GetProperty("id").GetString()).Should().Equal("cmrs", "convertible");
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("dmesg")]
    [InlineData("iomem")]
    [InlineData("nodes")]
    [InlineData("tdx")]
    [InlineData("pagetypeinfo")]
    public void each_section_of_a_collected_machine_may_be_missing(string section)
    {
        string[] sections = Collected.Split("== tdxpamt: ").Where(part =>
            !part.StartsWith(section + " ==", StringComparison.Ordinal)).ToArray();

        JsonElement answer = Doctor(string.Join("== tdxpamt: ", sections));

        Ids(answer).Should().HaveCount(16);
        answer.GetProperty("checks").EnumerateArray().Should()
            .NotContain(static check => check.GetProperty("result").GetString() == "fail");
    }

    [Fact]
    public void a_collected_machine_without_any_memory_map_is_not_refused() =>
        Check(Doctor("== tdxpamt: kernel ==\nLinux version 7.3.1\n"), "areas").Should().StartWith("unknown");

    [Fact]
    public void without_a_file_it_looks_at_this_machine()
    {
        Command.Result here = Command.Run("doctor", "--format", "json");

        here.ExitCode.Should().BeInRange(0, 1);
        Ids(JsonDocument.Parse(here.Output).RootElement).Should().HaveCount(16);
    }

    [Fact]
    public void a_failure_that_depends_on_nodes_that_are_not_known_is_not_called_one()
    {
        string log = string.Join('\n', File.ReadLines(Texts.PathOf("fox-creek-pass.log"))
            .Where(static line => !line.Contains("failed", StringComparison.Ordinal)));

        JsonElement answer = Doctor(log);
        Check(answer, "areas").Should().StartWith("unknown | TDMR [0x0, 0x80000000): 18 of 16 | boot with memmap=");
        Check(answer, "outcome").Should().StartWith("unknown");
        Command.RunWithInput(Encoding.UTF8.GetBytes(log), "doctor", "-").Output
            .Should().Contain("unknown  areas").And.Contain("1. boot with memmap=");
    }

    private static JsonElement Doctor(string text) => Written(HostCheckup.Create(Texts.Read(text)));

    private static JsonElement Written(HostCheckup checkup)
    {
        ArrayBufferWriter<byte> buffer = new();
        CheckupDocument.Write(checkup, buffer);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    private static IEnumerable<string?> Ids(JsonElement answer) =>
        answer.GetProperty("checks").EnumerateArray().Select(static check => check.GetProperty("id").GetString());

    private static string Check(JsonElement answer, string id)
    {
        JsonElement check = answer.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("id").GetString() == id);
        return string.Join(" | ", ((string[])["result", "evidence", "action"]).Select(
            name => check.GetProperty(name).GetString()));
    }
}
