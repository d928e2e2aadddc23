using System.Diagnostics;

namespace TdxPamt.Cli;

/// <summary>Runs the script that collects this machine.</summary>
internal static class Collector
{
    internal static string Script => EmbeddedText.Read("Scripts", "collect");

    /// <summary>Collects this machine, which must run Linux; what cannot be read is said on standard error.</summary>
    internal static byte[] Run(string? name)
    {
        string[] option = name is null ? [] : ["--name", name];
        ProcessStartInfo shell = new("/bin/sh", ["-c", Script, "tdxpamt-collect", .. option])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(shell)!;
        using MemoryStream text = new();
        process.StandardOutput.BaseStream.CopyTo(text);
        process.WaitForExit();
        return text.ToArray();
    }
}
