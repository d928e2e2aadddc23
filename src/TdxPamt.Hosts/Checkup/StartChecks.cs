using static TdxPamt.Hosts.CheckResult;

namespace TdxPamt.Hosts;

/// <summary>The checks before memory: BIOS, kernel and module. Each is proved by a line of its own, or by one of a
/// later step, which TDX would not have reached.</summary>
internal sealed class StartChecks(HostDescription host)
{
    private static readonly string[] Features = ["xsave", "movdir64b", "ss"];

    private readonly IReadOnlyDictionary<StartLine, string> _lines = host.StartLines;
    private readonly HashSet<string> _processor = Words(host, StartLine.Processor);

    /// <summary>A line that is printed after the module's own data were read.</summary>
    private string? BuiltLine =>
        Line(StartLine.Cmr) ?? (host.Reported is { StopReason: null } ? Line(StartLine.Outcome) : null);

    /// <summary>A line that only a kernel with a loaded module prints.</summary>
    private string? LoadedLine => Line(StartLine.Module) ?? Line(StartLine.Rbp) ?? BuiltLine
        ?? (host.Reported?.Completion is not null ? Line(StartLine.Outcome) : null);

    /// <summary>A line that is printed only where the BIOS has TDX on, with KeyIDs, and hibernation is off.</summary>
    private string? PlatformLine =>
        (_processor.Contains("tdx_host_platform") ? Line(StartLine.Processor) : null)
        ?? Line(StartLine.NoFeature) ?? Line(StartLine.NotLoaded) ?? LoadedLine;

    private bool IsIntel => _processor.Contains("GenuineIntel");

    internal IEnumerable<HostCheck> Create() =>
        [Bios(), KeyIds(), Kernel(), Options(), Hibernation(), Cpu(), Module(), Version(), Rbp()];

    private static HashSet<string> Words(HostDescription host, StartLine kind) => new(
        host.StartLines.TryGetValue(kind, out string? line) ? line.Split(' ') : [], StringComparer.Ordinal);

    private string? Line(StartLine kind) => _lines.TryGetValue(kind, out string? line) ? line : null;

    private static HostCheck Check(string id, CheckResult result, string evidence, string action = "") =>
        new(id, result, evidence, action);

    private HostCheck NotSaid(string id) =>
        new(id, Unknown, "no line of the input says it", CheckupWords.HowToKnow(host));

    private HostCheck Bios()
    {
        const string turnOn = "turn on TME, TME-MT and TDX in the BIOS setup, and boot again";
        string? proof = Line(StartLine.KeyIds) ?? Line(StartLine.FewKeyIds) ?? Line(StartLine.HibernationStops)
            ?? PlatformLine;
        if (Line(StartLine.NotEnabled) is { } off)
            return Check("bios", Fail, off, turnOn);
        if (proof is not null)
            return Check("bios", Pass, proof);
        if (_processor.Count == 0)
            return NotSaid("bios");
        if (!IsIntel)
        {
            return Check(
                "bios", Fail, Line(StartLine.Processor)!, "use a machine with an Intel processor that has TDX");
        }

        bool isKnown = host.Kernel is not null && Hibernation().Result == Pass;
        return isKnown
            ? Check("bios", Fail, $"{Line(StartLine.Processor)}: no tdx_host_platform", turnOn)
            : Check("bios", Unknown, $"{Line(StartLine.Processor)}: no tdx_host_platform", turnOn);
    }

    private HostCheck KeyIds()
    {
        const string more = "give TDX more KeyIDs in the BIOS setup (TME-MT/TDX key split), and boot again";
        string? line = Line(StartLine.KeyIds);
        if (Line(StartLine.FewKeyIds) is { } few)
            return Check("keyids", Fail, few, more);
        if (host.MaxTds is { } tds)
        {
            return tds > 0
                ? Check("keyids", Pass, $"{line ?? "the input"}: {Quantities.Count(tds, "TD")}")
                : Check("keyids", Fail, $"{line}: no TD", more);
        }

        return (PlatformLine ?? Line(StartLine.HibernationStops)) is { } proof
            ? Check("keyids", Pass, proof)
            : NotSaid("keyids");
    }

    private HostCheck Kernel()
    {
        string? line = Line(StartLine.KernelVersion);
        if ((Line(StartLine.KeyIds) ?? PlatformLine) is { } proof)
            return Check("kernel", Pass, line ?? proof);
        if (host.Kernel is { } kernel)
            return Check("kernel", Pass, line ?? $"the host document names {kernel}");
        return line is null
            ? NotSaid("kernel")
            : Check("kernel", Fail, line, "boot Linux 6.8 or later, built with CONFIG_INTEL_TDX_HOST=y");
    }

    private HostCheck Options()
    {
        if (Line(StartLine.Option) is { } option)
        {
            return option[^1] is 'Y' or 'y' or '1' || option.EndsWith("on", StringComparison.Ordinal)
                ? Check("options", Pass, option)
                : Check("options", Fail, option, "boot with kvm_intel.tdx=1");
        }

        return host.Kernel?.PamtTime != PamtTime.Boot && BuiltLine is { } proof
            ? Check("options", Pass, proof)
            : NotSaid("options");
    }

    private HostCheck Hibernation()
    {
        const string turnOff = "boot with nohibernate";
        if (Line(StartLine.HibernationStops) is { } stopped)
            return Check("hibernation", Fail, stopped, turnOff);
        if (PlatformLine is { } proof)
            return Check("hibernation", Pass, proof);
        if (Line(StartLine.Hibernation) is not { } line)
            return NotSaid("hibernation");
        bool isOff = line.EndsWith("nohibernate", StringComparison.Ordinal)
            || line.EndsWith(": none", StringComparison.Ordinal) || line.Contains("[disabled]");
        return isOff ? Check("hibernation", Pass, line) : Check("hibernation", Fail, line, turnOff);
    }

    private HostCheck Cpu()
    {
        const string turnOn = "turn the feature on in the BIOS setup, and boot without an option that clears it";
        if ((LoadedLine ?? Line(StartLine.NotLoaded)) is { } proof)
            return Check("cpu", Pass, proof);
        if (Line(StartLine.NoFeature) is { } missing)
            return Check("cpu", Fail, missing, turnOn);
        if (_processor.Count == 0)
            return NotSaid("cpu");
        string[] lacks = [.. Features.Where(feature => !_processor.Contains(feature))];
        return lacks.Length == 0
            ? Check("cpu", Pass, Line(StartLine.Processor)!)
            : !IsIntel ? Check("cpu", Fail, Line(StartLine.Processor)!, CheckupWords.SeeAbove)
            : Check("cpu", Fail, $"{Line(StartLine.Processor)}: no {string.Join(", no ", lacks)}", turnOn);
    }

    private HostCheck Module()
    {
        if (Line(StartLine.NotLoaded) is { } missing)
        {
            return Check(
                "module", Fail, missing, "update the BIOS, which loads the TDX module, and turn on its SEAM loader");
        }

        return LoadedLine is { } proof ? Check("module", Pass, proof) : NotSaid("module");
    }

    private HostCheck Version()
    {
        if (host.ModuleVersion is not { } version)
            return NotSaid("version");
        string line = Line(StartLine.Module) ?? version;
        string[] parts = version.Split('.', ' ');
        bool isOld = parts[0] == "0" || (parts[0] == "1" && parts.Length > 1 && parts[1] is "0" or "00");
        bool hasStarted = host.Reported is { HasStarted: true };
        return isOld
            ? Check(
                "version",
                hasStarted ? Warn : Fail,
                line,
                "update the TDX module to 1.5 or later, usually with the BIOS")
            : Check("version", Pass, line);
    }

    private HostCheck Rbp()
    {
        if (Line(StartLine.Rbp) is { } bug)
            return Check("rbp", Fail, bug, "update the TDX module to one that has NO_RBP_MOD, usually with the BIOS");
        if (host.Kernel is { PamtTime: PamtTime.Boot } && BuiltLine is { } proof)
            return Check("rbp", Pass, proof);
        return host.Kernel is { PamtTime: not PamtTime.Boot }
            ? Check("rbp", Unknown, "Linux looks at it from 7.1 on")
            : NotSaid("rbp");
    }
}
