using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Hosts.Report;
using TdxPamt.Simulation;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt draw</c>: a host's physical memory as a picture.</summary>
internal static class DrawCommand
{
    private const int Trials = 200;

    internal static Command Create(Terminal terminal)
    {
        Argument<string> file = new("HOST")
        {
            Description = "A boot log, /proc/iomem or a host document; -: standard input.",
        };
        Option<string> output = new("--output", "-o")
        {
            HelpName = "FILE",
            Description = "Where to write it: a name that ends in .svg, or for a report in .html.",
            Required = true,
        };
        Option<bool> simulate = new("--simulate")
        {
            Description = "In a report: also draw whether the PAMTs still find room once memory is in use.",
        };
        ModuleOptions module = new(withKernel: true);
        Command command = new("draw", "Draws nodes, CMRs, TDMRs, PAMTs and reserved areas.") { file, output, simulate };
        module.AddTo(command);
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(output)!;
            bool isReport = name.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
            if (!isReport && !name.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
                return terminal.Refuse($"--output: {name} must end in .svg or .html");
            if (parsed.GetValue(simulate) && !isReport)
                return terminal.Refuse("--simulate is for a report: --output must end in .html");
            string input = parsed.GetValue(file)!;
            HostDescription host = isReport ? terminal.ReadHostToSearch(input) : terminal.ReadHost(input);
            HostPlan plan = HostPlan.Create(host, module.Kernel(parsed), module.Override(parsed)(host.Module));
            using MemoryStream drawing = new();
            SimulationReport? simulation =
                parsed.GetValue(simulate) ? Simulate(plan, terminal.Progress(quiet: false)) : null;
            if (isReport)
                HtmlReport.Write(plan, simulation, drawing);
            else
                MemoryMap.WriteSvg(plan, drawing);
            terminal.Write(drawing.ToArray(), name);
            return plan switch
            {
                { Failure: { } failure } => terminal.Report($"{host.Name}: initialization failed: {failure}"),
                { Verdict: { IsRejected: true } verdict } =>
                    terminal.Report($"{host.Name}: module: {PlanText.Describe(verdict)}"),
                _ => Terminal.Done,
            };
        });
        return command;
    }

    /// <summary>Three ways to choose pages over what fractions matter on machines so far.</summary>
    private static SimulationReport Simulate(HostPlan plan, ProgressLine? line) =>
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
        }.Answer(SimulationOptions.Default with { Trials = Trials }, line, CancellationToken.None);
}
