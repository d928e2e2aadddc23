using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt draw</c>: a host's physical memory as a picture.</summary>
internal static class DrawCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string> file = new("HOST")
        {
            Description = "A boot log, /proc/iomem or a host document; -: standard input.",
        };
        Option<string> output = new("--output", "-o")
        {
            HelpName = "FILE",
            Description = "Where to write it: a name that ends in .svg.",
            Required = true,
        };
        ModuleOptions module = new(withKernel: true);
        Command command = new("draw", "Draws nodes, CMRs, TDMRs, PAMTs and reserved areas.") { file, output };
        module.AddTo(command);
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(output)!;
            if (Writer(name) is not { } write)
                return terminal.Refuse($"--output: {name} must end in .svg");
            HostDescription host = terminal.ReadHost(parsed.GetValue(file)!);
            HostPlan plan = HostPlan.Create(host, module.Kernel(parsed), module.Override(parsed)(host.Module));
            using MemoryStream drawing = new();
            write(plan, drawing);
            terminal.Write(drawing.ToArray(), name);
            return plan switch
            {
                { Failure: { } failure } => terminal.Report($"{host.Name}: initialization failed: {failure}"),
                { Verdict: { IsAccepted: false } verdict } =>
                    terminal.Report($"{host.Name}: module: {PlanText.Describe(verdict)}"),
                _ => Terminal.Done,
            };
        });
        return command;
    }

    /// <summary>What draws a file, by the end of its name.</summary>
    private static Action<HostPlan, Stream>? Writer(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".svg" => MemoryMap.WriteSvg,
        _ => null,
    };
}
