using System.CommandLine;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt doctor</c>: why TDX does or does not start on a machine, and what mends it.</summary>
internal sealed class DoctorCommand
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "A collected machine, a boot log, /proc/iomem or a host document; -: standard input; "
            + "none: this machine.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _format = Parse.OneOf("--format", "What to print", "text", "json");
    private readonly ModuleOptions _module = new(withKernel: true);
    private readonly Terminal _terminal;

    private DoctorCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        DoctorCommand doctor = new(terminal);
        Command command = new("doctor", "Says why TDX does or does not start on a machine, and what mends it.")
        {
            doctor._file, doctor._format,
        };
        doctor._module.AddTo(command);
        command.SetAction(doctor.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? file = parsed.GetValue(_file);
        if (file is null && !OperatingSystem.IsLinux())
            return _terminal.Refuse("doctor looks at Linux; give it a file that was collected there");
        HostDescription host = file is null
            ? HostReader.Read(Collector.Run(name: null), "this machine")
            : _terminal.ReadHost(file);
        HostCheckup checkup = HostCheckup.Create(
            host, _module.Kernel(parsed, host), _module.Module(parsed, host));
        if (parsed.GetValue(_format) == "json")
        {
            _terminal.Write(JsonAnswers.Create([checkup], CheckupDocument.Write));
        }
        else
        {
            Page page = new();
            DoctorText.Append(page, checkup);
            _terminal.Write(page);
        }

        return checkup.Fails ? Terminal.Negative : Terminal.Done;
    }
}
