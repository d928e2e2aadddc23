namespace TdxPamt.Hosts;

/// <summary>Reads a host from a boot log, from /proc/iomem or from a host document, whichever the content is.</summary>
/// <remarks>The lines of logs that are read, and which of them win, are those of docs/model.md#boot-log. Without state,
/// so safe for many threads.</remarks>
/// <example><code>
/// HostDescription host = HostReader.ReadFile(path);
/// HostPlan plan = HostPlan.Create(host, KernelModel.Mainline);
/// Console.WriteLine(plan.Failure is null ? $"{plan.PamtKiB} KiB of PAMTs" : plan.Failure.Message);
/// </code></example>
public static class HostReader
{
    /// <summary>Reads a host from a file.</summary>
    /// <param name="path">The file's path, also for messages and where the content names no host.</param>
    /// <returns>The host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="HostFormatException">The content is empty, not text, says nothing of memory, contradicts itself
    /// or cannot be read; the message says where.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or the path is a folder's.</exception>
    public static HostDescription ReadFile(string path)
    {
        using FileStream content = File.OpenRead(Preconditions.NotNull(path, nameof(path)));
        return Read(content, path);
    }

    /// <summary>Reads a host from text.</summary>
    /// <param name="content">The text, in UTF-8 or ASCII.</param>
    /// <param name="fileName">The file's name, for messages and where the content names no host; "-" is
    /// standard input.</param>
    /// <returns>The host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> is null.</exception>
    /// <exception cref="HostFormatException">The content is empty, not text, says nothing of memory, contradicts itself
    /// or cannot be read; the message says where.</exception>
    public static HostDescription Read(ReadOnlySpan<byte> content, string fileName)
    {
        Preconditions.NotNull(fileName, nameof(fileName));
        BootLog log = new(fileName);
        ReadOnlySpan<byte> text = JsonInput.SkipByteOrderMark(content);
        CompressedText.Refuse(text, fileName);
        if (IsBlank(text, out bool isDocument))
            throw Empty(fileName);
        if (isDocument)
            return ReadJson(text, fileName, log);
        SeeText(text, log);
        log.Feed(text);
        return log.Describe(HostDescription.NameOf(fileName));
    }

    /// <summary>Reads a host from a stream. A log is read line by line, in memory that does not grow with it.</summary>
    /// <param name="content">The text, in UTF-8 or ASCII. It is read to its end and not closed.</param>
    /// <param name="fileName">The file's name, for messages and where the content names no host; "-" is
    /// standard input.</param>
    /// <returns>The host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> or <paramref name="fileName"/>
    /// is null.</exception>
    /// <exception cref="HostFormatException">The content is empty, not text, says nothing of memory, contradicts itself
    /// or cannot be read; the message says where.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static HostDescription Read(Stream content, string fileName)
    {
        Preconditions.NotNull(content, nameof(content));
        Preconditions.NotNull(fileName, nameof(fileName));
        using LineBuffer lines = new(content, BootLog.MaxText, joinsLines: true);
        BootLog log = new(fileName);
        bool blank = true;
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> text = log.Lines == 0 ? JsonInput.SkipByteOrderMark(lines.Text) : lines.Text;
            if (blank)
            {
                CompressedText.Refuse(text, fileName);
                blank = IsBlank(text, out bool isDocument);
                if (isDocument && JsonContent.Create(text, isWhole: false) != JsonContent.JsonKind.Log)
                    return ReadDocument(lines, fileName, log);
                log.IsJson = isDocument;
            }

            if (blank && lines.IsTooLong)
            {
                lines.PassOver();
                continue;
            }

            SeeText(text, log);
            if (lines.IsTooLong)
                log.FeedCut(text);
            else
                log.Feed(text);
        }

        return blank ? throw Empty(fileName) : log.Describe(HostDescription.NameOf(fileName));
    }

    private static HostDescription ReadDocument(LineBuffer lines, string fileName, BootLog log)
    {
        if (!lines.TryReadToEnd(HostDocument.MaxBytes, out ReadOnlySpan<byte> document))
            throw HostDocument.TooLarge(fileName, line: null);
        return ReadJson(document, fileName, log);
    }

    /// <summary>Reads a text that begins with a brace. What looks neither like a host document nor like a log in JSON
    /// is tried as both before it is refused.</summary>
    private static HostDescription ReadJson(ReadOnlySpan<byte> text, string fileName, BootLog log)
    {
        long linesBefore = log.Lines;
        JsonContent.JsonKind kind = JsonContent.Create(text, isWhole: true);
        if (kind == JsonContent.JsonKind.Host)
            return HostDocument.ParseAfter(linesBefore, text, fileName, line: null);
        SeeText(text, log);
        log.IsJson = true;
        log.Feed(text);
        string name = HostDescription.NameOf(fileName);
        if (kind == JsonContent.JsonKind.Log || log.TryDescribe(name, out _) is not null)
            return log.Describe(name);
        try
        {
            return HostDocument.ParseAfter(linesBefore, text, fileName, line: null);
        }
        catch (HostFormatException refusal)
        {
            throw new HostFormatException(
                fileName, refusal.Line, refusal.Property, $"{refusal.Reason}; {JsonContent.Expected}", refusal);
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> text, out bool isDocument)
    {
        int first = 0;
        while (first < text.Length && (LogText.IsSpace(text[first]) || text[first] == '\n'))
            first++;
        isDocument = first < text.Length && text[first] == '{';
        return first == text.Length;
    }

    private static void SeeText(ReadOnlySpan<byte> text, BootLog log)
    {
        if (text.IndexOf((byte)0) >= 0)
            log.SeeNul();
    }

    private static HostFormatException Empty(string fileName) => new(fileName, null, null, "it is empty");
}
