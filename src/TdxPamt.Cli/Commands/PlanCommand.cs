using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
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
        Description = "Where to write it; a name that ends in .svg: where to draw the hosts summed up.",
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

    private readonly FleetForm _fleet = new();
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
        plan._fleet.AddTo(command);
        plan._module.AddTo(command);
        plan._verbosity.AddTo(command);
        command.SetAction(plan.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_files) is { Length: > 0 } given ? given : ["-"];
        if (Contradiction(parsed, files) is { } contradiction)
            return _terminal.Refuse(contradiction);
        if (parsed.GetValue(_format) == "binary")
            return AnswerBinary(parsed, files[0]);
        string? output = parsed.GetValue(_output);
        bool isChart = FleetForm.IsChart(output);
        bool isSummed = IsSummed(parsed);
        bool isNdjson = parsed.GetValue(_ndjson);
        bool isQuiet = _verbosity.IsQuiet(parsed);
        bool isLong = isNdjson || files.Length > 1;
        FleetSummary? fleet = isSummed || isChart ? new() : null;
        Tally tally = new("hosts", "constructed", "failed", isLong ? _terminal.Progress(isQuiet) : null);
        Batch batch = new(_terminal, tally, isQuiet, _verbosity.IsVerbose(parsed))
        {
            Output = isSummed || isChart ? null : output,
        };
        int code = isNdjson
            ? AnswerLines(parsed, files, batch, Take)
            : batch.AnswerFiles(
                files,
                file => Plan(parsed, file),
                static it => it.Plan.Works ? Terminal.Done : Terminal.Negative,
                FormOfFiles(parsed, isSingle: files.Length == 1),
                it => Take(it.Plan));
        fleet?.AddInvalid(batch.Invalid);
        if (isSummed)
            FleetForm.Write(_terminal, fleet!, parsed.GetValue(_format) == "json", isChart ? null : output);
        if (isChart)
            _terminal.Write(fleet!, FleetChart.Write, output!);
        return code;

        void Take(HostPlan plan)
        {
            tally.Report(plan);
            fleet?.Add(plan);
        }
    }

    /// <summary>Whether the hosts are summed up: where that is asked for, or where they are drawn without
    /// their rows.</summary>
    private bool IsSummed(ParseResult parsed) => _fleet.IsSummary(parsed)
        || (FleetForm.IsChart(parsed.GetValue(_output)) && !_fleet.IsCsv(parsed));

    private string? Contradiction(ParseResult parsed, string[] files)
    {
        bool isNdjson = parsed.GetValue(_ndjson);
        bool isSummed = IsSummed(parsed);
        string? format = Parse.IsGiven(parsed, _format) ? parsed.GetValue(_format) : null;
        return _fleet.Contradiction(parsed, isNdjson, format, isSummed)
            ?? (isNdjson && !isSummed && parsed.GetValue(_output) is { } file && !FleetForm.IsChart(file)
                    ? "--ndjson writes to standard output, not to --output"
                : format == "binary" && files.Length > 1 ? "--format binary takes one file"
                : null);
    }

    private AnswerForm<LoggedPlan> FormOfFiles(ParseResult parsed, bool isSingle)
    {
        bool isQuiet = _verbosity.IsQuiet(parsed);
        bool isVerbose = _verbosity.IsVerbose(parsed);
        return IsSummed(parsed) ? AnswerForm<LoggedPlan>.None()
            : _fleet.IsCsv(parsed)
                ? AnswerForm<LoggedPlan>.Csv(
                    PlanCsv.Header, static (it, answers) => WriteRow(it.Plan, answers), PlanCsv.WriteInvalid)
            : parsed.GetValue(_format) == "json"
                ? AnswerForm<LoggedPlan>.Json((it, answers) =>
                {
                    PlanDocument.Write(it.Plan, answers.Bytes, indented: isSingle);
                    answers.EndLine();
                })
            : AnswerForm<LoggedPlan>.Text(it => Text(it, isQuiet, isVerbose), isSpaced: !isQuiet);
    }

    private static void WriteRow(HostPlan plan, AnswerBuffer answers)
    {
        PlanCsv.Write(plan, answers.Bytes);
        answers.EndLine();
    }

    private int AnswerBinary(ParseResult parsed, string file)
    {
        HostPlan plan = Plan(parsed, file).Plan;
        if (plan.Failure is { } failure)
            return _terminal.Report(plan.Host.Name, failure);
        _terminal.Write(Binary(plan, file), parsed.GetValue(_output));
        return plan.Works ? Terminal.Done : Terminal.Negative;
    }

    private int AnswerLines(ParseResult parsed, string[] files, Batch batch, Action<HostPlan> take)
    {
        KernelModel? kernel = _module.Kernel(parsed);
        Func<ModuleParameters, ModuleParameters> module = _module.Override(parsed);
        PlanStrategies strategies = parsed.GetValue(_strategies);
        AnswerForm<HostPlan> form = IsSummed(parsed) ? AnswerForm<HostPlan>.None()
            : _fleet.IsCsv(parsed) ? AnswerForm<HostPlan>.Csv(PlanCsv.Header, WriteRow, PlanCsv.WriteInvalid)
            : AnswerForm<HostPlan>.Json(PlanStream.WriteJson);
        using DocumentLines<HostPlan> lines = new(
            (line, name, number) => PlanStream.Create(
                HostDocument.Parse(line, name, number), name, number, kernel, module, strategies),
            form.Write!,
            static plan => plan.Works)
        {
            Take = take,
            WriteInvalid = form.WriteInvalidLine,
        };
        return batch.AnswerLines(files, lines, form);
    }

    private LoggedPlan Plan(ParseResult parsed, string file)
    {
        PlanStrategies strategies = parsed.GetValue(_strategies);
        HostDescription host = strategies == PlanStrategies.None
            ? _terminal.ReadHost(file)
            : _terminal.ReadHostToSearch(file);
        KernelLog log = new();
        HostPlan plan = HostPlan.Create(
            host, _module.Kernel(parsed, host), _module.Module(parsed, host), strategies, log);
        return new(plan, log);
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

    private static Page Text(LoggedPlan planned, bool isQuiet, bool isVerbose)
    {
        Page page = new();
        if (isQuiet)
        {
            PlanDetails.AppendOutcome(page, planned.Plan);
            return page;
        }

        PlanText.Append(page, planned.Plan);
        if (isVerbose)
            PlanDetails.Append(page, planned.Plan, planned.Log.Lines);
        return page;
    }

    /// <summary>A plan, and what the kernel prints as it makes it.</summary>
    private sealed record LoggedPlan(HostPlan Plan, KernelLog Log);
}
