using System.Text.Json;

namespace TdxPamt.Tests.Cli;

/// <summary>The collected machine, its script under each shell, and what is made of it.</summary>
public class CollectCommandTests
{
    private static readonly string Script = Path.Combine(Repository.Root, "eng", "tdxpamt-collect.sh");

    public static TheoryData<string> Shells { get; } =
        [.. Found("/bin/sh", "/usr/bin/dash", "/bin/bash", "/usr/bin/busybox sh")];

    [Fact]
    public void the_command_prints_the_script_that_stands_in_the_project()
    {
        Command.Run("collect", "--script").Should().Be(new Command.Result(0, File.ReadAllText(Script), ""));
        File.ReadAllLines(Script).Should().HaveCountLessThanOrEqualTo(150);
    }

    [Fact]
    public void this_machine_is_collected_under_the_name_that_is_given()
    {
        Command.InFolder(folder =>
        {
            string file = Path.Combine(folder, "machine.txt");
            Command.Run("collect", "--name", "fox", "-o", file).ExitCode.Should().Be(0);
            File.ReadAllText(file).Should().StartWith("== tdxpamt: kernel ==\ntdxpamt: name: fox\n")
                .And.NotContain("Command line");
        });
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void a_faked_machine_is_collected_and_planned_as_its_log_is(string shell)
    {
        Command.InFolder(folder =>
        {
            Fake(folder);
            Command.Result collected = Collect(shell, folder);
            collected.Errors.Should().BeEmpty();

            JsonElement plan = Plan(folder, collected.Output);
            plan.GetProperty("name").GetString().Should().Be("fox");
            plan.GetProperty("kernel").GetString().Should().Be("7.1");
            plan.GetProperty("evidence").GetString().Should().Be("nodeRanges");
            plan.GetProperty("pamtKiB").GetInt32().Should().Be(1050636);
            plan.GetProperty("reported").GetProperty("matches").GetBoolean().Should().BeTrue();
            collected.Output.Should().NotContain("secret");
        });
    }

    [Theory]
    [InlineData("var/log/dmesg", "the kernel's log: cannot be read: nodes, CMRs, and what the kernel did", "e820")]
    [InlineData("proc/iomem", "/proc/iomem: cannot be read: RAM that was added after boot", "nodeRanges")]
    [InlineData("proc/pagetypeinfo", "/proc/pagetypeinfo: cannot be read: how fragmented memory is", "nodeRanges")]
    [InlineData("proc/sys/kernel/osrelease", "/proc/sys/kernel/osrelease: cannot be read", "nodeRanges")]
    [InlineData("sys/devices/system/node", "/sys/devices/system/node: cannot be read: the distances", "nodeRanges")]
    [InlineData("proc/cpuinfo", "/proc/cpuinfo: cannot be read: whether the processor has what TDX", "nodeRanges")]
    [InlineData("proc/buddyinfo", "/proc/buddyinfo: cannot be read: how much memory is free", "nodeRanges")]
    public void what_is_missing_is_said_with_its_cost_and_the_rest_is_planned(
        string missing, string said, string evidence)
    {
        Command.InFolder(folder =>
        {
            Fake(folder);
            string path = Path.Combine(folder, missing);
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
            Command.Result collected = Collect("/bin/sh", folder);

            collected.ExitCode.Should().Be(0);
            collected.Errors.Should().Contain(said);
            collected.Output.Should().Contain("# " + said);
            Plan(folder, collected.Output).GetProperty("evidence").GetString().Should().Be(evidence);
        });
    }

    [Fact]
    public void distances_and_processors_give_the_order_of_nodes()
    {
        const string text = """
            == tdxpamt: nodes ==
            Node 0 distances: 10 21 17
            Node 0 processors: 0-3
            Node 1 distances: 21 10 28
            Node 1 processors: 4-7
            Node 2 distances: 17 28 10
            Node 2 processors: none
            Early memory node ranges
              node   0: [mem 0x10000000-0x1fffffff]
              node   1: [mem 0x20000000-0x2fffffff]
              node   2: [mem 0x30000000-0x3fffffff]

            """;
        HostMemory host = Texts.Read(text).Memory;

        host.FallbackOrder(0).ToArray().Should().Equal(0, 2, 1);
        host.FallbackOrder(1).ToArray().Should().Equal(1, 0, 2);
        host.FallbackOrder(2).ToArray().Should().Equal(2, 0, 1);
    }

    [Fact]
    public void simulate_takes_fragmentation_from_a_collected_machine_by_itself()
    {
        Command.InFolder(folder =>
        {
            Fake(folder);
            string file = Path.Combine(folder, "machine.txt");
            File.WriteAllText(file, Collect("/bin/sh", folder).Output);

            JsonElement report = Command.Run(
                "simulate", file, "--allocator", "linux", "--trials", "5", "--format", "json").Json(exitCode: 0);
            report.GetProperty("points")[0].GetProperty("unmovable").GetDouble().Should().Be(0.0625);
            Command.Run(
                "simulate", file, "--allocator", "linux", "--trials", "5", "--unmovable", "0.5", "--format", "json")
                .Json(exitCode: 0).GetProperty("points")[0].GetProperty("unmovable").GetDouble().Should().Be(0.5);
        });
    }

    private static IEnumerable<string> Found(params string[] shells) =>
        shells.Where(static shell => File.Exists(shell.Split(' ')[0]));

    private static Command.Result Collect(string shell, string root) =>
        Shell.Run($"ROOT='{root}' {shell} '{Script}' --name fox");

    private static JsonElement Plan(string folder, string text)
    {
        string file = Path.Combine(folder, "machine.txt");
        File.WriteAllText(file, text);
        return Command.Run("plan", "--format", "json", file).Json(exitCode: 0);
    }

    /// <summary>The files of a machine with two nodes, below a folder.</summary>
    private static void Fake(string root)
    {
        string log = File.ReadAllText(Texts.PathOf("cases/31-linux-7.3-whole.log"));
        Write("var/log/dmesg", "[    0.000000] Command line: root=secret\n[    1.0] usb 1-1: SerialNumber: secret\n"
            + log);
        Write("proc/sys/kernel/osrelease", "7.3.4+deb13-amd64\n");
        Write("proc/cmdline", "root=secret kvm_intel.tdx=1 nohibernate\n");
        Write("proc/iomem", "00001000-0009ffff : System RAM\n100000000-207fffffff : System RAM\n");
        Write("proc/buddyinfo", "Node 0, zone   Normal 1 2 3\n");
        Write("proc/pagetypeinfo", "Number of blocks type Unmovable Movable\nNode 0, zone Normal 1 15\n"
            + "Node 1, zone Normal 1 15\n");
        Write("sys/devices/system/node/node0/distance", "10 21\n");
        Write("sys/devices/system/node/node0/cpulist", "0-3\n");
        Write("sys/devices/system/node/node1/distance", "21 10\n");
        Write("sys/devices/system/node/node1/cpulist", "\n");
        Write("sys/firmware/memmap/0/start", "0x100000\n");
        Write("sys/firmware/memmap/0/end", "0x407fffffff\n");
        Write("sys/firmware/memmap/0/type", "System RAM\n");
        Write("sys/module/kvm_intel/parameters/tdx", "Y\n");
        Write("sys/power/disk", "[disabled]\n");
        Write("proc/cpuinfo", "vendor_id\t: GenuineIntel\nflags\t\t: fpu xsave ss movdir64b tdx_host_platform\n");

        void Write(string file, string text)
        {
            string path = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}
