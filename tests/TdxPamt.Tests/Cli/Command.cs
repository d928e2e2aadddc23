using System.Diagnostics;
using System.Text;

namespace TdxPamt.Tests.Cli;

/// <summary>The command, run as a process.</summary>
internal static class Command
{
    /// <summary>Where the tests run; hosts/ is below it.</summary>
    private static readonly string Folder = AppContext.BaseDirectory;

    internal static readonly string Dll = Path.GetFullPath(Path.Combine(
        Folder, "../../../../../src/TdxPamt.Cli", Path.GetRelativePath(Path.Combine(Folder, "../../.."), Folder), "TdxPamt.Cli.dll"));

    internal sealed record Result(int ExitCode, string Output, string Errors);

    internal static Result Run(params string[] arguments) => Run(Folder, [], arguments);

    internal static Result RunIn(string folder, params string[] arguments) => Run(folder, [], arguments);

    internal static Result RunWithInput(byte[] input, params string[] arguments) => Run(Folder, input, arguments);

    /// <summary>How to start it, for a test that has to do with the process itself.</summary>
    internal static ProcessStartInfo Start(params string[] arguments) => new("dotnet", [Dll, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.UTF8,
        WorkingDirectory = Folder,
    };

    private static Result Run(string folder, byte[] input, string[] arguments)
    {
        ProcessStartInfo start = Start(arguments);
        start.WorkingDirectory = folder;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want its input.
        }

        process.WaitForExit();
        return new(process.ExitCode, output.Result, errors.Result);
    }
}
