using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt plan</c>: TDMRs, PAMTs and reserved areas of hosts.</summary>
internal static class PlanCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Boot logs, /proc/iomem or host documents; - or none: standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> format =
            Parse.OneOf("--format", "What to print; binary is TDMR_INFO blocks", "text", "json", "binary");
        Option<string?> output = new("--output", "-o") { HelpName = "FILE", Description = "Where to write it." };
        Option<bool> ndjson = new("--ndjson")
        {
            Description = "One host document a line in, one plan a line out.",
        };
        Option<PlanStrategies> strategies = new("--strategy")
        {
            HelpName = "NAME[,NAME]",
            Description = $"What to do otherwise than the kernel does: {string.Join(", ", Parse.StrategyNames)}.",
            CompletionSources = { Parse.StrategyNames.Prepend("kernel").ToArray() },
            CustomParser = Parse.Option(Parse.Strategies),
        };
        ModuleOptions module = new(withKernel: true);
        Verbosity verbosity = new(
            "One line a host, and no summary.",
            "Adds what the kernel logs, each PAMT, all reserved areas, and a summary.");
        Command command = new("plan", "Builds TDMRs, PAMTs and reserved areas as the kernel does.")
        {
            files, format, output, ndjson, strategies,
        };
        module.AddTo(command);
        verbosity.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(files) is { Length: > 0 } given ? given : ["-"];
            bool isBinary = parsed.GetValue(format) == "binary";
            if (isBinary && names.Length > 1)
                return terminal.Refuse("--format binary takes one file");
            bool isQuiet = verbosity.IsQuiet(parsed);
            bool isVerbose = verbosity.IsVerbose(parsed);
            bool isLong = parsed.GetValue(ndjson) || names.Length > 1;
            Tally tally = new("hosts", "constructed", "failed", isLong ? terminal.Progress(isQuiet) : null);
            if (parsed.GetValue(ndjson))
            {
                return parsed.GetValue(output) is null
                    ? Stream()
                    : terminal.Refuse("--ndjson writes to standard output, not to --output");
            }

            KernelLog[] logs = [.. names.Select(static _ => new KernelLog())];
            tally.Share = () => (double)tally.Count / names.Length;
            HostPlan[] plans = [.. names.Select(Plan)];
            if (isBinary && plans[0].Failure is { } failure)
                return terminal.Report($"{plans[0].Host.Name}: initialization failed: {failure}");
            string summary = tally.Summary();
            if (parsed.GetValue(format) == "text")
                terminal.WriteText(Text(), parsed.GetValue(output));
            else
                terminal.Write(
                    isBinary ? Binary(plans[0], names[0]) : JsonAnswers.Of(plans, PlanDocument.Write),
                    parsed.GetValue(output));
            if (isLong)
                terminal.Summarize(summary, isQuiet, isVerbose);
            return plans.All(static plan => plan.Works) ? Terminal.Done : Terminal.Negative;

            HostPlan Plan(string file, int index)
            {
                HostDescription host = parsed.GetValue(strategies) == PlanStrategies.None
                    ? terminal.ReadHost(file)
                    : terminal.ReadHostToSearch(file);
                HostPlan plan = HostPlan.Create(
                    host,
                    module.Kernel(parsed),
                    module.Override(parsed)(host.Module),
                    parsed.GetValue(strategies),
                    logs[index]);
                tally.Report(plan);
                return plan;
            }

            int Stream()
            {
                long invalid = 0;
                foreach (string file in names)
                {
                    using Stream stream = terminal.Open(file);
                    tally.Share = Tally.ShareOf(stream);
                    invalid += PlanStream.Run(
                        stream,
                        terminal.Output,
                        Terminal.NameOf(file),
                        module.Kernel(parsed),
                        module.Override(parsed),
                        parsed.GetValue(strategies),
                        tally).Invalid;
                }

                terminal.Summarize(tally.Summary(invalid), isQuiet, isVerbose);
                return invalid > 0 ? Terminal.Refused : Terminal.Done;
            }

            StringBuilder Text()
            {
                StringBuilder text = new();
                foreach ((HostPlan plan, KernelLog log) in plans.Zip(logs))
                {
                    if (isQuiet)
                    {
                        PlanDetails.AppendOutcome(text, plan);
                        continue;
                    }

                    if (text.Length > 0)
                        text.Append('\n');
                    PlanText.Append(text, plan);
                    if (isVerbose)
                        PlanDetails.Append(text, plan, log);
                }

                return text;
            }
        });
        return command;
    }

    private static byte[] Binary(HostPlan plan, string file)
    {
        ReadOnlySpan<TdmrInfo> tdmrs = plan.Tdmrs.Span;
        byte[] blocks = new byte[tdmrs.Length * TdmrInfoEntry.Stride];
        try
        {
            TdmrInfoTable.Write(tdmrs, blocks);
            return blocks;
        }
        catch (ArgumentException exception)
        {
            throw new HostFormatException(Terminal.NameOf(file), line: null, property: null, exception.Message);
        }
    }
}
