using System.Diagnostics;
using System.Text;

namespace TdxPamt.Tests.Support;

/// <summary>A shell that knows the command as <c>tdxpamt</c>, in the repository.</summary>
internal static class Shell
{
    /// <summary>Runs a script of bash.</summary>
    internal static Command.Result Run(string script)
    {
        string command = $"tdxpamt() {{ dotnet '{Command.Dll}' \"$@\"; }}\n";
        ProcessStartInfo start = new("bash", ["-c", command + script])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Repository.Root,
            Environment = { Command.QuickStart },
        };
        start.Environment["LC_ALL"] = "C.UTF-8"; // bash warns of a language that is not installed.
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, errors.Result);
    }
}
