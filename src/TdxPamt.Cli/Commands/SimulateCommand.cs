using System.Buffers;
using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Simulation;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt simulate</c>: how likely the PAMTs still find room once memory is in use.</summary>
internal sealed class SimulateCommand
{
    private const double DefaultUnmovable = 0.001;

    /// <summary>How many digits a counted fraction is shown with.</summary>
    private const int FractionDigits = 4;

    /// <summary>A limit on /proc/pagetypeinfo, in MiB; no machine's is as large.</summary>
    private const int PageTypeInfoMiB = 8;

    /// <summary>What a collected machine begins with.</summary>
    private static ReadOnlySpan<byte> CollectedStart => "== tdxpamt: "u8;

    private static readonly string AllocatorNames = string.Join(", ", AllocatorPolicy.All);

    private readonly Argument<string[]> _hosts = new("HOST")
    {
        Description = "Boot logs, /proc/iomem or host documents; -: standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _ndjson = new("--ndjson")
    {
        Description = "One host document a line in, one simulation a line out.",
    };

    private readonly Option<double?> _unmovable = new("--unmovable")
    {
        HelpName = "F",
        Description = "The fraction of 2 MiB page blocks that hold an unmovable page, 0 to 1 [default: 0.001].",
        CustomParser = static result => Parse.Real(static value => value is >= 0 and <= 1, "from 0 to 1")(result),
    };

    private readonly Option<double> _runLength = new("--run-length")
    {
        HelpName = "L",
        Description = "The mean length of a run of such blocks, 1 or more; 1: independent blocks.",
        DefaultValueFactory = static _ => 1,
        CustomParser = Parse.Real(static value => value >= 1 && double.IsFinite(value), "from 1 up"),
    };

    private readonly Option<double[]?> _sweep = new("--sweep")
    {
        HelpName = "FROM:TO:STEP",
        Description = "Many fractions instead of one.",
        CustomParser = Parse.Option<double[]>(Parse.Sweep),
    };

    private readonly Option<string?> _pageTypeInfo = new("--pagetypeinfo")
    {
        HelpName = "FILE",
        Description = "/proc/pagetypeinfo of the running machine instead of a fraction.",
    };

    private readonly Option<AllocatorPolicy[]?> _allocator = new("--allocator")
    {
        HelpName = "NAME[,NAME]|all",
        Description = $"How pages are chosen: {AllocatorNames} [default: linux, or boot-reservation for a kernel "
            + "that takes PAMTs at boot].",
        CompletionSources = { AllocatorPolicy.All.Select(static policy => policy.Name).Append("all").ToArray() },
        CustomParser = Parse.Option<AllocatorPolicy[]>(Policies),
    };

    private readonly Option<double?> _threshold = new("--threshold")
    {
        HelpName = "P",
        Description = "Also find the fraction up to which the PAMTs find room with this probability, such as 0.999.",
        CustomParser = static result =>
            Parse.Real(static value => value is > 0 and < 1, "above 0 and below 1")(result),
    };

    private readonly Option<int> _trials = new("--trials")
    {
        HelpName = "N",
        Description = "How many trials each fraction gets.",
        DefaultValueFactory = static _ => SimulationOptions.Default.Trials,
        CustomParser = Parse.Whole(1, int.MaxValue),
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        HelpName = "S",
        Description = "What all chance is derived from.",
        DefaultValueFactory = static _ => SimulationOptions.Default.Seed,
        CustomParser = Parse.Option<ulong>(Parse.Seed),
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        HelpName = "N",
        Description = "How many threads to use; results do not depend on it [default: all cores].",
        CustomParser = static result => Parse.Whole(1, 1024)(result),
    };

    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "text", "json", "csv");

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE.svg",
        Description = "Where to draw the success rate over the fraction; of one host with --sweep.",
    };

    private readonly Option<bool> _quiet =
        Verbosity.Quiet("One line for each allocator and fraction, and no progress.");

    private readonly ModuleOptions _module = new(withKernel: true);
    private readonly Terminal _terminal;

    private SimulateCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        SimulateCommand simulate = new(terminal);
        Command command = new("simulate", "Says how likely the PAMTs still find room once memory is in use.")
        {
            simulate._hosts, simulate._unmovable, simulate._runLength, simulate._sweep, simulate._pageTypeInfo,
            simulate._allocator, simulate._threshold, simulate._trials, simulate._seed, simulate._threads,
            simulate._format, simulate._output, simulate._ndjson, simulate._quiet,
        };
        simulate._module.AddTo(command);
        command.SetAction(simulate.Run);
        return command;
    }

    private static OptionValue<AllocatorPolicy[]> Policies(string text)
    {
        if (text == "all")
            return AllocatorPolicy.All.ToArray();
        List<AllocatorPolicy> policies = [];
        foreach (string name in text.Split(',').Distinct(StringComparer.Ordinal))
        {
            if (!AllocatorPolicy.TryParse(name, out AllocatorPolicy? policy))
            {
                return OptionValue<AllocatorPolicy[]>.Refuse(
                    $"must be all or some of {AllocatorNames}, with commas between");
            }

            policies.Add(policy);
        }

        return policies.ToArray();
    }

    private int Run(ParseResult parsed)
    {
        if (Contradiction(parsed) is { } contradiction)
            return _terminal.Refuse(contradiction);
        string[] files = parsed.GetValue(_hosts)!;
        using CancellationTokenSource interrupt = new();
        ConsoleCancelEventHandler cancel = (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupt.Cancel();
        };
        Console.CancelKeyPress += cancel;
        try
        {
            int code = files.Length > 1 || parsed.GetValue(_ndjson)
                ? AnswerMany(parsed, files, interrupt.Token)
                : AnswerOne(parsed, files[0], interrupt.Token);
            return code == Terminal.Done && interrupt.IsCancellationRequested ? Terminal.Interrupted : code;
        }
        finally
        {
            Console.CancelKeyPress -= cancel;
        }
    }

    private int AnswerOne(ParseResult parsed, string hostFile, CancellationToken interrupt)
    {
        HostDescription host = _terminal.ReadKnownHost(hostFile);
        bool isQuiet = parsed.GetValue(_quiet);
        SimulationQuestion question = Question(parsed, host, hostFile);
        SimulationReport report = question.Answer(
            Options(parsed, Threads(parsed)), _terminal.Progress(isQuiet), interrupt);
        if (parsed.GetValue(_output) is { } file && report.Failure is null)
        {
            if (report.IsComplete)
                _terminal.Write(report, SimulationChart.Write, file);
            else
                _terminal.Report($"{file}: not written, because the sweep was interrupted");
        }

        string format = parsed.GetValue(_format)!;
        if (format == "json")
            _terminal.Write(JsonAnswers.Create([report], SimulationDocument.Write));
        else if (format == "csv")
            _terminal.Write(SimulateCsv.Create(report));
        else
            _terminal.Write(Text(question, report, isQuiet));
        if (report.Failure is { } failure && format == "csv")
            return _terminal.Report(report.Name, failure);
        return report.Failure is not null ? Terminal.Negative
            : report.IsComplete ? Terminal.Done
            : Terminal.Interrupted;
    }

    /// <summary>Simulates many hosts, each on one thread.</summary>
    private int AnswerMany(ParseResult parsed, string[] files, CancellationToken interrupt)
    {
        bool isQuiet = parsed.GetValue(_quiet);
        int threads = Threads(parsed);
        SimulationOptions options = Options(parsed, threads: 1);
        Tally tally = new("hosts", "simulated", "failed", _terminal.Progress(isQuiet));
        Batch batch = new(_terminal, tally, isQuiet, isVerbose: false) { MaxJobs = threads, Interrupt = interrupt };
        if (parsed.GetValue(_ndjson))
        {
            using DocumentLines<SimulationReport> lines = new(
                (line, name, number) => Question(parsed, HostDocument.Parse(line, name, number), hostFile: null)
                    .Answer(options, line: null, interrupt),
                SimulationStream.WriteJson,
                static report => report.Failure is null)
            {
                MaxJobs = threads,
                Take = tally.Report,
            };
            return batch.AnswerLines(files, lines, AnswerForm<SimulationReport>.Json(SimulationStream.WriteJson));
        }

        string format = parsed.GetValue(_format)!;
        return batch.AnswerFiles(
            files,
            file =>
            {
                SimulationQuestion question = Question(parsed, _terminal.ReadKnownHost(file), file);
                return new Simulated(question, question.Answer(options, line: null, interrupt));
            },
            static it => it.Report.Failure is null ? Terminal.Done : Terminal.Negative,
            format == "json" ? AnswerForm<Simulated>.Json(
                    static (it, answers) => SimulationStream.WriteJson(it.Report, answers))
                : format == "csv" ? AnswerForm<Simulated>.Csv(
                    $"name,{SimulateCsv.Header}",
                    static (it, answers) => answers.Bytes.Write(SimulateCsv.Rows(it.Report, withName: true)),
                    writeInvalid: null)
                : AnswerForm<Simulated>.Text(it => Text(it.Question, it.Report, isQuiet), isSpaced: !isQuiet),
            it =>
            {
                tally.Report(it.Report);
                if (format == "csv" && it.Report.Failure is { } failure)
                    _terminal.Report(it.Report.Name, failure);
            });
    }

    private int Threads(ParseResult parsed) => parsed.GetValue(_threads) ?? SimulationOptions.Default.Threads;

    private SimulationOptions Options(ParseResult parsed, int threads) => new()
    {
        Trials = parsed.GetValue(_trials),
        Seed = parsed.GetValue(_seed),
        Threads = threads,
    };

    /// <summary>What to simulate on a host; its file is null where it is a line of one.</summary>
    private SimulationQuestion Question(ParseResult parsed, HostDescription host, string? hostFile)
    {
        double runLength = parsed.GetValue(_runLength);
        List<string> warnings = [];
        return new(
            host,
            _module.Kernel(parsed, host),
            _module.Module(parsed, host),
            parsed.GetValue(_allocator) is { Length: > 0 } named ? named : [DefaultPolicy(parsed, host)],
            Fragmentations(parsed, host.Memory, hostFile, runLength, warnings))
        {
            RunLength = runLength,
            Threshold = parsed.GetValue(_threshold),
            Warnings = warnings,
        };
    }

    private static Page Text(SimulationQuestion question, SimulationReport report, bool isQuiet) => isQuiet
        ? SimulateText.CreateOutcome(report)
        : SimulateText.Create(report, question.Tdmrs, question.PamtPages, question.RunLength);

    /// <summary>The fractions of <c>--sweep</c>; null without it.</summary>
    private double[]? Sweep(ParseResult parsed) =>
        parsed.GetValue(_sweep) is { Length: > 0 } fractions ? fractions : null;

    private AllocatorPolicy DefaultPolicy(ParseResult parsed, HostDescription host) => SimulationQuestion.DefaultPolicy(
        host,
        _module.Kernel(parsed),
        asksForFragmentation: parsed.GetValue(_unmovable) is not null
            || Sweep(parsed) is not null
            || parsed.GetValue(_pageTypeInfo) is not null
            || parsed.GetValue(_threshold) is not null);

    private string? Contradiction(ParseResult parsed)
    {
        bool isSweep = Sweep(parsed) is not null;
        bool isFile = parsed.GetValue(_pageTypeInfo) is not null;
        bool isFraction = parsed.GetValue(_unmovable) is not null;
        string[] hosts = parsed.GetValue(_hosts)!;
        bool isNdjson = parsed.GetValue(_ndjson);
        return isNdjson && Parse.IsGiven(parsed, _format) ? Parse.LinesHaveNoFormat
            : (isNdjson || hosts.Length > 1) && (isFile || parsed.GetValue(_output) is not null)
                ? $"{(isFile ? "--pagetypeinfo" : "--output")} is for one HOST"
            : (isSweep ? 1 : 0) + (isFile ? 1 : 0) + (isFraction ? 1 : 0) > 1
                ? "--unmovable, --sweep and --pagetypeinfo exclude one another"
            : parsed.GetValue(_output) is not null && !isSweep ? "--output draws a --sweep, and there is none"
            : parsed.GetValue(_output) is { } file && Terminal.IsOutput(file)
                ? "--output: the answer goes to standard output; name a file for the chart"
            : parsed.GetValue(_pageTypeInfo) == "-" && hosts.Contains("-")
                ? "--pagetypeinfo: standard input is HOST already"
            : parsed.GetValue(_threshold) is not null && parsed.GetValue(_format) == "csv"
                ? "--threshold has no place in --format csv"
            : null;
    }

    private (double Unmovable, Fragmentation Fragmentation)[] Fragmentations(
        ParseResult parsed, HostMemory host, string? hostFile, double runLength, List<string> warnings)
    {
        if (parsed.GetValue(_pageTypeInfo) is { } file)
            return [Shares(file, _terminal.ReadAll(file, PageTypeInfoMiB), host, runLength, warnings)];
        double? unmovable = parsed.GetValue(_unmovable);
        double[]? sweep = Sweep(parsed);
        if (unmovable is null && sweep is null
            && hostFile is not null && TryReadTable(hostFile, out ReadOnlySpan<byte> text))
        {
            return [Shares(hostFile, text, host, runLength, warnings)];
        }

        double[] fractions = sweep ?? [unmovable ?? DefaultUnmovable];
        return [.. fractions.Select(fraction => (fraction, Fragmentation.Uniform(fraction, runLength)))];
    }

    /// <summary>Reads a file that is a collected machine with its /proc/pagetypeinfo.</summary>
    private bool TryReadTable(string file, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (file == "-")
            return false;
        using (Stream stream = _terminal.Open(file))
        {
            Span<byte> start = stackalloc byte[CollectedStart.Length];
            if (!stream.CanSeek || stream.Length >= PageTypeInfoMiB << 20
                || stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length
                || !start.SequenceEqual(CollectedStart))
            {
                return false;
            }
        }

        text = _terminal.ReadAll(file, PageTypeInfoMiB);
        return text.IndexOf("Number of blocks type"u8) >= 0;
    }

    private static (double Unmovable, Fragmentation Fragmentation) Shares(
        string file, ReadOnlySpan<byte> text, HostMemory host, double runLength, List<string> warnings)
    {
        string name = Terminal.NameOf(file);
        PageTypeInfo table = PageTypeInfo.Parse(Encoding.UTF8.GetString(text), name);
        foreach (int node in host.Nodes)
        {
            if (!table.Zones.Any(zone => zone.Node == node))
                throw new IOException($"{name}: it says nothing of node {node}, which the host has");
        }

        if (table.HasSeveralDumps)
            warnings.Add($"{name} has several dumps of pagetypeinfo: the last one counts");
        warnings.AddRange(table.FindMismatches(host));
        return (Math.Round(table.Unmovable, FractionDigits), Fragmentation.FromZones(table.Zones, runLength));
    }

    /// <summary>What was simulated on one of many hosts, and the answer.</summary>
    private sealed record Simulated(SimulationQuestion Question, SimulationReport Report);
}
