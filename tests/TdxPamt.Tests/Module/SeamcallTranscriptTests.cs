using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class SeamcallTranscriptTests
{
    /// <summary>Lists of TDH.SYS.RDALL that are answered otherwise: those of 1.5.05, whose table of fields is not known, and
    /// those in memory filled with 0xa5, whose CMRs and build differ from the options' defaults.</summary>
    private const string RdAllList = "memory 0x20000000000 length";

    [Theory]
    [InlineData("boot-linux-6.12.txt")]
    [InlineData("boot-linux-7.3.txt")]
    [InlineData("module-lock-calls.txt")]
    [InlineData("module-calls.txt")]
    public void every_answer_of_the_real_module_is_the_models(string file)
    {
        SeamcallReplay replay = Replay(file);
        replay.Differences.Should().BeEmpty();
        replay.Calls.Should().BePositive();
        replay.ToString().Should().Be($"{replay.Calls} calls, 0 differ");
    }

    [Fact]
    public void from_power_on_only_lists_of_unknown_tables_differ()
    {
        SeamcallReplay replay = Replay("module-boot-calls.txt");
        replay.Differ.Should().BeLessThanOrEqualTo(13);
        foreach (SeamcallDifference difference in replay.Differences)
            difference.Expected.Should().StartWith(RdAllList, "{0}", difference);
    }

    [Theory]
    [InlineData("call 0 0 0 0 0 -> 0 0 0 0 0", "*before the first session*")]
    [InlineData(Session + "\ncall 0 0 -> 0 0", "line 2: a call has 5 or 9 registers*")]
    [InlineData(Session + "\nfox", "line 2: fox begins no line*")]
    [InlineData("session 1 module 9.9.99 packages 1", "line 1: there is no module 9.9.99*")]
    public void what_is_no_transcript_is_refused_with_its_line(string text, string message) =>
        FluentActions.Invoking(() => SeamcallTranscript.Replay(new StringReader(text)))
            .Should().Throw<FormatException>().WithMessage(message);

    [Fact]
    public void a_difference_has_its_line_and_both_answers()
    {
        SeamcallReplay replay = SeamcallTranscript.Replay(new StringReader(Session + "\nstate ready"));
        replay.Differences.Should().Equal(new SeamcallDifference(2, "state ready", "state before-config"));
        replay.Differences[0].ToString().Should().Be("line 2: expected state ready, actual state before-config");
    }

    private const string Session = "session 1 module 1.5.25 packages 1 key-id-bits 6 first-private-key-id 0x20 "
        + "memory-filled-with 0x0";

    private static SeamcallReplay Replay(string file)
    {
        using StreamReader reader = File.OpenText(Path.Combine(Repository.Root, "tests/golden", file));
        return SeamcallTranscript.Replay(reader);
    }
}
