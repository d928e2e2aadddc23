using TdxPamt.Cli;
using TdxPamt.Module;

namespace TdxPamt.Tests.Cli;

public sealed class ProgressTests : IDisposable
{
    private readonly StringWriter _terminal = new();
    private readonly Clock _clock = new();

    [Fact]
    public void it_tells_the_share_the_rate_and_the_time_left_and_leaves_nothing_behind()
    {
        ProgressLine line = new(_terminal, 80, _clock);
        _clock.Seconds = 10;
        line.Show(500, "hosts", static () => 0.25);
        line.Clear();
        string shown = "[#####...............]  25 %  500 hosts, 50/s, 30 s left";
        _terminal.ToString().Should().Be($"\r{shown}\r{new string(' ', shown.Length)}\r");
    }

    [Theory]
    [InlineData(0.001, "999 s")]
    [InlineData(0.5, "1 s")]
    public void it_is_cut_to_the_terminal(double share, string unseen)
    {
        ProgressLine line = new(_terminal, 30, _clock);
        _clock.Seconds = 1;
        line.Show(7, "hosts", () => share);
        _terminal.ToString().Should().HaveLength(30).And.NotContain(unseen);
    }

    [Fact]
    public void without_an_end_it_tells_the_rate()
    {
        ProgressLine line = new(_terminal, 80, _clock);
        _clock.Seconds = 2;
        line.Show(9, "hosts", static () => null);
        _terminal.ToString().Should().Be("\r9 hosts, 4.5/s");
    }

    [Fact]
    public void work_of_a_moment_shows_nothing()
    {
        ProgressLine line = new(_terminal, 80, _clock);
        _clock.Seconds = 0.09;
        line.Show(1, "hosts", static () => 0.5);
        line.Clear();
        _terminal.ToString().Should().BeEmpty();
    }

    [Fact]
    public void trials_count_over_all_runs()
    {
        TrialProgress trials = new(new ProgressLine(_terminal, 80, _clock), trials: 100, runs: 4);
        trials.Start("linux at 0.1");
        trials.Report(100);
        trials.Start("linux at 0.2");
        _clock.Seconds = 1;
        trials.Report(100);
        _terminal.ToString().Should().EndWith(" 50 %  200 trials, linux at 0.2, 200/s, 1 s left");
    }

    [Fact]
    public void a_tally_counts_by_cause()
    {
        Tally tally = new("sets of TDMRs", "accepted", "rejected", progress: null);
        TdmrInfoEntry unaligned = new() { Size = 4096 };
        TdmrInfoEntry withoutPamts = new() { Size = 1 << 30 };
        foreach (TdmrInfoEntry tdmr in (TdmrInfoEntry[])[withoutPamts, unaligned, withoutPamts])
            tally.Report(ModuleVerdict.Create([tdmr], [], ModuleParameters.Default));
        tally.Summary(invalid: 2).Should()
            .Be("5 sets of TDMRs: 0 accepted, 3 rejected (TDX_INVALID_PAMT 2, TDX_INVALID_TDMR 1), 2 invalid");
    }

    public void Dispose() => _terminal.Dispose();

    /// <summary>A clock that stands still until it is set.</summary>
    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
