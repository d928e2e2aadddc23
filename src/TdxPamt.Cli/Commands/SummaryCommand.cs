using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt summary</c>: shows summaries of many hosts, and adds them up.</summary>
internal sealed class SummaryCommand
{
    /// <summary>A limit on a summary, in MiB: that of millions of different sizes.</summary>
    private const int SummaryMiB = 256;

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Summaries that --summary --format json wrote; - or none: standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _merge = new("--merge") { Description = "Add several summaries up." };
    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "text", "json");

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Where to write it; a name that ends in .svg: where to draw it.",
    };

    private readonly Terminal _terminal;

    private SummaryCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        SummaryCommand summary = new(terminal);
        Command command = new("summary", "Shows summaries of many hosts, and adds them up.")
        {
            summary._files, summary._merge, summary._format, summary._output,
        };
        command.SetAction(summary.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_files) is { Length: > 0 } given ? given : ["-"];
        if (files.Length > 1 && !parsed.GetValue(_merge))
            return _terminal.Refuse("several summaries are added up by --merge");
        Terminal.ThrowIfInputIsNamedTwice(files);
        FleetSummary sum = new();
        foreach (string file in files)
        {
            string name = Terminal.NameOf(file);
            FleetSummary summary = SummaryDocument.Parse(_terminal.ReadAll(file, SummaryMiB).ToArray(), name);
            if (summary.Hosts > long.MaxValue - sum.Hosts)
            {
                throw new HostFormatException(
                    name, line: null, "hosts", "with those before it, there are 2^63 or more");
            }

            sum.Add(summary);
        }

        string? output = parsed.GetValue(_output);
        bool isChart = FleetForm.IsChart(output);
        FleetForm.Write(_terminal, sum, parsed.GetValue(_format) == "json", isChart ? null : output);
        if (isChart)
            _terminal.Write(sum, FleetChart.Write, output!);
        return Terminal.Done;
    }
}
