using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class SeamcallTranscriptTests
{
    [Theory]
    [InlineData("boot-linux-6.12.txt")]
    [InlineData("boot-linux-7.3.txt")]
    [InlineData("module-lock-calls.txt")]
    [InlineData("module-calls.txt")]
    public void every_answer_of_the_real_module_is_the_models(string file)
    {
        SeamcallReplay replay = ReplayFile(file);
        replay.Differences.Should().BeEmpty();
        replay.Calls.Should().BePositive();
        replay.ToString().Should().Be($"{replay.Calls} calls, 0 differ");
    }

    /// <summary>Lines of module-boot-calls.txt that are answered otherwise, all of them a hash of a list that
    /// TDH.SYS.RDALL wrote.</summary>
    public static TheoryData<long, string> Unknown => new()
    {
        { 64, "1.5.05" }, { 528, "1.5.05" }, { 581, "1.5.05" },
        { 1162, "0xa5" }, { 1467, "0xa5" }, { 1473, "0xa5" }, { 1724, "0xa5" }, { 3126, "0xa5" }, { 5302, "0xa5" },
        { 5434, "0xa5" }, { 5750, "0xa5" },
    };

    /// <summary>The fields of 1.5.05 are not known one by one. In memory that is filled with 0xa5 the list holds some
    /// bytes that are not known.</summary>
    [Theory]
    [MemberData(nameof(Unknown))]
    public void from_power_on_only_these_lists_differ(long line, string why)
    {
        string[] lines = File.ReadAllLines(PathOf("module-boot-calls.txt"));
        string session = lines[..(int)line].Last(static it => it.StartsWith("session", StringComparison.Ordinal));
        session.Should().Contain(why);
        SeamcallDifference difference = BootCalls.Value.Differences.Single(it => it.Line == line);
        difference.Expected.Should().StartWith("memory 0x20000000000 length 0x1000 has fnv1a64 ");
        BootCalls.Value.Differ.Should().Be(Unknown.Count);
    }

    [Theory]
    [InlineData(1, "call 0 0 0 0 0 -> 0 0 0 0 0", "it stands before the first session: call 0 *")]
    [InlineData(2, Session + "\ncall 0 0 -> 0 0", "a call has 5 or 9 registers*")]
    [InlineData(2, Session + "\ncall 0 0 0 0 0 -> 0 0 0 0 0 0", "a call has 5 or 9 registers*")]
    [InlineData(2, Session + "\ncall 0 0 0 0 0 -> 0 0 0 0 fox", "*format*")]
    [InlineData(2, Session + "\ncall 0 0 0 0 10000000000000000 -> 0 0 0 0 0", "a number or a word is wrong: call *")]
    [InlineData(2, Session + "\nfox", "it begins no line of a transcript*: fox")]
    [InlineData(2, Session + "\ncmr 0 base 0x0", "a number or a word is wrong: cmr 0 base 0x0")]
    [InlineData(2, Session + "\nprocessor -1", "*processor -1")]
    [InlineData(3, Session + "\nprocessor 1\ncall 0 0 0 0 0 -> 0 0 0 0 0", "*processor*")]
    [InlineData(3, Session + "\nstate ready\ncmr 0 base 0x0 size 0x1000", "*stands too late: cmr 0 *")]
    [InlineData(2, Session + "\nmemory 0x0 length 0x40000001 has fnv1a64 0", "memory is looked at up to *")]
    [InlineData(2, Session + "\nhand-over 0 level 2 type 3 owner 0 -> 0", "level must be*")]
    [InlineData(1, "session 1 module 9.9.99 packages 1", "there is no module 9.9.99*")]
    [InlineData(1, "session 1 module 1.5.25", "the session has no packages*")]
    [InlineData(1, "session 1 module 1.5.25 packages 2147483647", "there can be 8192 processors at most*")]
    [InlineData(1, "session 1 module 1.5.25 packages 1 processors 8193", "there can be 8192 processors at most*")]
    public void what_is_no_transcript_is_refused_with_its_line(long line, string text, string reason)
    {
        Action replay = () => SeamcallTranscript.Replay(new StringReader(text));
        SeamcallTranscriptException thrown = replay.Should().Throw<SeamcallTranscriptException>().Which;
        thrown.Line.Should().Be(line);
        thrown.Reason.Should().Match(reason);
        thrown.Message.Should().Be($"line {line}: {thrown.Reason}");
    }

    [Theory]
    [InlineData(80, "")]
    [InlineData(81, "...")]
    public void a_reason_shows_80_characters_of_its_line(int length, string end)
    {
        string line = new('f', length);
        Action replay = () => Replay(Session, line);
        replay.Should().Throw<SeamcallTranscriptException>().Which.Reason
            .Should().Be($"it begins no line of a transcript, or stands too late: {line[..80]}{end}");
    }

    [Theory]
    [InlineData("x0")]
    [InlineData("x1048577")]
    public void a_call_is_repeated_once_or_more_and_not_without_end(string times)
    {
        string line = $"call 0 0 0 0 0 -> 0 0 0 0 0 {times}";
        Action replay = () => Replay(Session, line);
        replay.Should().Throw<SeamcallTranscriptException>().Which.Reason
            .Should().Be($"a call is repeated 1 to 1048576 times: {line}");
    }

    [Fact]
    public void a_repeated_call_is_made_until_it_differs_and_counts_as_often_as_it_is_written()
    {
        const string PowerOn = Session + " processors 1";
        SeamcallReplay replay = Replay(PowerOn, "call 21 0 0 0 0 -> 0 0 0 0 0 x4", "state before-config");
        replay.Should().Be(new SeamcallReplay(
            4, 1, [new SeamcallDifference(2, "0 0 0 0 0", "c000050000000000 0 0 0 0")]));
        Replay(PowerOn, "call 21 0 0 0 0 -> 0 0 0 0 0 x1", "call 21 0 0 0 0 -> c000050000000000 0 0 0 0 x3")
            .Should().Be(new SeamcallReplay(4, 0, []));
    }

    [Theory]
    [InlineData("", "call 22 0 9100000000000014 0 0", "0 0 9800000100000000 4 0")]
    [InlineData("address-bits 49", "call 22 0 9100000000000014 0 0", "0 0 9800000100000000 1 0")]
    [InlineData("", "call 20 100000 400 200000 20", "0 100000 400 200000 20")]
    [InlineData("seamrr 0x100000 size 0x1000", "call 20 100000 400 200000 20", "c000010000000001 100000 0 200000 0")]
    [InlineData("seamrr 0x100000 size 0x0", "call 20 100000 400 200000 20", "0 100000 400 200000 20")]
    [InlineData("processors 1 last-private-key-id 0x7ff", "call 21 0 0 0 0", "0 0 0 0 0")]
    [InlineData("processors 1 last-private-key-id 0x800", "call 21 0 0 0 0", "c000082500000800 0 0 0 0")]
    public void a_session_tells_the_machine(string words, string call, string answer) =>
        Replay($"{Session} {words}", $"{call} -> {answer}").Should().Be(new SeamcallReplay(1, 0, []));

    [Fact]
    public void processors_beyond_the_packages_belong_to_the_last()
    {
        string[] lines = ["session 1 module 1.5.25 processors 3 packages 2 key-id-bits 6 first-private-key-id 0x20 "
            + "memory-filled-with 0xa5", "memory 0x1000 is a5a5a5", "call 21 0 0 0 0 -> 0 0 0 0 0"];
        const string Init = "call 23 0 0 0 0 -> 0 0 0 0 0";
        Replay([.. lines, Init, "processor 1", Init, "processor 2", Init]).Should().Be(new SeamcallReplay(4, 0, []));
        FluentActions.Invoking(() => Replay([.. lines, "processor 3", Init]))
            .Should().Throw<SeamcallTranscriptException>().Which.Line.Should().Be(5);
    }

    [Fact]
    public void a_difference_has_its_line_and_both_answers()
    {
        SeamcallReplay replay = SeamcallTranscript.Replay(new StringReader(Session + "\nstate ready"));
        replay.Differences.Should().Equal(new SeamcallDifference(2, "state ready", "state before-config"));
        replay.Differences[0].ToString().Should().Be("line 2: expected state ready, actual state before-config");
    }

    private const string Session = "session 1 module 1.5.25 packages 1 key-id-bits 6 first-private-key-id 0x20 "
        + "memory-filled-with 0x0";

    private static readonly Lazy<SeamcallReplay> BootCalls = new(static () => ReplayFile("module-boot-calls.txt"));

    private static SeamcallReplay Replay(params string[] lines) =>
        SeamcallTranscript.Replay(new StringReader(string.Join('\n', lines)));

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "golden", file);

    private static SeamcallReplay ReplayFile(string file)
    {
        using StreamReader reader = File.OpenText(PathOf(file));
        return SeamcallTranscript.Replay(reader);
    }
}
