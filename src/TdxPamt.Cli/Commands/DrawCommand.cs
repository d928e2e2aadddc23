using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Hosts.Report;
using TdxPamt.Simulation;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt draw</c>: a host's physical memory as a picture.</summary>
internal sealed class DrawCommand
{
    /// <summary>How many RAM ranges and CMRs are drawn: more take more memory than any drawing is worth.</summary>
    private const int MaxRanges = 32_768;

    /// <summary>How many blocked ranges a report lists.</summary>
    private const int MaxBlockedRanges = 65_536;

    private const int MaxTrials = 200;
    private const int MinTrials = 20;

    /// <summary>A machine of this size gets one trial.</summary>
    private const ulong BytesForOneTrial = 1UL << 47;

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "A boot log, /proc/iomem or a host document; -: standard input.",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Where to write it: a name that ends in .svg, or for a report in .html; "
            + "-: the picture, to standard output.",
        Required = true,
    };

    private readonly Option<bool> _everyNode = new("--every-node")
    {
        Description = "In a picture: a band for each node, also where more than four look the same; a report has both.",
    };

    private readonly Option<bool> _simulate = new("--simulate")
    {
        Description = "In a report: also draw whether the PAMTs still find room once memory is in use; takes about "
            + "10 s for 256 GiB and a minute for 12 TiB, and shows the time left.",
    };

    private readonly Option<int?> _trials = new("--trials")
    {
        HelpName = "N",
        Description = "With --simulate: how many trials each of 63 points gets; the time grows with it [default: 20 "
            + "to 200, the fewer the larger the machine].",
        CustomParser = static result => Parse.Whole(1, int.MaxValue)(result),
    };

    private readonly ModuleOptions _module = new(withKernel: true);
    private readonly Terminal _terminal;

    private DrawCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        DrawCommand draw = new(terminal);
        Command command = new("draw", "Draws nodes, CMRs, TDMRs, PAMTs and reserved areas.")
        {
            draw._host, draw._output, draw._everyNode, draw._simulate, draw._trials,
        };
        draw._module.AddTo(command);
        command.SetAction(draw.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string output = parsed.GetValue(_output)!;
        bool isReport = output.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
        if (!isReport && !output.EndsWith(".svg", StringComparison.OrdinalIgnoreCase) && !Terminal.IsOutput(output))
            return _terminal.Refuse($"--output: {output} must end in .svg or .html, or be -");
        bool isSimulated = parsed.GetValue(_simulate);
        if (isSimulated && !isReport)
            return _terminal.Refuse("--simulate is for a report: --output must end in .html");
        if (!isSimulated && parsed.GetValue(_trials) is not null)
            return _terminal.Refuse("--trials is for --simulate, and there is none");
        if (isReport && parsed.GetValue(_everyNode))
            return _terminal.Refuse("--every-node is for a picture; a report has every node already");
        string file = parsed.GetValue(_host)!;
        HostDescription host = isReport ? _terminal.ReadHostToSearch(file) : _terminal.ReadKnownHost(file);
        CheckSize(host, isReport);
        HostPlan plan = HostPlan.Create(host, _module.Kernel(parsed, host), _module.Module(parsed, host));
        if (isReport)
        {
            int? trials = parsed.GetValue(_trials);
            _terminal.Write(
                plan, (it, page) => HtmlReport.Write(it, page, isSimulated ? Simulate(it, trials) : null), output);
        }
        else
        {
            bool isEveryNode = parsed.GetValue(_everyNode);
            _terminal.Write(plan, (it, picture) => MemoryMap.Write(it, picture, isEveryNode), output);
        }

        return plan switch
        {
            { LacksCmrs: true } => _terminal.Report($"{host.Name}: not known: {plan.UnknownBecause}"),
            { Failure: { } failure } => _terminal.Report(
                $"{host.Name}: initialization failed: {failure}"
                + (plan.FindActions() is { Count: > 0 } actions ? $"; to do: {actions[0].Text}" : "")),
            { Works: false, Verdict: var verdict } =>
                _terminal.Report($"{host.Name}: module: {VerdictText.Describe(verdict)}"),
            _ => Terminal.Done,
        };
    }

    private static void CheckSize(HostDescription host, bool isReport)
    {
        int ranges = host.Memory.Regions.Count + host.Memory.Cmrs.Count;
        int blocked = host.Memory.BlockedRanges.Count;
        if (ranges > MaxRanges)
            throw new IOException($"{host.Name}: it has {ranges} RAM ranges and CMRs; at most {MaxRanges} are drawn");
        if (isReport && blocked > MaxBlockedRanges)
            throw new IOException($"{host.Name}: it has {blocked} blocked ranges; a report lists {MaxBlockedRanges}");
    }

    /// <summary>Simulates three ways to choose pages, over the fractions that matter on known machines; the larger the
    /// machine, the fewer trials.</summary>
    private SimulationReport Simulate(HostPlan plan, int? trials) =>
        new SimulationQuestion(
            plan.Host,
            plan.Kernel,
            plan.Module,
            [AllocatorPolicy.Linux, AllocatorPolicy.BestFit, AllocatorPolicy.BootReservation],
            [
                .. Enumerable.Range(0, 21)
                    .Select(static i => (i / 200.0, Fragmentation.Uniform(i / 200.0, meanRunLength: 1))),
            ]).Answer(
            SimulationOptions.Default with
            {
                Trials = trials ?? Math.Max(
                    MinTrials,
                    (int)Math.Min(MaxTrials, BytesForOneTrial / Math.Max(1, plan.Host.Memory.RamBytes))),
            },
            _terminal.Progress(quiet: false),
            CancellationToken.None);
}
