using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt plan</c>: TDMRs, PAMTs and reserved areas of hosts.</summary>
internal sealed class PlanCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Boot logs, /proc/iomem or host documents; - or none: standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _format =
        Parse.OneOf("--format", "What to print; binary is TDMR_INFO blocks", "text", "json", "binary");

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Where to write it.",
    };

    private readonly Option<bool> _ndjson = new("--ndjson")
    {
        Description = "One host document a line in, one plan a line out.",
    };

    private readonly Option<PlanStrategies> _strategies = new("--strategy")
    {
        HelpName = "NAME[,NAME]",
        Description = $"How to change the kernel's steps: {string.Join(", ", Parse.StrategyNames)}.",
        CompletionSources = { Parse.StrategyNames.Prepend("kernel").ToArray() },
        CustomParser = Parse.Option<PlanStrategies>(Parse.Strategies),
    };

    private readonly ModuleOptions _module = new(withKernel: true);

    private readonly Verbosity _verbosity = new(
        "One line for each host, and no summary.",
        "Adds what the kernel logs, each PAMT, all reserved areas, and a summary.");

    private readonly Terminal _terminal;

    private PlanCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        PlanCommand plan = new(terminal);
        Command command = new("plan", "Builds TDMRs, PAMTs and reserved areas as the kernel does.")
        {
            plan._files, plan._format, plan._output, plan._ndjson, plan._strategies,
        };
        plan._module.AddTo(command);
        plan._verbosity.AddTo(command);
        command.SetAction(plan.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_files) is { Length: > 0 } given ? given : ["-"];
        string? output = parsed.GetValue(_output);
        bool isBinary = parsed.GetValue(_format) == "binary";
        bool isNdjson = parsed.GetValue(_ndjson);
        bool isQuiet = _verbosity.IsQuiet(parsed);
        if (isBinary && files.Length > 1)
            return _terminal.Refuse("--format binary takes one file");
        if (isNdjson && output is not null)
            return _terminal.Refuse("--ndjson writes to standard output, not to --output");
        bool isLong = isNdjson || files.Length > 1;
        Tally tally = new("hosts", "constructed", "failed", isLong ? _terminal.Progress(isQuiet) : null);
        if (isNdjson)
            return AnswerLines(parsed, files, tally);

        tally.Share = () => (double)tally.Count / files.Length;
        (HostPlan Plan, KernelLog Log)[] plans = [.. files.Select(file => Plan(parsed, file, tally))];
        if (isBinary && plans[0].Plan.Failure is { } failure)
            return _terminal.Report(plans[0].Plan.Host.Name, failure);
        string summary = tally.Summary();
        if (isBinary)
            _terminal.Write(Binary(plans[0].Plan, files[0]), output);
        else if (parsed.GetValue(_format) == "json")
            _terminal.Write(JsonAnswers.Create([.. plans.Select(static it => it.Plan)], PlanDocument.Write), output);
        else
            _terminal.Write(Text(plans, isQuiet, _verbosity.IsVerbose(parsed)), output);
        if (isLong)
            _terminal.Summarize(summary, isQuiet, _verbosity.IsVerbose(parsed));
        return plans.All(static it => it.Plan.Works) ? Terminal.Done : Terminal.Negative;
    }

    private int AnswerLines(ParseResult parsed, string[] files, Tally tally) => NdjsonFiles.Answer(
        _terminal,
        files,
        tally,
        (stream, name) => PlanStream.Run(
            stream,
            _terminal.Output,
            name,
            _module.Kernel(parsed),
            _module.Override(parsed),
            parsed.GetValue(_strategies),
            tally).Invalid,
        _verbosity.IsQuiet(parsed),
        _verbosity.IsVerbose(parsed));

    private (HostPlan Plan, KernelLog Log) Plan(ParseResult parsed, string file, Tally tally)
    {
        PlanStrategies strategies = parsed.GetValue(_strategies);
        HostDescription host = strategies == PlanStrategies.None
            ? _terminal.ReadHost(file)
            : _terminal.ReadHostToSearch(file);
        KernelLog log = new();
        HostPlan plan = HostPlan.Create(
            host, _module.Kernel(parsed, host), _module.Module(parsed, host), strategies, log);
        tally.Report(plan);
        return (plan, log);
    }

    private static byte[] Binary(HostPlan plan, string file)
    {
        foreach (TdmrInfo tdmr in plan.Tdmrs)
        {
            if (tdmr.ReservedAreas.Count <= TdmrInfoEntry.MaxReservedAreas)
                continue;
            string reason = $"{tdmr} has {tdmr.ReservedAreas.Count} reserved areas, "
                + $"and a TDMR_INFO has room for {TdmrInfoEntry.MaxReservedAreas}";
            throw new HostFormatException(Terminal.NameOf(file), line: null, property: null, reason);
        }

        byte[] table = new byte[plan.Tdmrs.Count * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(plan.Tdmrs.Span, table);
        return table;
    }

    private static Page Text((HostPlan Plan, KernelLog Log)[] plans, bool isQuiet, bool isVerbose)
    {
        Page page = new();
        foreach ((HostPlan plan, KernelLog log) in plans)
        {
            if (isQuiet)
            {
                PlanDetails.AppendOutcome(page, plan);
                continue;
            }

            if (!page.IsEmpty)
                page.Add();
            PlanText.Append(page, plan);
            if (isVerbose)
                PlanDetails.Append(page, plan, log.Lines);
        }

        return page;
    }
}
