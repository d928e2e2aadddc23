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
            compare._hosts, compare._format, compare._headroom,
        };
        compare._module.AddTo(command);
        compare._verbosity.AddTo(command);
        command.SetAction(compare.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_hosts)!;
        bool isLong = files.Length > 1;
        bool isQuiet = _verbosity.IsQuiet(parsed);
        Tally tally = new("hosts", "with a plan", "without", isLong ? _terminal.Progress(isQuiet) : null);
        tally.Share = () => (double)tally.Count / files.Length;
        HostComparison[] comparisons = [.. files.Select(file => Compare(parsed, file, tally))];
        string summary = tally.Summary();
        if (parsed.GetValue(_format) == "text")
            _terminal.Write(Text(comparisons, isQuiet));
        else
            _terminal.Write(JsonAnswers.Create(comparisons, ComparisonDocument.Write));
        if (isLong)
            _terminal.Summarize(summary, isQuiet, _verbosity.IsVerbose(parsed));
        return comparisons.All(static comparison => comparison.Plans.Recommended is not null)
            ? Terminal.Done
            : Terminal.Negative;
    }

    private HostComparison Compare(ParseResult parsed, string file, Tally tally)
    {
        HostDescription host = _terminal.ReadHostToSearch(file);
        HostComparison comparison = HostComparison.Create(
            host, _module.Override(parsed)(host.Module), parsed.GetValue(_headroom));
        tally.Report(comparison);
        return comparison;
    }

    private static Page Text(HostComparison[] comparisons, bool isQuiet)
    {
        Page page = new();
        foreach (HostComparison comparison in comparisons)
        {
            if (isQuiet)
            {
                CompareText.AppendSentence(page, comparison);
                continue;
            }

            if (!page.IsEmpty)
                page.Add();
            CompareText.Append(page, comparison);
        }

        return page;
    }
}
