using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>The command's streams and exit codes: answers to stdout, whole or not at all; refusals to stderr.</summary>
internal sealed class Terminal(Stream input, Stream output, TextWriter errors)
{
    internal const int Done = 0;
    internal const int Negative = 1;
    internal const int Refused = 2;
    internal const int Interrupted = 130;

    internal Stream Output => output;

    internal TextWriter Errors => errors;

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

    internal byte[] ReadAll(string file)
    {
        using Stream stream = Open(file);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    internal HostDescription ReadHost(string file)
    {
        using Stream stream = Open(file);
        return HostReader.Read(stream, NameOf(file));
    }

    internal static string NameOf(string file) => file == "-" ? "stdin" : file;

    /// <summary>Writes an answer to a file, which is replaced only by all of it, or to standard output.</summary>
    internal void Write(ReadOnlySpan<byte> bytes, string? file = null)
    {
        if (file is null)
        {
            output.Write(bytes);
            output.Flush();
            return;
        }

        string temporary = file + ".tmp";
        try
        {
            using (FileStream stream = File.Create(temporary))
                stream.Write(bytes);
            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new IOException($"{file}: cannot be written", exception);
        }
    }

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
        catch (Exception exception)
        {
            return Refuse($"internal error: {exception.GetType().Name}: {exception.Message}");
        }
    }

    internal int Refuse(string reason)
    {
        Report(reason);
        return Refused;
    }

    /// <summary>Says on stderr what there is no place for in the answer.</summary>
    internal int Report(string reason)
    {
        errors.WriteLine($"tdxpamt: {reason.ReplaceLineEndings(" ")}");
        return Negative;
    }
}
