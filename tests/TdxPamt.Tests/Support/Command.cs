using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace TdxPamt.Tests.Support;

/// <summary>The command: run as a process, or where it is all the same in this one, which starts no runtime.</summary>
internal static partial class Command
{
    /// <summary>Where the tests run; hosts/ is below it.</summary>
    private static readonly string Folder = AppContext.BaseDirectory;

    internal static readonly string Dll = Path.GetFullPath(Path.Combine(
        Folder,
        "../../../../../src/TdxPamt.Cli",
        Path.GetRelativePath(Path.Combine(Folder, "../../.."), Folder),
        "TdxPamt.Cli.dll"));

    internal sealed record Result(int ExitCode, string Output, string Errors)
    {
        /// <summary>The answer in JSON, with nothing said beside it.</summary>
        internal JsonElement Json(int exitCode)
        {
            ExitCode.Should().Be(exitCode);
            Errors.Should().BeEmpty();
            return JsonDocument.Parse(Output).RootElement;
        }

        internal void ShouldBeRefused(string reason)
        {
            ExitCode.Should().Be(2);
            Output.Should().BeEmpty();
            Errors.Should().Contain(reason).And.EndWith("\n").And.NotContain("   at ");
            Errors.Count(static character => character == '\n').Should().Be(1);
        }
    }

    internal static Result Run(params string[] arguments) => RunWithInput([], arguments);

    internal static Result RunIn(string folder, params string[] arguments) => Run(folder, [], arguments);

    internal static Result RunWithInput(byte[] input, params string[] arguments)
    {
        Result? result = null;
        RunHere(input, arguments, ref result);
        return result ?? Run(Folder, input, arguments);
    }

    /// <summary>Compiles what it runs quickly: the command's own setting is for long streams, and takes most of the
    /// time of a short run.</summary>
    internal static KeyValuePair<string, string?> QuickStart { get; } = new("DOTNET_TC_QuickJit", "1");

    /// <summary>How to start it, for a test that has to do with the process itself.</summary>
    internal static ProcessStartInfo Start(params string[] arguments) => new("dotnet", [Dll, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.UTF8,
        WorkingDirectory = Folder,
        Environment = { QuickStart },
    };

    /// <summary>Starts it, presses Ctrl+C once it is at work, and waits for its end.</summary>
    internal static Result Interrupt(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent as on Linux");
        ProcessStartInfo start = Start(arguments);
        // A test run in the background may ignore the signal, and so would what it starts.
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, "--default-signal=INT");
        start.FileName = "env";
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            // Work begins once the command has started: there is no other sign of it from outside.
            while (!process.HasExited && process.TotalProcessorTime < TimeSpan.FromSeconds(1.5))
            {
                Thread.Sleep(50);
                process.Refresh();
            }

            using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            process.WaitForExit();
            return new(process.ExitCode, output.Result, errors.Result);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>Gives a test a folder of its own, which goes when it ends.</summary>
    internal static void InFolder(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs it in this process, in tests that have it and run in the folder that they are in.</summary>
    static partial void RunHere(byte[] input, string[] arguments, ref Result? result);

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
