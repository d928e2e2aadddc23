using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt compare</c>: every kernel and every strategy on a host, cheapest acceptable first.</summary>
internal static class CompareCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string[]> hosts = new("HOST")
        {
            Description = "Boot logs, /proc/iomem or host documents; -: standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> format = Parse.OneOf("--format", "What to print", "text", "json");
        Option<bool> headroom = new("--headroom")
        {
            Description = "Also how many holes, nodes and GiB more each kernel takes.",
        };
        ModuleOptions module = new(withKernel: false);
        Verbosity verbosity = new("Only the sentence for each host.", "Adds a summary.");
        Command command = new("compare", "Compares every kernel and every planning strategy, and recommends one.")
        {
            hosts, format, headroom,
        };
        module.AddTo(command);
        verbosity.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(hosts)!;
            bool isQuiet = verbosity.IsQuiet(parsed);
            Tally tally = new("hosts", "with a plan", "without", names.Length > 1 ? terminal.Progress(isQuiet) : null);
            tally.Share = () => (double)tally.Count / names.Length;
            HostComparison[] comparisons = [.. names.Select(Compare)];
            string summary = tally.Summary();
            if (parsed.GetValue(format) == "text")
                terminal.WriteText(Text(comparisons, isQuiet));
            else
                terminal.Write(JsonAnswers.Of(comparisons, ComparisonDocument.Write));
            if (names.Length > 1)
                terminal.Summarize(summary, isQuiet, verbosity.IsVerbose(parsed));
            return comparisons.All(static comparison => comparison.Plans.Recommended is not null)
                ? Terminal.Done
                : Terminal.Negative;

            HostComparison Compare(string file)
            {
                HostDescription host = terminal.ReadHostToSearch(file);
                HostComparison comparison = HostComparison.Create(
                    host, module.Override(parsed)(host.Module), parsed.GetValue(headroom));
                tally.Report(comparison);
                return comparison;
            }
        });
        return command;
    }

    private static StringBuilder Text(HostComparison[] comparisons, bool isQuiet)
    {
        StringBuilder text = new();
        foreach (HostComparison comparison in comparisons)
        {
            if (isQuiet)
            {
                text.Append($"{Printable.Of(comparison.Host.Name)}: {comparison.Plans.Sentence}\n");
                continue;
            }

            if (text.Length > 0)
                text.Append('\n');
            CompareText.Append(text, comparison);
        }

        return text;
    }
}
