namespace TdxPamt.Module;

/// <summary>A text is no transcript of calls.</summary>
/// <remarks>Immutable.</remarks>
public sealed class SeamcallTranscriptException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="line">The line's number, from 1.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <param name="inner">What was thrown as it was read; may be null.</param>
    public SeamcallTranscriptException(long line, string reason, Exception? inner = null)
        : base($"line {line}: {reason}", inner)
    {
        Line = line;
        Reason = reason;
    }

    /// <summary>The line's number, from 1.</summary>
    public long Line { get; }

    /// <summary>What is wrong with the line.</summary>
    public string Reason { get; }
}
