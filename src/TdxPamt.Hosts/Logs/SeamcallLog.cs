using System.Text;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Finds the lines of a log that say that a SEAMCALL failed; docs/model.md#linux-start.</summary>
/// <remarks>A call may be a number in brackets, a name as KVM prints it, or <c>leaf 33</c> as before Linux 6.8. What
/// stands before or after it does not matter. Without state, so safe for many threads.</remarks>
public static class SeamcallLog
{
    /// <summary>Reads a log.</summary>
    /// <param name="log">The log, in UTF-8 or ASCII; also as JSON.</param>
    /// <returns>The calls that failed, in the log's order.</returns>
    public static IReadOnlyList<LoggedSeamcall> Read(ReadOnlySpan<byte> log)
    {
        List<LoggedSeamcall> calls = [];
        for (long number = 1; !log.IsEmpty; number++)
        {
            int end = log.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? log : log[..end];
            while (LogText.TryFind(line, "SEAMCALL "u8, out LogText text))
            {
                if (TryRead(ref text, out ulong leaf, out ulong status))
                    calls.Add(new(number, leaf, new CompletionStatus(status)));
                line = text.Rest;
            }

            log = end < 0 ? default : log[(end + 1)..];
        }

        return calls;
    }

    private static bool TryRead(ref LogText text, out ulong leaf, out ulong status)
    {
        status = 0;
        if (text.TrySkip("("u8))
            return text.TryHex(out leaf) && text.TrySkip(")"u8) && text.TrySkip("failed:"u8) && text.TryHex(out status);
        if (text.TrySkip("failed:"u8))
        {
            leaf = 0;
            return LogText.TryFind(text.Rest, "leaf "u8, out text) && text.TryDecimal(out leaf) && text.TrySkip(","u8)
                && text.TrySkip("error"u8) && text.TryHex(out status);
        }

        int length = 0;
        while (length < text.Rest.Length && !LogText.IsSpace(text.Rest[length]))
            length++;
        string name = Encoding.UTF8.GetString(text.Rest[..length]);
        leaf = 0;
        if (SeamcallExplanation.LeafOfName(name) is not { } number)
            return false;
        leaf = (ulong)number;
        text.TrySkip(text.Rest[..length]);
        return text.TrySkip("failed:"u8) && text.TryHex(out status);
    }
}
