using System.Buffers;
using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;
using TdxPamt.Tdmr;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt plan</c>: TDMRs, PAMTs and reserved areas of hosts.</summary>
internal static class PlanCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Boot logs, /proc/iomem or host documents; - or none: standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> format = Parse.OneOf("--format", "What to print; binary is TDMR_INFO blocks", "text", "json", "binary");
        Option<string?> output = new("--output", "-o") { HelpName = "FILE", Description = "Where to write it." };
        Option<bool> ndjson = new("--ndjson")
        {
            Description = "One host document a line in, one plan a line out.",
        };
        Option<PlanStrategies> strategies = new("--strategy")
        {
            HelpName = "NAME[,NAME]",
            Description = $"What to do otherwise than the kernel does: {string.Join(", ", PlanStrategyNames.Each.Select(static each => each.Name()))}.",
            CustomParser = Parse.Option(Parse.Strategies),
        };
        ModuleOptions module = new(withKernel: true);
        Command command = new("plan", "Builds TDMRs, PAMTs and reserved areas as the kernel does.")
        {
            files, format, output, ndjson, strategies,
        };
        module.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(files) is { Length: > 0 } given ? given : ["-"];
            bool isBinary = parsed.GetValue(format) == "binary";
            if (isBinary && names.Length > 1)
                return terminal.Refuse("--format binary takes one file");
            if (parsed.GetValue(ndjson))
            {
                return parsed.GetValue(output) is null
                    ? Stream(terminal, names, module.Kernel(parsed), module.Override(parsed), parsed.GetValue(strategies))
                    : terminal.Refuse("--ndjson writes to standard output, not to --output");
            }

            HostPlan[] plans = [.. names.Select(Plan)];
            if (isBinary && plans[0].Failure is { } failure)
                return terminal.Report($"{plans[0].Host.Name}: initialization failed: {failure}");
            terminal.Write(
                isBinary ? Binary(plans[0], names[0]) : parsed.GetValue(format) == "json" ? Json(plans) : Text(plans),
                parsed.GetValue(output));
            return plans.All(static plan => plan.IsAcceptable) ? Terminal.Done : Terminal.Negative;

            HostPlan Plan(string file)
            {
                HostDescription host = terminal.ReadHost(file);
                return HostPlan.Create(
                    host, module.Kernel(parsed), module.Override(parsed)(host.Module), parsed.GetValue(strategies));
            }
        });
        return command;
    }

    private static int Stream(
        Terminal terminal,
        string[] files,
        KernelModel? kernel,
        Func<ModuleParameters, ModuleParameters> module,
        PlanStrategies strategies)
    {
        bool invalid = false;
        foreach (string file in files)
        {
            using Stream stream = terminal.Open(file);
            invalid |= PlanStream.Run(stream, terminal.Output, Terminal.NameOf(file), kernel, module, strategies).Invalid > 0;
        }

        return invalid ? Terminal.Refused : Terminal.Done;
    }

    /// <summary>One document, indented for readers; of several, one a line.</summary>
    private static ReadOnlySpan<byte> Json(HostPlan[] plans)
    {
        ArrayBufferWriter<byte> buffer = new();
        foreach (HostPlan plan in plans)
        {
            PlanDocument.Write(plan, buffer, indented: plans.Length == 1);
            buffer.Write("\n"u8);
        }

        return buffer.WrittenSpan;
    }

    private static byte[] Binary(HostPlan plan, string file)
    {
        ReadOnlySpan<TdmrInfo> tdmrs = plan.Tdmrs.Span;
        byte[] blocks = new byte[tdmrs.Length * TdmrInfoBlock.Stride];
        try
        {
            TdmrInfoTable.Write(tdmrs, blocks);
            return blocks;
        }
        catch (ArgumentException exception)
        {
            throw new HostFormatException(Terminal.NameOf(file), line: null, property: null, exception.Message);
        }
    }

    private static ReadOnlySpan<byte> Text(HostPlan[] plans)
    {
        StringBuilder text = new();
        foreach (HostPlan plan in plans)
        {
            if (text.Length > 0)
                text.Append('\n');
            PlanText.Append(text, plan);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
