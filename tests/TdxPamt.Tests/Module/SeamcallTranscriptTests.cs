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
        SeamcallReplay replay = Replay(file);
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

    [Fact]
    public void a_difference_has_its_line_and_both_answers()
    {
        SeamcallReplay replay = SeamcallTranscript.Replay(new StringReader(Session + "\nstate ready"));
        replay.Differences.Should().Equal(new SeamcallDifference(2, "state ready", "state before-config"));
        replay.Differences[0].ToString().Should().Be("line 2: expected state ready, actual state before-config");
    }

    private const string Session = "session 1 module 1.5.25 packages 1 key-id-bits 6 first-private-key-id 0x20 "
        + "memory-filled-with 0x0";

    private static readonly Lazy<SeamcallReplay> BootCalls = new(static () => Replay("module-boot-calls.txt"));

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "golden", file);

    private static SeamcallReplay Replay(string file)
    {
        using StreamReader reader = File.OpenText(PathOf(file));
        return SeamcallTranscript.Replay(reader);
    }
}
