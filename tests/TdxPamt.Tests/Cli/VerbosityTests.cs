using System.Text;

namespace TdxPamt.Tests.Cli;

public class VerbosityTests
{
    private const string Failed =
        $"fox-creek-pass: failed, {RealHosts.FoxCreekPassFailure} (ENOSPC)\n";

    private const string FoxCreekPass = "hosts/fox-creek-pass.log";
    private const string Xeon = "hosts/xeon-8480c-2-socket-256GiB.log";

    [Fact]
    public void quiet_leaves_a_line_for_each_host() =>
        Command.Run("plan", "--quiet", FoxCreekPass, Xeon).Should().Be(new Command.Result(
            1,
            Failed + $"{RealHosts.Xeon.Name}: constructed, 3 TDMRs, {RealHosts.Xeon.PamtKiB} KiB of PAMTs\n",
            ""));

    [Fact]
    public void quiet_leaves_a_line_for_each_simulated_point() =>
        Command.Run("simulate", "--quiet", "--kernel", "cmr-holes", "--unmovable", "0", "--trials", "10", FoxCreekPass)
            .Output.Should().Be("fox-creek-pass: linux at 0: 100.00 % of 10 trials\n");

    [Fact]
    public void verbose_adds_what_the_kernel_logs_each_pamt_and_all_reserved_areas()
    {
        string plain = Command.Run("plan", Xeon).Output;
        Command.Result verbose = Command.Run("plan", "--verbose", Xeon);
        verbose.Errors.Should().BeEmpty("one host needs no summary");
        verbose.Output.Should().StartWith(plain);
        verbose.Output[plain.Length..].Should().StartWith("\nthe kernel logs:\n")
            .And.Contain($"\n  {RealHosts.Xeon.PamtKiB} KB allocated for PAMT\n")
            .And.Contain("\nTDMR  PAMT  range ")
            .And.Contain("\n0     4K    [0x100000000, 0x100800000)  8 MiB\n")
            .And.Contain("\n0     1G    [0x100804000, 0x100805000)  4 KiB\n")
            .And.Contain("\nTDMR  area  range ")
            .And.MatchRegex("\n1 +3 +\\[0x[0-9a-f]+, 0x[0-9a-f]+\\) .*\n");
    }

    [Fact]
    public void a_summary_of_many_is_for_those_who_watch_or_ask()
    {
        string[] hosts = [FoxCreekPass, Xeon];
        string summary = "2 hosts: 1 constructed, 1 failed (ReservedAreasExhausted 1); "
            + $"PAMTs take {RealHosts.Xeon.PamtKiB} KiB{Environment.NewLine}";
        Command.Run(["plan", .. hosts]).Errors.Should().BeEmpty();
        Command.Run(["plan", "--verbose", .. hosts]).Errors.Should().Be(summary);
        Command.Run(["plan", "--verbose", "--format", "json", .. hosts]).Errors.Should().Be(summary);
    }

    [Fact]
    public void a_streams_summary_counts_invalid_lines()
    {
        string host = File.ReadAllText("hosts/fox-creek-pass.json").ReplaceLineEndings(" ");
        byte[] stream = Encoding.UTF8.GetBytes($"{host}\nnonsense\n{host}\n");
        Command.Result quiet = Command.RunWithInput(stream, "plan", "--ndjson", "--quiet");
        Command.Result verbose = Command.RunWithInput(stream, "plan", "--ndjson", "--verbose");
        quiet.Errors.Should().BeEmpty();
        verbose.Errors.Should().Be(
            "3 hosts: 0 constructed, 2 failed (ReservedAreasExhausted 2), 1 invalid" + Environment.NewLine);
        verbose.Output.Should().Be(quiet.Output);
        Command.RunWithInput(Encoding.UTF8.GetBytes(quiet.Output), "check", "--ndjson", "--verbose").Errors
            .Should().Be(
                "3 sets of TDMRs: 0 accepted, 2 not accepted (plan failed 2), 1 invalid" + Environment.NewLine);
    }

    [Fact]
    public void a_summary_tells_plans_that_failed_from_those_whose_cmrs_are_not_known()
    {
        byte[] host = """{"memory":[{"start":1048576,"end":4294967296,"node":0}]}"""u8.ToArray();
        byte[] plan = Encoding.UTF8.GetBytes(Command.RunWithInput(host, "plan", "--ndjson").Output);
        Command.RunWithInput(plan, "check", "--ndjson", "--verbose").Errors.Should().Be(
            "1 sets of TDMRs: 0 accepted, 1 not accepted (CMRs not known 1)" + Environment.NewLine);
    }

    [Fact]
    public void quiet_and_verbose_exclude_one_another() =>
        Command.Run("plan", "-q", "-v", FoxCreekPass).Errors
            .Should().StartWith("tdxpamt: --quiet and --verbose exclude one another");
}
