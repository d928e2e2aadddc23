using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt new</c>: a host document for a machine that is not there yet.</summary>
internal sealed class NewCommand
{
    private const string Typical = "typical";
    private const string None = "none";

    private readonly Option<ulong?> _memory = Size("--memory", "Its memory without that of CXL, whole GiB.");

    private readonly Option<int?> _sockets = new("--sockets")
    {
        HelpName = "N",
        Description = $"How many sockets, 1 to {HostDesign.MaxSockets} [default: 2].",
        CustomParser = static result => Parse.Whole(1, HostDesign.MaxSockets)(result),
    };

    private readonly Option<int?> _clusters = new("--snc")
    {
        HelpName = "N",
        Description = $"How many sub-NUMA clusters each socket has, 1 to {HostDesign.MaxClusters} [default: 1].",
        CustomParser = static result => Parse.Whole(1, HostDesign.MaxClusters)(result),
    };

    private readonly Option<string?> _lowHoles = new("--low-holes")
    {
        HelpName = $"{Typical}|{None}|FILE",
        Description =
            $"The holes: as firmware leaves them, none, or below 4 GiB those of a machine [default: {Typical}].",
        CompletionSources = { Typical, None },
    };

    private readonly Option<ulong?> _cxl =
        Size("--cxl", "Memory of CXL devices: a node without processors per socket.");

    private readonly Option<string?> _like = new("--like")
    {
        HelpName = "FILE",
        Description = "A machine that is scaled to --memory.",
    };

    private readonly Option<string?> _preset = new("--preset")
    {
        HelpName = "NAME",
        Description = "Prints a published machine.",
        CompletionSources = { static _ => PublishedHosts.Names },
    };

    private readonly Option<bool> _list = new("--list") { Description = "Lists the published machines." };
    private readonly Terminal _terminal;

    private NewCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        NewCommand command = new(terminal);
        Command created = new("new", "Writes a host document for a machine that is not there yet.")
        {
            command._memory, command._sockets, command._clusters, command._lowHoles, command._cxl, command._like,
            command._preset, command._list,
        };
        created.SetAction(command.Run);
        return created;
    }

    private static Option<ulong?> Size(string name, string description) => new(name)
    {
        HelpName = "SIZE",
        Description = description,
        CustomParser = static result => Parse.Option<ulong>(Parse.Size)(result),
    };

    private int Run(ParseResult parsed)
    {
        if (Contradiction(parsed) is { } contradiction)
            return _terminal.Refuse(contradiction);
        if (parsed.GetValue(_list))
        {
            _terminal.Write(PublishedHostList.Create());
            return Terminal.Done;
        }

        if (parsed.GetValue(_preset) is { } preset)
        {
            if (!PublishedHosts.TryRead(preset, out string? text))
                return _terminal.Refuse($"--preset: {preset} {Parse.NoneOf(preset, PublishedHosts.Names)}");
            return Write(HostReader.Read(Encoding.UTF8.GetBytes(text), preset));
        }

        if (parsed.GetValue(_memory) is not { } memory)
            return _terminal.Refuse("new needs --memory SIZE, such as 512GiB or 1.5TiB, or --list or --preset NAME");
        return Design(parsed, memory, out HostDescription? host, out string? problem)
            ? Write(host)
            : _terminal.Refuse(problem);
    }

    private string? Contradiction(ParseResult parsed)
    {
        Option[] given =
            [.. parsed.CommandResult.Command.Options.Where(option => Parse.IsGiven(parsed, option))];
        (Option Option, Option[] Together)[] rules = [(_list, []), (_preset, []), (_like, [_memory])];
        foreach ((Option option, Option[] together) in rules)
        {
            if (given.Contains(option) && given.Except([option, .. together]).FirstOrDefault() is { } excluded)
                return $"{option.Name} and {excluded.Name} exclude one another";
        }

        return null;
    }

    private bool Design(
        ParseResult parsed,
        ulong memory,
        [NotNullWhen(true)] out HostDescription? host,
        [NotNullWhen(false)] out string? problem)
    {
        if (parsed.GetValue(_like) is { } like)
            return ScaledHost.TryCreate(_terminal.ReadKnownHost(like), memory, out host, out problem);
        string holes = parsed.GetValue(_lowHoles) ?? Typical;
        return new HostDesign(memory)
        {
            Sockets = parsed.GetValue(_sockets) ?? 2,
            ClustersPerSocket = parsed.GetValue(_clusters) ?? 1,
            CxlBytes = parsed.GetValue(_cxl) ?? 0,
            HasHoles = holes != None,
            LowMemoryOf = holes is Typical or None ? null : _terminal.ReadKnownHost(holes).Memory,
        }.TryCreate(out host, out problem);
    }

    private int Write(HostDescription host)
    {
        _terminal.Write(JsonAnswers.Create([host], HostDocument.Write));
        return Terminal.Done;
    }
}
