using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt check</c>: what the TDX module says of sets of TDMRs.</summary>
internal static class CheckCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Plans as JSON, as plan prints them or written by hand; - or none: standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> format = Parse.OneOf("--format", "What to print", "json", "text");
        Option<bool> ndjson = new("--ndjson") { Description = "One plan a line in, one verdict a line out." };
        Option<string?> binary = new("--binary")
        {
            HelpName = "FILE",
            Description = "TDMR_INFO blocks, 512 bytes each, instead of plans; with --host.",
        };
        Option<string?> host = new("--host")
        {
            HelpName = "HOST",
            Description = "The host whose CMRs and module go with --binary.",
        };
        ModuleOptions module = new(withKernel: false);
        Verbosity verbosity = new("No summary.", "Adds a summary, on standard error.");
        Command command = new("check", "Says what the TDX module answers to TDMRs.")
        {
            files,
            format,
            ndjson,
            binary,
            host,
        };
        module.AddTo(command);
        verbosity.AddTo(command);
        command.SetAction(parsed =>
        {
            bool isBinary = parsed.GetValue(binary) is not null;
            if (isBinary != parsed.GetValue(host) is not null)
                return terminal.Refuse("--binary and --host go together");
            if (isBinary && (parsed.GetValue(files) is { Length: > 0 } || parsed.GetValue(ndjson)))
                return terminal.Refuse("--binary takes no other files and no --ndjson");
            string[] names = parsed.GetValue(files) is { Length: > 0 } given ? given : ["-"];
            bool isQuiet = verbosity.IsQuiet(parsed);
            bool isVerbose = verbosity.IsVerbose(parsed);
            ProgressLine? progress = parsed.GetValue(ndjson) ? terminal.Progress(isQuiet) : null;
            Tally tally = new("sets of TDMRs", "accepted", "rejected", progress);
            if (parsed.GetValue(ndjson))
                return Stream();
            TdmrSet[] sets = parsed.GetValue(binary) is { } blocks
                ? [ReadBinary(terminal, blocks, parsed.GetValue(host)!)]
                : [.. names.Select(name => PlanDocument.Parse(terminal.ReadAll(name), Terminal.NameOf(name)))];
            (string Name, ModuleVerdict Verdict)[] verdicts =
            [
                .. sets.Select(set => (set.Name, (set with { Module = module.Override(parsed)(set.Module) }).Check())),
            ];
            foreach ((_, ModuleVerdict verdict) in verdicts)
                tally.Report(verdict);
            string summary = tally.Summary();
            if (parsed.GetValue(format) == "text")
                terminal.WriteText(Text(verdicts));
            else
                terminal.Write(Json(verdicts));
            if (verdicts.Length > 1)
                terminal.Summarize(summary, isQuiet, isVerbose);
            return verdicts.All(static verdict => verdict.Verdict.IsAccepted) ? Terminal.Done : Terminal.Negative;

            int Stream()
            {
                long invalid = 0;
                foreach (string file in names)
                {
                    using Stream stream = terminal.Open(file);
                    tally.Share = Tally.ShareOf(stream);
                    invalid += CheckStream.Run(stream, terminal.Output, Terminal.NameOf(file), tally).Invalid;
                }

                terminal.Summarize(tally.Summary(invalid), isQuiet, isVerbose);
                return invalid > 0 ? Terminal.Refused : Terminal.Done;
            }
        });
        return command;
    }

    private static TdmrSet ReadBinary(Terminal terminal, string file, string hostFile)
    {
        ReadOnlySpan<byte> bytes = terminal.ReadAll(file);
        if (!TdmrInfoTable.TryCount(bytes.Length, out int count))
        {
            string reason =
                $"it has {bytes.Length} bytes, which is no multiple of the {TdmrInfoEntry.Stride} of a TDMR_INFO";
            throw new HostFormatException(Terminal.NameOf(file), line: null, property: null, reason);
        }

        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[count];
        TdmrInfoTable.Read(bytes, tdmrs);
        HostDescription host = terminal.ReadHost(hostFile);
        return new(
            host.Name,
            [.. host.Memory.Cmrs.Select(CmrInfo.FromRange)],
            [.. tdmrs],
            host.Module);
    }

    private static ReadOnlySpan<byte> Json((string Name, ModuleVerdict Verdict)[] verdicts)
    {
        ArrayBufferWriter<byte> buffer = new();
        foreach ((string name, ModuleVerdict verdict) in verdicts)
        {
            VerdictDocument.Write(name, verdict, buffer);
            buffer.Write("\n"u8);
        }

        return buffer.WrittenSpan;
    }

    private static StringBuilder Text((string Name, ModuleVerdict Verdict)[] verdicts)
    {
        StringBuilder text = new();
        foreach ((string name, ModuleVerdict verdict) in verdicts)
            text.Append(CultureInfo.InvariantCulture, $"{Printable.Of(name)}: {PlanText.Describe(verdict)}\n");
        return text;
    }
}
