using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>The command's streams and exit codes: answers to stdout, whole or not at all; refusals to stderr.</summary>
/// <param name="input">Standard input.</param>
/// <param name="output">Standard output.</param>
/// <param name="errors">Standard error.</param>
/// <param name="screen">The terminal that standard output is; null where it is a file or a pipe.</param>
/// <param name="isTyped">Whether standard input is a terminal.</param>
/// <param name="isWatched">Whether standard error is a terminal.</param>
internal sealed class Terminal(
    Stream input, Stream output, TextWriter errors, Screen? screen, bool isTyped = false, bool isWatched = false)
{
    internal const int Done = 0;
    internal const int Negative = 1;
    internal const int Refused = 2;
    internal const int Interrupted = 130;
    internal const int ReaderClosed = 141;

    /// <summary>Longer messages lose their middle.</summary>
    private const int MaxMessage = 1000;

    private ProgressLine? _progress;
    private bool _inputIsTaken;

    internal Stream Output => output;

    /// <summary>A line that shows the progress of long work; null where standard error is no terminal.</summary>
    internal ProgressLine? Progress(bool quiet) =>
        _progress = quiet || !isWatched ? null : new(errors, Math.Max(20, Console.WindowWidth), TimeProvider.System);

    /// <summary>Says the totals of long work on stderr, if that is a terminal or they are asked for.</summary>
    internal void Summarize(string summary, bool quiet, bool verbose)
    {
        if (!quiet && (verbose || isWatched))
            errors.WriteLine(summary);
    }

    /// <summary>Opens a file by name, or standard input for <c>-</c>.</summary>
    internal Stream Open(string file)
    {
        if (file == "-")
        {
            if (Interlocked.Exchange(ref _inputIsTaken, true))
                throw new IOException("stdin: it can be read only once");
            if (isTyped)
                errors.WriteLine("tdxpamt: reads from the terminal; Ctrl+D on a line of its own ends the input");
            return input;
        }

        if (Directory.Exists(file))
            throw new IOException($"{NameOf(file)}: is a folder");
        try
        {
            return RawName.TryEncode(file, out byte[]? name) ? Posix.OpenRead(name) : File.OpenRead(file);
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new IOException($"{NameOf(file)}: no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{NameOf(file)}: may not be read", exception);
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="HostFormatException">It has <paramref name="limitMiB"/> MiB or more.</exception>
    internal ReadOnlySpan<byte> ReadAll(string file, int limitMiB = 32)
    {
        using Stream stream = Open(file);
        int limit = limitMiB << 20;
        byte[] bytes = new byte[64 * 1024];
        int length = 0;
        for (int read; (read = stream.Read(bytes, length, bytes.Length - length)) > 0;)
        {
            length += read;
            if (length >= limit)
                throw new HostFormatException(NameOf(file), null, null, $"it has {limitMiB} MiB or more");
            if (length == bytes.Length)
                Array.Resize(ref bytes, 2 * bytes.Length);
        }

        return bytes.AsSpan(0, length);
    }

    internal HostDescription ReadHost(string file)
    {
        using Stream stream = Open(file);
        return HostReader.Read(stream, NameOf(file));
    }

    /// <summary>Reads a host whose input says what memory there is.</summary>
    internal HostDescription ReadKnownHost(string file) => ReadHost(file).ThrowIfIncomplete(NameOf(file));

    /// <summary>Reads a host that is not too large to search strategies for.</summary>
    internal HostDescription ReadHostToSearch(string file) => ReadKnownHost(file).ThrowIfTooLarge(NameOf(file));

    internal static string NameOf(string file) => file == "-" ? "stdin" : RawName.ToText(file);

    /// <summary>Whether a name, or none, stands for standard output.</summary>
    internal static bool IsOutput(string? file) => file is null or "-" or "/dev/stdout";

    /// <summary>Writes an answer to a file, which is replaced only by all of it, or to standard output.</summary>
    internal void Write(ReadOnlySpan<byte> bytes, string? file = null)
    {
        if (!IsOutput(file))
        {
            if (RawName.TryEncode(file!, out _))
                throw new IOException($"{NameOf(file!)}: cannot be written: its name is not UTF-8");
            OutputFile.Write(file!, bytes);
            return;
        }

        output.Write(bytes);
        output.Flush();
    }

    /// <summary>Writes what writes itself to a stream, such as a drawing, to a file.</summary>
    internal void Write<T>(T subject, Action<T, Stream> write, string file)
    {
        using MemoryStream whole = new();
        write(subject, whole);
        Write(whole.ToArray(), file);
    }

    /// <summary>Writes text for reading: to a terminal in its width and colours, plain to anything else.</summary>
    internal void Write(Page page, string? file = null)
    {
        if (IsOutput(file) && screen is not null)
        {
            screen.Show(page);
        }
        else if (IsOutput(file))
        {
            WritePlainText(page, output);
            output.Flush();
        }
        else
        {
            Write(page, WritePlainText, file!);
        }
    }

    /// <summary>Writes an answer among many: a page as <see cref="Write(Page, string?)"/> does, or bytes.</summary>
    /// <param name="page">The page; null for none.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="whole">Where the answers of a file are kept until all are there; null is standard output.</param>
    /// <param name="isSpaced">Whether a blank line comes before.</param>
    internal void WriteAnswer(Page? page, ReadOnlySpan<byte> bytes, Stream? whole, bool isSpaced)
    {
        if (screen is not null)
            _progress?.Clear();
        if (page is not null && whole is null && screen is not null)
        {
            if (isSpaced)
                screen.Show(new PageLine("", Outcome.Neutral));
            screen.Show(page);
            return;
        }

        Stream stream = whole ?? output;
        if (page is not null && isSpaced)
            stream.Write("\n"u8);
        if (page is not null)
            WritePlainText(page, stream);
        else
            stream.Write(bytes);
    }

    private static void WritePlainText(Page page, Stream stream)
    {
        using StreamWriter text = new(stream, bufferSize: 64 * 1024, leaveOpen: true);
        page.WritePlainText(text);
    }

    /// <summary>Refuses standard input as several inputs.</summary>
    internal static void ThrowIfInputIsNamedTwice(string[] files)
    {
        if (files.Count(static file => file == "-") > 1)
            throw new IOException("stdin: it can be read only once");
    }

    /// <summary>Runs a command; what is wrong with its input or its files becomes one line and exit code 2.</summary>
    internal int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (ClosedReaderException)
        {
            return ReaderClosed;
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

    /// <summary>Says on stderr why a host has no TDMRs, where the answer has no place for it.</summary>
    internal int Report(string host, TdmrFailure failure) => Report($"{host}: initialization failed: {failure}");

    /// <summary>Says on stderr what the answer has no place for.</summary>
    internal int Report(string reason)
    {
        _progress?.Clear();
        errors.WriteLine($"tdxpamt: {PrintableText.Create(Shortened(reason))}");
        return Negative;
    }

    private static string Shortened(string reason) => reason.Length <= MaxMessage
        ? reason
        : $"{reason[..(MaxMessage / 2)]}...{reason[^(MaxMessage / 2)..]}";
}
