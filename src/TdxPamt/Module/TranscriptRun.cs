using System.Globalization;

namespace TdxPamt.Module;

/// <summary>A transcript's replay, as far as it has come.</summary>
internal sealed class TranscriptRun(int maxDifferences)
{
    /// <summary>How often a line can repeat a call.</summary>
    internal const int MaxTimes = 1 << 20;

    private const int ShortForm = 5;
    private const int LongForm = 9;
    private const int MaxShownLine = 80;

    private readonly List<SeamcallDifference> _differences = [];
    private TranscriptMachine? _machine;
    private long _line;
    private long _calls;
    private long _differ;

    internal SeamcallReplay Replay => new(_calls, _differ, [.. _differences]);

    internal void Next(string line)
    {
        _line++;
        string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0][0] == '#')
            return;
        try
        {
            Run(words);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or IndexOutOfRangeException
            or ArgumentException)
        {
            string reason = exception is FormatException or ArgumentException
                ? exception.Message
                : "a number or a word is wrong";
            string shown = line.Length <= MaxShownLine ? line : line[..MaxShownLine] + "...";
            throw new SeamcallTranscriptException(_line, $"{reason}: {shown}", exception);
        }
    }

    private void Run(string[] words)
    {
        if (words[0] == "session")
        {
            _machine = new(words);
            return;
        }

        TranscriptMachine machine = _machine ?? throw new FormatException("it stands before the first session");
        switch (words[0])
        {
            case "call":
                RunCall(machine, words);
                break;
            case "hand-over":
                _calls++;
                Compare(Say([TranscriptMachine.Hex(words[^1])]), machine.HandOver(words));
                break;
            case "state" or "memory":
                Compare(string.Join(' ', words), machine.Say(words));
                break;
            default:
                machine.SetUp(words);
                break;
        }
    }

    /// <summary>call rax rcx rdx r8 r9 [r10 r11 r12 r13] -> the same [xN].</summary>
    private void RunCall(TranscriptMachine machine, string[] words)
    {
        int arrow = Array.IndexOf(words, "->");
        bool repeated = words[^1][0] == 'x';
        int count = arrow - 1;
        if (count is not (ShortForm or LongForm) || words.Length - arrow - 1 != count + (repeated ? 1 : 0))
            throw new FormatException("a call has 5 or 9 registers before and behind the arrow");
        ulong[] before = [.. words.Skip(1).Take(count).Select(TranscriptMachine.Hex)];
        string expected = Say(words.Skip(arrow + 1).Take(count).Select(TranscriptMachine.Hex));
        int times = repeated ? int.Parse(words[^1].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) : 1;
        if (times is < 1 or > MaxTimes)
            throw new FormatException($"a call is repeated 1 to {MaxTimes} times");
        for (int i = 0; i < times; i++)
        {
            ulong[] after = machine.Call(before);
            _calls++;
            if (Compare(expected, Say(after.Take(count))))
                continue;
            _calls += times - i - 1;
            break;
        }
    }

    private static string Say(IEnumerable<ulong> registers) =>
        string.Join(' ', registers.Select(static value => $"{value:x}"));

    private bool Compare(string expected, string actual)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal))
            return true;
        _differ++;
        if (_differences.Count < maxDifferences)
            _differences.Add(new(_line, expected, actual));
        return false;
    }
}
