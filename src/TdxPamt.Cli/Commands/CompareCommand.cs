using System.CommandLine;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt compare</c>: every kernel and every strategy on a host, cheapest acceptable first.</summary>
internal sealed class CompareCommand
{
    private readonly Argument<string[]> _hosts = new("HOST")
    {
        Description = "Boot logs, /proc/iomem or host documents; -: standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _ndjson = new("--ndjson")
    {
        Description = "One host document a line in, one comparison a line out.",
    };

    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "text", "json");

    private readonly Option<bool> _headroom = new("--headroom")
    {
        Description = "Also how many holes, nodes and GiB more each kernel takes.",
    };

    private readonly ModuleOptions _module = new(withKernel: false);
    private readonly Verbosity _verbosity = new("Only the sentence for each host.", "Adds a summary.");
    private readonly Terminal _terminal;

    private CompareCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        CompareCommand compare = new(terminal);
        Command command = new("compare", "Compares every kernel and every planning strategy, and recommends one.")
        {
            compare._hosts, compare._format, compare._ndjson, compare._headroom,
        };
        compare._module.AddTo(command);
        compare._verbosity.AddTo(command);
        command.SetAction(compare.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_hosts)!;
        bool isNdjson = parsed.GetValue(_ndjson);
        if (isNdjson && Parse.IsGiven(parsed, _format))
            return _terminal.Refuse(Parse.LinesHaveNoFormat);
        bool isQuiet = _verbosity.IsQuiet(parsed);
        bool isLong = isNdjson || files.Length > 1;
        Tally tally = new("hosts", "with a plan", "without", isLong ? _terminal.Progress(isQuiet) : null);
        Batch batch = new(_terminal, tally, isQuiet, _verbosity.IsVerbose(parsed));
        if (isNdjson)
        {
            using DocumentLines<HostComparison> lines = new(
                (line, name, number) => Compare(
                    parsed, HostDocument.Parse(line, name, number).ThrowIfTooLarge(name, number)),
                ComparisonStream.WriteJson,
                static comparison => comparison.Plans.Recommended is not null)
            {
                Take = tally.Report,
            };
            return batch.AnswerLines(files, lines, AnswerForm<HostComparison>.Json(ComparisonStream.WriteJson));
        }

        return batch.AnswerFiles(
            files,
            file => Compare(parsed, _terminal.ReadHostToSearch(file)),
            static comparison => comparison.Plans.Recommended is not null ? Terminal.Done : Terminal.Negative,
            parsed.GetValue(_format) == "text"
                ? AnswerForm<HostComparison>.Text(comparison => Text(comparison, isQuiet), isSpaced: !isQuiet)
                : AnswerForm<HostComparison>.Json((comparison, answers) =>
                {
                    ComparisonDocument.Write(comparison, answers.Bytes, indented: files.Length == 1);
                    answers.EndLine();
                }),
            tally.Report);
    }

    private HostComparison Compare(ParseResult parsed, HostDescription host) => HostComparison.Create(
        host, _module.Override(parsed)(host.Module), parsed.GetValue(_headroom));

    private static Page Text(HostComparison comparison, bool isQuiet)
    {
        Page page = new();
        if (isQuiet)
            CompareText.AppendSentence(page, comparison);
        else
            CompareText.Append(page, comparison);
        return page;
    }
}
