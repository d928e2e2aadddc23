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

    private readonly ModuleOptions _module = new(withKernel: true);
    private readonly Terminal _terminal;

    private CostCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        CostCommand cost = new(terminal);
        Command command = new("cost", "Says what TDX costs in memory, with static PAMTs and with Dynamic PAMT.")
        {
            cost._hosts, cost._private4K, cost._format, cost._output,
        };
        cost._module.AddTo(command);
        command.SetAction(cost.Run);
        return command;
    }

    private static OptionValue<double[]> Shares(string text)
    {
        List<double> shares = [];
        foreach (string part in text.Split(','))
        {
            if (!double.TryParse(part, Share, CultureInfo.InvariantCulture, out double share) || !(share <= 1))
                return OptionValue<double[]>.Refuse("must be numbers from 0 to 1 with commas between");
            shares.Add(share);
        }

        return shares.ToArray();
    }

    private int Run(ParseResult parsed)
    {
        double[]? shares = parsed.GetValue(_private4K) is { Length: > 0 } asked ? asked : null;
        string? output = parsed.GetValue(_output);
        if (output is not null && !output.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            return _terminal.Refuse($"--output: {output} must end in .svg");
        if (output is not null && parsed.GetValue(_hosts)!.Length > 1)
            return _terminal.Refuse("--output draws one host");
        HostCost[] costs = [.. parsed.GetValue(_hosts)!.Select(file => Cost(parsed, file, shares))];
        if (output is not null)
        {
            using MemoryStream drawing = new();
            CostChart.Write(costs[0], drawing);
            _terminal.Write(drawing.ToArray(), output);
        }

        string format = parsed.GetValue(_format)!;
        if (format == "json")
            _terminal.Write(JsonAnswers.Create(costs, CostDocument.Write));
        else if (format == "csv")
            _terminal.Write(CostText.Csv(costs));
        else
            _terminal.Write(Text(costs));
        int exitCode = Terminal.Done;
        foreach (HostCost cost in costs)
        {
            if (cost.Plan.Failure is not { } failure)
                continue;
            exitCode = Terminal.Negative;
            if (format == "csv")
                _terminal.Report(cost.Host.Name, failure);
        }

        return exitCode;
    }

    private HostCost Cost(ParseResult parsed, string file, double[]? shares)
    {
        HostDescription host = _terminal.ReadKnownHost(file);
        return HostCost.Create(
            HostPlan.Create(host, _module.Kernel(parsed, host), _module.Module(parsed, host)), shares);
    }

    private static Page Text(HostCost[] costs)
    {
        Page page = new();
        foreach (HostCost cost in costs)
        {
            if (!page.IsEmpty)
                page.Add();
            CostText.Append(page, cost);
        }

        return page;
    }
}
