using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Hosts.Report;
using TdxPamt.Simulation;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt draw</c>: a host's physical memory as a picture.</summary>
internal sealed class DrawCommand
{
    private const int Trials = 200;

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "A boot log, /proc/iomem or a host document; -: standard input.",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Where to write it: a name that ends in .svg, or for a report in .html.",
        Required = true,
    };

    private readonly Option<bool> _simulate = new("--simulate")
    {
        Description = "In a report: also draw whether the PAMTs still find room once memory is in use.",
    };

    private readonly ModuleOptions _module = new(withKernel: true);
    private readonly Terminal _terminal;

    private DrawCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        DrawCommand draw = new(terminal);
        Command command = new("draw", "Draws nodes, CMRs, TDMRs, PAMTs and reserved areas.")
        {
            draw._host, draw._output, draw._simulate,
        };
        draw._module.AddTo(command);
        command.SetAction(draw.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string output = parsed.GetValue(_output)!;
        bool isReport = output.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
        if (!isReport && !output.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            return _terminal.Refuse($"--output: {output} must end in .svg or .html");
        bool isSimulated = parsed.GetValue(_simulate);
        if (isSimulated && !isReport)
            return _terminal.Refuse("--simulate is for a report: --output must end in .html");
        string file = parsed.GetValue(_host)!;
        HostDescription host = isReport ? _terminal.ReadHostToSearch(file) : _terminal.ReadKnownHost(file);
        HostPlan plan = HostPlan.Create(host, _module.Kernel(parsed, host), _module.Module(parsed, host));
        using MemoryStream drawing = new();
        if (isReport)
            HtmlReport.Write(plan, drawing, isSimulated ? Simulate(plan) : null);
        else
            MemoryMap.Write(plan, drawing);
        _terminal.Write(drawing.ToArray(), output);
        return plan switch
        {
            { Failure: { } failure } => _terminal.Report(
                $"{host.Name}: initialization failed: {failure}"
                + (plan.FindActions() is { Count: > 0 } actions ? $"; to do: {actions[0].Text}" : "")),
            { Verdict: { IsRejected: true } verdict } =>
                _terminal.Report($"{host.Name}: module: {VerdictText.Describe(verdict)}"),
            _ => Terminal.Done,
        };
    }

    /// <summary>Simulates three ways to choose pages, over the fractions that matter on known machines.</summary>
    private SimulationReport Simulate(HostPlan plan) =>
        new SimulationQuestion(plan.Host, plan.Kernel, plan.Module)
        {
            Policies = [AllocatorPolicy.Linux, AllocatorPolicy.BestFit, AllocatorPolicy.BootReservation],
            Fragmentations =
            [
                .. Enumerable.Range(0, 21)
                    .Select(static i => (i / 200.0, Fragmentation.Uniform(i / 200.0, meanRunLength: 1))),
            ],
            RunLength = 1,
            Threshold = null,
        }.Answer(
            SimulationOptions.Default with { Trials = Trials },
            _terminal.Progress(quiet: false),
            CancellationToken.None);
}
