using System.Globalization;

namespace TdxPamt.Module;

/// <summary>A transcript of calls: read, run against a <see cref="TdxModule"/>, or written from one in use
/// (docs/module.md).</summary>
/// <remarks>
/// <para>One thing a line; numbers in hex but where the text says decimal: <c>session</c> begins a fresh machine;
/// <c>package-of-processor</c>, <c>cmr</c>, <c>processor</c>, <c>package</c> and <c>write</c> set it up; <c>call</c> has the
/// registers before and, after an arrow, behind it; <c>hand-over</c> takes a page; <c>state</c> and <c>memory</c> say what must
/// hold. Lines that begin with <c>#</c> are comments.</para>
/// <para>Not safe for many threads.</para>
/// </remarks>
public sealed class SeamcallTranscript
{
    private const int RegistersInShortForm = 5;

    private readonly List<SeamcallDifference> _differences = [];
    private readonly int _maxDifferences;
    private TranscriptMachine? _machine;

    private SeamcallTranscript(int maxDifferences)
    {
        _maxDifferences = maxDifferences;
    }

    /// <summary>Runs a transcript and compares every answer.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="maxDifferences">How many differences to keep, 0 or more; all are counted.</param>
    /// <returns>How many calls there were, and where the model answers otherwise.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDifferences"/> is negative.</exception>
    /// <exception cref="FormatException">A line is no transcript's; the message names it.</exception>
    public static SeamcallReplay Replay(TextReader reader, int maxDifferences = 100)
    {
        Preconditions.NotNull(reader, nameof(reader));
        Preconditions.InRange(maxDifferences, 0, int.MaxValue, nameof(maxDifferences));
        SeamcallTranscript transcript = new(maxDifferences);
        long number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            transcript.Run(number, line.Trim());
        }

        return new(transcript.Calls, transcript.Differ, [.. transcript._differences]);
    }

    private long Calls { get; set; }

    private long Differ { get; set; }

    private void Run(long number, string line)
    {
        if (line.Length == 0 || line[0] == '#')
            return;
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            if (words[0] == "session")
            {
                _machine = new(words);
                return;
            }

            TranscriptMachine machine =
                _machine ?? throw new FormatException("it stands before the first session");
            if (words[0] == "call")
                RunCall(machine, number, words);
            else if (words[0] == "hand-over")
                RunHandOver(machine, number, words);
            else if (words[0] is "state" or "memory")
                Compare(number, line, machine.Say(words));
            else
                machine.SetUp(words);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or IndexOutOfRangeException
            or ArgumentException)
        {
            throw new FormatException($"line {number}: {exception.Message}: {line}", exception);
        }
    }

    /// <summary>call rax rcx rdx r8 r9 [r10 r11 r12 r13] -> the same [xN].</summary>
    private void RunCall(TranscriptMachine machine, long number, string[] words)
    {
        int arrow = Array.IndexOf(words, "->");
        bool repeated = words[^1][0] == 'x';
        int count = arrow - 1;
        if (count is not (RegistersInShortForm or 9) || words.Length - arrow - 1 != count + (repeated ? 1 : 0))
            throw new FormatException("a call has 5 or 9 registers before and behind the arrow");
        ulong[] before = [.. words[1..arrow].Select(TranscriptMachine.Hex)];
        string expected = string.Join(" ", words[(arrow + 1)..(arrow + 1 + count)]);
        int times = repeated ? int.Parse(words[^1].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) : 1;
        for (int i = 0; i < times; i++)
        {
            Calls++;
            ulong[] after = machine.Call(before);
            string actual = string.Join(" ", after.Take(count).Select(static value => $"{value:x}"));
            if (Compare(number, expected, actual))
                continue;
            Calls += times - i - 1;
            break;
        }
    }

    /// <summary>hand-over PAGE level L type T owner TDR -> STATUS.</summary>
    private void RunHandOver(TranscriptMachine machine, long number, string[] words)
    {
        Calls++;
        Compare(number, words[^1], machine.HandOver(words));
    }

    private bool Compare(long number, string expected, string actual)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal))
            return true;
        Differ++;
        if (_differences.Count < _maxDifferences)
            _differences.Add(new(number, expected, actual));
        return false;
    }
}
