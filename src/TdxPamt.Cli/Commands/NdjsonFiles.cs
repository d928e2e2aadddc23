namespace TdxPamt.Cli;

/// <summary>Answers files of one document per line, one file after another.</summary>
internal static class NdjsonFiles
{
    /// <summary>Answers each file, and sums up at the end.</summary>
    /// <param name="terminal">Where the files come from and the sum goes to.</param>
    /// <param name="files">The names of the files.</param>
    /// <param name="tally">What counts the answers.</param>
    /// <param name="answer">Answers an open file of a name; returns how many lines were invalid.</param>
    /// <param name="quiet">Whether nothing is to be said beside the answers.</param>
    /// <param name="verbose">Whether the sum was asked for.</param>
    /// <returns>The exit code.</returns>
    internal static int Answer(
        Terminal terminal, string[] files, Tally tally, Func<Stream, string, long> answer, bool quiet, bool verbose)
    {
        long invalid = 0;
        foreach (string file in files)
        {
            using Stream stream = terminal.Open(file);
            tally.Share = Tally.ShareOf(stream);
            invalid += answer(stream, Terminal.NameOf(file));
        }

        terminal.Summarize(tally.Summary(invalid), quiet, verbose);
        return invalid > 0 ? Terminal.Refused : Terminal.Done;
    }
}
