using System.CommandLine;
using System.Text;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt collect</c>: what a plan of this machine needs, as one text.</summary>
internal sealed class CollectCommand
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Where to write it.",
    };

    private readonly Option<string?> _name = new("--name")
    {
        HelpName = "NAME",
        Description = "The machine's name; without it the text has none.",
    };

    private readonly Option<bool> _script = new("--script")
    {
        Description = "Prints the shell script that does it, for machines that have nothing installed.",
    };

    private readonly Terminal _terminal;

    private CollectCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        CollectCommand collect = new(terminal);
        Command command = new(
            "collect", "Writes what a plan of this machine needs, as one text; as root for all of it.")
        {
            collect._output, collect._name, collect._script,
        };
        command.SetAction(collect.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_script))
        {
            _terminal.Write(Encoding.UTF8.GetBytes(Collector.Script), parsed.GetValue(_output));
            return Terminal.Done;
        }

        if (!OperatingSystem.IsLinux())
            return _terminal.Refuse("collect runs on Linux; collect --script prints what to run there");
        _terminal.Write(Collector.Run(parsed.GetValue(_name)), parsed.GetValue(_output));
        return Terminal.Done;
    }
}
