using System.Buffers;
using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;
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
        Option<string> format = new("--format")
        {
            Description = "What to print: text or json.",
            DefaultValueFactory = static _ => "text",
            CustomParser = Parse.Option(
                static text => text is "text" or "json" ? text : throw new FormatException("must be one of text, json")),
        };
        Option<bool> ndjson = new("--ndjson")
        {
            Description = "One host document a line in, one plan a line out.",
        };
        ModuleOptions module = new();
        Command command = new("plan", "Builds TDMRs, PAMTs and reserved areas as the kernel does.")
        {
            files, format, ndjson,
        };
        module.AddTo(command);
        command.SetAction(parsed => terminal.Run(() =>
        {
            string[] names = parsed.GetValue(files) is { Length: > 0 } given ? given : ["-"];
            if (parsed.GetValue(ndjson))
                return Stream(terminal, names, module.Kernel(parsed), module.Override(parsed));
            HostPlan[] plans = [.. names.Select(Read)];
            terminal.Write(parsed.GetValue(format) == "json" ? Json(plans) : Text(plans));
            return plans.Any(static plan => plan.Failure is not null) ? Terminal.Negative : Terminal.Done;

            HostPlan Read(string file)
            {
                using Stream stream = terminal.Open(file);
                HostDescription host = HostReader.Read(stream, Terminal.NameOf(file));
                return HostPlan.Create(host, module.Kernel(parsed), module.Override(parsed)(host.Module));
            }
        }));
        return command;
    }

    private static int Stream(
        Terminal terminal, string[] files, KernelModel? kernel, Func<ModuleParameters, ModuleParameters> module)
    {
        bool invalid = false;
        foreach (string file in files)
        {
            using Stream stream = terminal.Open(file);
            invalid |= PlanStream.Run(stream, terminal.Output, Terminal.NameOf(file), kernel, module).Invalid > 0;
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
