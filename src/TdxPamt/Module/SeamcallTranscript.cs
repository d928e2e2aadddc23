namespace TdxPamt.Module;

/// <summary>Transcripts of calls, run against a <see cref="TdxModule"/> (docs/module.md#transcripts).</summary>
/// <remarks>
/// <para>One thing per line; numbers in hex where nothing else is said: <c>session</c> begins a fresh machine;
/// <c>package-of-processor</c>, <c>cmr</c>, <c>processor</c>, <c>package</c> and <c>write</c> set it up; <c>call</c>
/// has the registers before it and, after an arrow, those after it; <c>hand-over</c> takes a page; <c>module loaded
/// again</c> is the next module after a shut-down; <c>state</c> and <c>memory</c> say what must hold. Lines that begin
/// with <c>#</c> are comments. <see cref="SeamcallRecorder"/> writes transcripts.</para>
/// <para>Without state, so safe for many threads.</para>
/// </remarks>
public static class SeamcallTranscript
{
    /// <summary>Runs a transcript and compares every answer.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="maxDifferences">How many differences to keep, 0 or more; all are counted.</param>
    /// <returns>How many calls there were, and where the model has another answer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDifferences"/> is negative.</exception>
    /// <exception cref="SeamcallTranscriptException">A line is no transcript's.</exception>
    public static SeamcallReplay Replay(TextReader reader, int maxDifferences = 100)
    {
        Preconditions.NotNull(reader, nameof(reader));
        Preconditions.InRange(maxDifferences, 0, int.MaxValue, nameof(maxDifferences));
        TranscriptRun run = new(maxDifferences);
        while (reader.ReadLine() is { } line)
            run.Next(line);
        return run.Replay;
    }
}
