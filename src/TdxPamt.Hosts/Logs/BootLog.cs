namespace TdxPamt.Hosts;

/// <summary>Reads boot logs and /proc/iomem line by line, in memory that does not grow with
/// them; docs/model.md#boot-log.</summary>
/// <remarks>A line is recognized by words wherever they stand in it, so that no prefix matters. A line that is
/// recognized but cannot be read is refused rather than skipped: a map with a gap would give a wrong plan.</remarks>
internal sealed class BootLog
{
    /// <summary>No kernel line that matters is longer, in bytes; longer text is split at time stamps.</summary>
    internal const int MaxLine = 16 * 1024;

    /// <summary>How much of a text without line ends is read, in bytes: far more than a whole log.</summary>
    internal const int MaxText = 8 << 20;

    private readonly string _fileName;
    private readonly LogPlace _place;
    private readonly LoggedMemory _memory = new();
    private readonly E820Lines _e820;
    private readonly NodeLines _nodes;
    private readonly CmrLines _cmrs;
    private readonly IomemLines _iomem;
    private readonly TdxLines _tdx;
    private readonly TotalLines _totals;
    private byte[] _clean = new byte[MaxLine];
    private byte[] _message = [];

    internal BootLog(string fileName)
    {
        _fileName = fileName;
        _place = new(fileName);
        _e820 = new(_place, _memory);
        _nodes = new(_place, _memory);
        _cmrs = new(_place, _memory);
        _iomem = new(_place, _memory);
        _tdx = new(_place, _memory);
        _totals = new(_place, _memory);
    }

    /// <summary>How many lines were fed so far.</summary>
    internal long Lines => _place.Line;

    /// <summary>Whether it is a log in JSON, in which a message may be an array of bytes.</summary>
    internal bool IsJson { get; set; }

    /// <summary>Takes whole lines, in portions that the nearest caches hold.</summary>
    internal void Feed(ReadOnlySpan<byte> text)
    {
        while (text.Length > LineBuffer.ChunkBytes)
        {
            int length = LineBuffer.LastLineEnd(text[..LineBuffer.ChunkBytes], 0, joinsLines: true) + 1;
            if (length > 0)
            {
                FeedPortion(text[..length]);
            }
            else
            {
                length = EndOf(text, 0, text.Length, out _);
                FeedLong(text[..length]);
                length = Math.Min(length + 1, text.Length);
            }

            text = text[length..];
        }

        FeedPortion(text);
    }

    /// <summary>Takes the first bytes of a line that is too long to be read whole.</summary>
    internal void FeedCut(ReadOnlySpan<byte> text)
    {
        FeedLong(text);
        _memory.Warn($"line {_place.Line} has more than {MaxText >> 20} MiB: the rest of it is passed over");
    }

    /// <summary>Notes that bytes of 0 were there, which count as line ends.</summary>
    internal void SeeNul() => _memory.HasNul = true;

    /// <summary>Describes the host, once all of the log was fed.</summary>
    internal HostDescription Describe(string name) =>
        TryDescribe(name, out string? refusal)
        ?? throw new HostFormatException(_fileName, line: null, property: null, refusal!);

    /// <summary>Describes the host, or says why there is none.</summary>
    internal HostDescription? TryDescribe(string name, out string? refusal) => _memory.Describe(name, out refusal);

    private void FeedLong(ReadOnlySpan<byte> line)
    {
        _place.Line++;
        ReadLongLine(line);
        _place.Line += LineBuffer.CountLines(line);
    }

    private void FeedPortion(ReadOnlySpan<byte> text)
    {
        if (IsJson && text.IndexOf("\"MESSAGE\":["u8) + text.IndexOf("\"MESSAGE\" : ["u8) > -2)
        {
            FeedMessages(text);
            return;
        }

        LogAnchors anchors = new(text);
        int position = 0;
        for (int place; (place = anchors.Next(position)) >= 0;)
        {
            int start = position + text[position..place].LastIndexOf((byte)'\n') + 1;
            int end = EndOf(text, place, MaxLine, out int joins);
            _place.Line += LineBuffer.CountLines(text[position..start]) + 1;
            ReadOnlySpan<byte> line = text[start..end];
            if (line.Length > MaxLine)
                ReadLongLine(line);
            else
                ReadLine(line);
            _place.Line += joins;
            position = Math.Min(end + 1, text.Length);
        }

        _place.Line += LineBuffer.CountLines(text[position..]);
    }

    /// <summary>Takes lines of which some hold bytes as numbers, in which no word can be searched for.</summary>
    private void FeedMessages(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            _place.Line++;
            ReadLine(end < 0 ? text : text[..end]);
            text = end < 0 ? default : text[(end + 1)..];
        }
    }

    /// <summary>Where a line ends; quoted-printable text goes on after an equals sign at the end of a line, up to
    /// <paramref name="max"/> bytes behind <paramref name="place"/>.</summary>
    private static int EndOf(ReadOnlySpan<byte> text, int place, int max, out int joins)
    {
        int end = place;
        for (joins = 0; ; joins++)
        {
            int length = text[end..].IndexOf((byte)'\n');
            if (length < 0)
                return text.Length;
            end += length;
            if (!LineBuffer.EndsInJoin(text[..end]) || end + 1 == text.Length || end - place > max)
                return end;
            end++;
        }
    }

    /// <summary>Reads a line that may hold a whole log, if any of its words matters.</summary>
    private void ReadLongLine(ReadOnlySpan<byte> line)
    {
        if (new LogAnchors(line).Next(0) < 0)
            return;
        ReadLine(line);
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf((byte)'{') < 0 && line.IndexOf("\"msg\""u8) < 0)
        {
            ReadText(line);
            return;
        }

        ReadOnlySpan<byte> name = LogLine.MessageName(line);
        bool isJson = false;
        if (!name.IsEmpty && _message.Length < line.Length)
            _message = new byte[line.Length];
        while (!name.IsEmpty && LogLine.TryCutMessage(ref line, name, _message, out ReadOnlySpan<byte> message))
        {
            isJson = true;
            ReadText(message);
        }

        if (!isJson)
            ReadText(line);
    }

    private void ReadText(ReadOnlySpan<byte> line)
    {
        if (_clean.Length < line.Length)
            _clean = new byte[line.Length];
        ReadOnlySpan<byte> text = _clean.AsSpan(0, LogLine.Clean(line, _clean));
        while (!text.IsEmpty)
        {
            int length = LogLine.FirstLength(text);
            if (length <= MaxLine)
                ReadKernelLine(text[..length]);
            else if (new LogAnchors(text[..length]).Next(0) >= 0)
                WarnOfLength();
            text = text[length..];
            if (!text.IsEmpty && text[0] == '\n')
                text = text[1..];
        }
    }

    private void WarnOfLength() =>
        _memory.Warn($"line {_place.Line} has more than {MaxLine} bytes without a time stamp: it is passed over");

    private void ReadKernelLine(ReadOnlySpan<byte> line)
    {
        _memory.Start.See(line);
        _ = _e820.TryRead(line) || _nodes.TryReadSrat(line) || _e820.TryReadOtherMap(line) || _nodes.TryReadRange(line)
            || TryReadHeader(line) || _nodes.TryReadFallback(line) || _nodes.TryReadFact(line) || _cmrs.TryRead(line)
            || TryReadOutcome(line) || _tdx.TryRead(line) || _iomem.TryRead(line) || _totals.TryRead(line);
    }

    private bool TryReadHeader(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("BIOS-provided physical RAM map"u8) >= 0)
            _memory.StartBiosMap(_place.Line);
        else if (line.IndexOf("user-defined physical RAM map"u8) >= 0)
            _memory.StartOtherMap(LoggedMemory.MapSource.User, _place.Line);
        else if (line.IndexOf("modified physical RAM map"u8) >= 0)
            _memory.StartOtherMap(LoggedMemory.MapSource.Modified, _place.Line);
        else if (line.IndexOf("extended physical RAM map"u8) >= 0)
            _memory.StartOtherMap(LoggedMemory.MapSource.Extended, _place.Line);
        else if (line.IndexOf("Early memory node ranges"u8) >= 0)
            _memory.StartNodeRanges();
        else
            return false;
        return true;
    }

    private bool TryReadOutcome(ReadOnlySpan<byte> line)
    {
        ReportedOutcome? outcome = _memory.Outcome;
        bool isOutcome = LoggedOutcome.TryRead(line, ref outcome, out bool readable);
        // The number that follows a sentence, and the sentence that follows a figure, say less.
        if (isOutcome && (outcome?.Error != _memory.Outcome?.Error || outcome?.PamtKiB != _memory.Outcome?.PamtKiB
            || _memory.Outcome is null))
        {
            _memory.Start.Keep(StartLine.Outcome, line);
        }

        _memory.Outcome = outcome;
        return readable ? isOutcome : throw _place.Unreadable(line);
    }
}
