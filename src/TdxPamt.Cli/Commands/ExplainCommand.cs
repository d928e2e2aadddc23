using System.Buffers;
using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt explain</c>: what the TDX module's statuses, calls and operands mean.</summary>
internal sealed class ExplainCommand
{
    private readonly Argument<string[]> _words = new("STATUS")
    {
        HelpName = "STATUS",
        Description = "Statuses in hex, names of statuses, calls or operands, or logs with SEAMCALL lines; "
            + "-: a log on standard input.",
        Arity = ArgumentArity.OneOrMore,
        CompletionSources = { SeamcallExplanation.Names.ToArray() },
    };

    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "text", "json");
    private readonly Terminal _terminal;

    private ExplainCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        ExplainCommand explain = new(terminal);
        Command command = new("explain", "Says what statuses, calls and operands of the TDX module mean.")
        {
            explain._words, explain._format,
        };
        command.SetAction(explain.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        (SeamcallExplanation Explanation, long? Line)[] answers =
            [.. parsed.GetValue(_words)!.SelectMany(Explain)];
        if (parsed.GetValue(_format) == "json")
        {
            _terminal.Write(JsonAnswers.Create(
                answers,
                static (it, buffer, indented) => ExplanationDocument.Write(it.Explanation, buffer, indented, it.Line)));
        }
        else
        {
            _terminal.Write(SeamcallText.Create(answers));
        }

        return Terminal.Done;
    }

    /// <summary>What a word means or, where it means nothing, the file of that name. A file whose name means something
    /// can be named with its folder.</summary>
    private IEnumerable<(SeamcallExplanation Explanation, long? Line)> Explain(string word)
    {
        if (SeamcallExplanation.TryParse(word, out SeamcallExplanation? explanation))
            return [(explanation, null)];
        if (word != "-" && !word.Contains('/') && !File.Exists(word) && !RawName.TryEncode(word, out _))
            throw new IOException($"{word}: no such status, call, operand or file; {Hint(word)}");
        IReadOnlyList<LoggedSeamcall> calls = SeamcallLog.Read(_terminal.ReadAll(word));
        return calls.Count > 0
            ? calls.Select(static call => (call.Explain(), (long?)call.Line))
            : throw new HostFormatException(
                Terminal.NameOf(word), line: null, property: null, "no line of it says that a SEAMCALL failed");
    }

    private static string Hint(string word)
    {
        string name = word.ToUpperInvariant().Replace('.', '_');
        string[] forms = [name, $"TDX_{name}", $"TDH_{name}"];
        return forms.Select(static form => NearestWord.Hint(form, SeamcallExplanation.Names))
            .FirstOrDefault(static hint => hint is not null) ?? "see tdxpamt explain --help";
    }
}
