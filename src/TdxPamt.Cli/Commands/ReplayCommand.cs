using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt replay</c>: runs a transcript of SEAMCALLs against the model of the TDX module.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A transcript of SEAMCALLs; -: standard input.",
    };

    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "text", "json");
    private readonly Terminal _terminal;

    private ReplayCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        ReplayCommand replay = new(terminal);
        Command command = new("replay", "Compares recorded SEAMCALLs with what the model of the TDX module answers.")
        {
            replay._file, replay._format,
        };
        command.SetAction(replay.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        SeamcallReplay replay = Replay(parsed.GetValue(_file)!);
        if (parsed.GetValue(_format) == "json")
        {
            _terminal.Write(JsonAnswers.Create(
                [replay], static (it, buffer, indented) => ReplayDocument.Write(it, buffer, indented)));
        }
        else
        {
            _terminal.Write(Text(replay));
        }

        return replay.Differ == 0 ? Terminal.Done : Terminal.Negative;
    }

    private SeamcallReplay Replay(string file)
    {
        using MemoryStream bytes = new(_terminal.ReadAll(file).ToArray());
        using StreamReader reader = new(bytes, Encoding.UTF8);
        try
        {
            SeamcallReplay replay = SeamcallTranscript.Replay(reader, int.MaxValue);
            return replay.Calls > 0 ? replay : throw Refused(null, "there is no call in it");
        }
        catch (SeamcallTranscriptException exception)
        {
            throw Refused(exception.Line, exception.Reason);
        }

        HostFormatException Refused(long? line, string reason) =>
            new(Terminal.NameOf(file), line, property: null, reason);
    }

    private static Page Text(SeamcallReplay replay)
    {
        Page page = new();
        foreach (SeamcallDifference difference in replay.Differences)
            page.Add(difference.ToString(), Outcome.Bad);
        page.Add(replay.ToString(), replay.Differ == 0 ? Outcome.Good : Outcome.Bad);
        return page;
    }
}
