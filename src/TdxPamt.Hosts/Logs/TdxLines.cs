using System.Text;

namespace TdxPamt.Hosts;

/// <summary>The lines in which a kernel names itself and the TDX module, and what it uses of the module.</summary>
internal sealed class TdxLines(LogPlace place, LoggedMemory memory)
{
    private const int MaxVersion = 100;

    internal bool TryRead(ReadOnlySpan<byte> line)
    {
        if (LogText.TryFind(line, "Linux version "u8, out LogText text)
            && FirstWord(text.Rest) is { Length: > 0 } version
            && LogText.IsDigit(version[0]))
        {
            memory.KernelVersion = ToText(version);
            memory.Start.Keep(StartLine.KernelVersion, line);
            return true;
        }

        if (LogText.TryFind(line, "tdxpamt: name: "u8, out text))
        {
            memory.Name = ToText(LogText.Trim(text.Rest)) ?? memory.Name;
            return true;
        }

        if (line.IndexOf("tdx"u8) < 0 && line.IndexOf("TDX"u8) < 0)
            return false;
        if (LogText.TryFind(line, "== tdxpamt: "u8, out _))
        {
            memory.IsCollected = true;
            return true;
        }

        memory.HasTdx |= line.IndexOf("tdx: "u8) >= 0;
        if (LogText.TryFind(line, "Enable Dynamic PAMT"u8, out _))
        {
            memory.DynamicPamt = true;
            return true;
        }

        if (!LogText.TryFind(line, "private KeyID range"u8, out text))
            return TryReadModule(line);
        if (!text.TrySkip("["u8) || !text.TryInt(out int start) || !text.TrySkip(","u8) || !text.TryInt(out int end)
            || !text.TrySkip(")"u8))
        {
            throw place.Unreadable(line);
        }

        // The first is the module's own.
        memory.MaxTds = Math.Max(0, end - start - 1);
        return true;
    }

    private bool TryReadModule(ReadOnlySpan<byte> line)
    {
        if (ModuleVersion(line) is not { } version)
            return false;
        memory.ModuleVersion = version;
        memory.Start.Keep(StartLine.Module, line);
        return true;
    }

    private static string? ModuleVersion(ReadOnlySpan<byte> line)
    {
        if (LogText.TryFind(line, "Module version: "u8, out LogText text)
            || LogText.TryFind(line, "tdx_host/version: "u8, out text))
        {
            return ToText(Version(text.Rest));
        }

        if (LogText.TryFind(line, "major_version "u8, out text) && text.TryInt(out int major)
            && LogText.TryFind(line, "minor_version "u8, out text) && text.TryInt(out int minor))
        {
            string build = LogText.TryFind(line, "build_num "u8, out text) && text.TryInt(out int number)
                ? FormattableString.Invariant($" build {number}") : "";
            return FormattableString.Invariant($"{major}.{minor}{build}");
        }

        return LogText.TryFind(line, "TDX module "u8, out text) && Version(text.Rest) is { Length: > 2 } version
            ? ToText(version)
            : null;
    }

    private static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> text)
    {
        int length = text.IndexOf((byte)' ');
        return LogText.Trim(length < 0 ? text : text[..length]);
    }

    private static ReadOnlySpan<byte> Version(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> version = LogText.Trim(text);
        int length = 0;
        while (length < version.Length && (LogText.IsDigit(version[length]) || version[length] == '.'))
            length++;
        return version[..length];
    }

    private static string? ToText(ReadOnlySpan<byte> version) => version.IsEmpty ? null
        : PrintableText.Create(Encoding.UTF8.GetString(version[..Math.Min(version.Length, MaxVersion)]));
}
