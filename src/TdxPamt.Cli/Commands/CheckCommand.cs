using System.CommandLine;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt check</c>: what the TDX module answers to sets of TDMRs.</summary>
internal sealed class CheckCommand
{
    private static readonly string ReleaseNames = string.Join(", ", TdxModuleRelease.All);

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Plans as JSON, as plan prints them or written by hand; - or none: standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "json", "text");

    private readonly Option<bool> _ndjson = new("--ndjson")
    {
        Description = "One plan a line in, one verdict a line out.",
    };

    private readonly Option<string?> _binary = new("--binary")
    {
        HelpName = "FILE",
        Description = "TDMR_INFO blocks, 512 bytes each, instead of plans; with --host.",
    };

    private readonly Option<string?> _host = new("--host")
    {
        HelpName = "HOST",
        Description = "The host whose CMRs and module go with --binary.",
    };

    private readonly Option<TdxModuleRelease?> _release = new("--module-release")
    {
        HelpName = "NAME",
        Description = $"Whose answer to give, from TDH.SYS.INIT on: {ReleaseNames} [default: the TDH.SYS.CONFIG of "
            + $"{TdxModuleRelease.V1525}].",
        CompletionSources = { TdxModuleRelease.All.Select(static release => release.Name).ToArray() },
        CustomParser = Parse.Option<TdxModuleRelease>(static text =>
            TdxModuleRelease.TryParse(text, out TdxModuleRelease? release)
                ? release
                : OptionValue<TdxModuleRelease>.Refuse(
                    Parse.NoneOf(text, TdxModuleRelease.All.Select(static release => release.Name)))),
    };

    private readonly Option<int?> _addressBits = new("--physical-address-bits")
    {
        HelpName = "N",
        Description = "How many physical address bits the processor has; the upper ones select a key [default: 52].",
        CustomParser = static result => Parse.Whole(32, 52)(result),
    };

    private readonly ModuleOptions _module = new(withKernel: false);
    private readonly Verbosity _verbosity = new("No summary.", "Adds a summary, on standard error.");
    private readonly Terminal _terminal;

    private CheckCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        CheckCommand check = new(terminal);
        Command command = new("check", "Says what the TDX module answers to TDMRs.")
        {
            check._files, check._format, check._ndjson, check._binary, check._host, check._release, check._addressBits,
        };
        check._module.AddTo(command);
        check._verbosity.AddTo(command);
        command.SetAction(check.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        if (Contradiction(parsed) is { } contradiction)
            return _terminal.Refuse(contradiction);
        string? binary = parsed.GetValue(_binary);
        bool isNdjson = parsed.GetValue(_ndjson);
        string[] files = binary is not null ? [binary]
            : parsed.GetValue(_files) is { Length: > 0 } given ? given
            : ["-"];
        bool isQuiet = _verbosity.IsQuiet(parsed);
        bool isLong = isNdjson || files.Length > 1;
        Func<TdmrSet, TdmrSet> change = Change(parsed);
        Tally tally = new("sets of TDMRs", "accepted", "not accepted", isLong ? _terminal.Progress(isQuiet) : null);
        Batch batch = new(_terminal, tally, isQuiet, _verbosity.IsVerbose(parsed));
        if (isNdjson)
        {
            using DocumentLines<CheckedSet> lines = new(
                (line, name, number) => CheckedSet.Create(PlanDocument.Parse(line, name, number), change),
                CheckStream.WriteJson,
                static it => it.Works)
            {
                Take = it => tally.Report(it.Verdict),
            };
            return batch.AnswerLines(files, lines, AnswerForm<CheckedSet>.Json(CheckStream.WriteJson));
        }

        return batch.AnswerFiles(
            files,
            file => binary is not null
                ? CheckedFile.Create(CheckedSet.Create(ReadBinary(file, parsed.GetValue(_host)!), change))
                : CheckedFile.Create(_terminal.ReadAll(file), Terminal.NameOf(file), change),
            static file => file.ExitCode,
            parsed.GetValue(_format) == "text"
                ? AnswerForm<CheckedFile>.Text(static file => file.ToPage(), isSpaced: false)
                : AnswerForm<CheckedFile>.Json(static (file, answers) => file.WriteJson(answers)),
            file => file.CountIn(tally));
    }

    private string? Contradiction(ParseResult parsed)
    {
        bool isNdjson = parsed.GetValue(_ndjson);
        bool isBinary = parsed.GetValue(_binary) is not null;
        return isBinary != parsed.GetValue(_host) is not null ? "--binary and --host go together"
            : isBinary && (parsed.GetValue(_files) is { Length: > 0 } || isNdjson)
                ? "--binary takes no other files and no --ndjson"
            : isNdjson && Parse.IsGiven(parsed, _format) ? Parse.LinesHaveNoFormat
            : null;
    }

    private TdmrSet ReadBinary(string file, string hostFile)
    {
        ReadOnlySpan<byte> bytes = _terminal.ReadAll(file);
        if (!TdmrInfoTable.TryCount(bytes.Length, out int count))
        {
            string reason =
                $"it has {bytes.Length} bytes, which is no multiple of the {TdmrInfoEntry.Stride} of a TDMR_INFO";
            throw new HostFormatException(Terminal.NameOf(file), line: null, property: null, reason);
        }

        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[count];
        TdmrInfoTable.Read(bytes, tdmrs);
        HostDescription host = _terminal.ReadKnownHost(hostFile);
        if (HostDescription.WhyTooManyCmrs(host.Memory.Cmrs.Count) is { } tooMany)
            throw new HostFormatException(Terminal.NameOf(hostFile), line: null, "cmrs", tooMany);
        return new(
            host.Name,
            [.. host.Memory.Cmrs.Select(CmrInfo.FromRange)],
            [.. tdmrs],
            host.Module)
        {
            CmrsUnknown = host.Memory.Cmrs.Count == 0,
        };
    }

    /// <summary>What the options make of a document.</summary>
    private Func<TdmrSet, TdmrSet> Change(ParseResult parsed)
    {
        Func<ModuleParameters, ModuleParameters> module = _module.Override(parsed);
        TdxModuleRelease? release = parsed.GetValue(_release);
        int? addressBits = parsed.GetValue(_addressBits);
        return set => set with
        {
            Module = module(set.Module) with { PhysicalAddressBits = addressBits ?? set.Module.PhysicalAddressBits },
            Release = release,
        };
    }
}
