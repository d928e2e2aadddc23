using System.Buffers;
using System.CommandLine;
using System.Globalization;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt cost</c>: what TDX costs machines in memory.</summary>
internal sealed class CostCommand
{
    private const NumberStyles Share = NumberStyles.AllowDecimalPoint;

    private readonly Argument<string[]> _hosts = new("HOST")
    {
        Description = "Boot logs, /proc/iomem or host documents; -: standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _ndjson = new("--ndjson")
    {
        Description = "One host document a line in, one cost a line out.",
    };

    private readonly Option<double[]?> _private4K = new("--private-4k")
    {
        HelpName = "SHARE[,SHARE]",
        Description = "Shares of memory that TDs have mapped as 4K pages, 0 to 1 [default: 0,0.1,0.5,1].",
        CustomParser = Parse.Option<double[]>(Shares),
    };

    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "text", "json", "csv");

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Of one host: also draws bytes over share; a name that ends in .svg.",
    };

    private readonly FleetForm _fleet = new();
    private readonly ModuleOptions _module = new(withKernel: true);
    private readonly Verbosity _verbosity = new("No summary.", "Adds a summary of many hosts.");
    private readonly Terminal _terminal;

    private CostCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        CostCommand cost = new(terminal);
        Command command = new("cost", "Says what TDX costs in memory, with static PAMTs and with Dynamic PAMT.")
        {
            cost._hosts, cost._private4K, cost._format, cost._ndjson, cost._output,
        };
        cost._fleet.AddTo(command);
        cost._module.AddTo(command);
        cost._verbosity.AddTo(command);
        command.SetAction(cost.Run);
        return command;
    }

    private static OptionValue<double[]> Shares(string text)
    {
        List<double> shares = [];
        foreach (string part in text.Split(','))
        {
            if (!double.TryParse(part, Share, CultureInfo.InvariantCulture, out double share)
                || share is not (>= 0 and <= 1))
            {
                return OptionValue<double[]>.Refuse("must be numbers from 0 to 1 with commas between");
            }

            shares.Add(share);
        }

        return shares.ToArray();
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_hosts)!;
        bool isNdjson = parsed.GetValue(_ndjson);
        bool isSummed = _fleet.IsSummary(parsed);
        string? format = Parse.IsGiven(parsed, _format) ? parsed.GetValue(_format) : null;
        if (_fleet.Contradiction(parsed, isNdjson, format, isSummed) is { } contradiction)
            return _terminal.Refuse(contradiction);
        string? output = parsed.GetValue(_output);
        if (output is not null && !FleetForm.IsChart(output))
            return _terminal.Refuse($"--output: {output} must end in .svg");
        if (output is not null && (files.Length > 1 || isNdjson))
            return _terminal.Refuse("--output draws one host");
        double[]? shares = parsed.GetValue(_private4K) is { Length: > 0 } asked ? asked : null;
        bool isQuiet = _verbosity.IsQuiet(parsed);
        bool isLong = isNdjson || files.Length > 1;
        bool isCsv = _fleet.IsCsv(parsed) || format == "csv";
        FleetSummary fleet = new();
        Tally tally = new("hosts", "constructed", "failed", isLong ? _terminal.Progress(isQuiet) : null);
        Batch batch = new(_terminal, tally, isQuiet, _verbosity.IsVerbose(parsed));
        AnswerForm<HostCost> form = isSummed ? AnswerForm<HostCost>.None()
            : isCsv ? Csv(shares)
            : isNdjson ? AnswerForm<HostCost>.Json(CostStream.WriteJson)
            : format == "json" ? Json(isIndented: files.Length == 1)
            : AnswerForm<HostCost>.Text(Text, isSpaced: true);
        int code = isNdjson
            ? AnswerLines(parsed, files, shares, batch, form, Take)
            : batch.AnswerFiles(
                files,
                file => Cost(parsed, _terminal.ReadKnownHost(file), shares),
                static cost => cost.Plan.IsConstructed ? Terminal.Done : Terminal.Negative,
                form,
                cost =>
                {
                    Take(cost);
                    if (isCsv && cost.Plan.Failure is { } failure)
                        _terminal.Report(cost.Host.Name, failure);
                });
        fleet.AddInvalid(batch.Invalid);
        if (isSummed)
            FleetForm.Write(_terminal, fleet, format == "json", output: null);
        return code;

        void Take(HostCost cost)
        {
            tally.Report(cost);
            if (isSummed)
                fleet.Add(cost);
            if (output is not null)
                _terminal.Write(cost, CostChart.Write, output);
        }
    }

    private int AnswerLines(
        ParseResult parsed,
        string[] files,
        double[]? shares,
        Batch batch,
        AnswerForm<HostCost> form,
        Action<HostCost> take)
    {
        using DocumentLines<HostCost> lines = new(
            (line, name, number) => Cost(parsed, HostDocument.Parse(line, name, number), shares),
            form.Write!,
            static cost => cost.Plan.IsConstructed)
        {
            Take = take,
            WriteInvalid = form.WriteInvalidLine,
        };
        return batch.AnswerLines(files, lines, form);
    }

    private HostCost Cost(ParseResult parsed, HostDescription host, double[]? shares) => HostCost.Create(
        HostPlan.Create(host, _module.Kernel(parsed, host), _module.Module(parsed, host)), shares);

    private static AnswerForm<HostCost> Json(bool isIndented) => AnswerForm<HostCost>.Json((cost, answers) =>
    {
        CostDocument.Write(cost, answers.Bytes, isIndented);
        answers.EndLine();
    });

    private static AnswerForm<HostCost> Csv(double[]? shares) => AnswerForm<HostCost>.Csv(
        CostText.CsvHeader(shares ?? HostCost.DefaultShares),
        static (cost, answers) => answers.Bytes.Write(CostText.CsvRow(cost)),
        writeInvalid: null);

    private static Page Text(HostCost cost)
    {
        Page page = new();
        CostText.Append(page, cost);
        return page;
    }
}
