using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>The command's streams and exit codes: answers to stdout, whole or not at all; refusals to stderr.</summary>
internal sealed class Terminal(Stream input, Stream output, TextWriter errors)
{
    internal const int Done = 0;
    internal const int Negative = 1;
    internal const int Refused = 2;

    internal Stream Output => output;

    /// <summary>Opens a file by name, or standard input for <c>-</c>.</summary>
    internal Stream Open(string file)
    {
        if (file == "-")
            return input;
        if (Directory.Exists(file))
            throw new IOException($"{file}: is a folder");
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"{file}: no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{file}: may not be read", exception);
        }
    }

    internal static string NameOf(string file) => file == "-" ? "stdin" : file;

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        output.Flush();
    }

    internal void Write(StringBuilder text) => Write(Encoding.UTF8.GetBytes(text.ToString()));

    /// <summary>Runs a command and turns what its input or its files do wrong into one line and exit code 2.</summary>
    internal int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (HostFormatException refused)
        {
            return Refuse(refused.Message);
        }
        catch (IOException exception)
        {
            return Refuse(exception.Message);
        }
    }

    internal int Refuse(string reason)
    {
        errors.WriteLine($"tdxpamt: {reason.ReplaceLineEndings(" ")}");
        return Refused;
    }
}
