namespace TdxPamt.Hosts;

/// <summary>Reads boot logs and /proc/iomem line by line, in memory that does not grow with
/// them; docs/model.md#boot-log.</summary>
/// <remarks>A line is recognized by words wherever they stand in it, so that no prefix matters. A line that is
/// recognized but cannot be read is refused rather than skipped: a map with a gap would give a wrong plan.</remarks>
internal sealed class BootLog
{
    /// <summary>No line that matters is longer, in bytes; longer ones are skipped.</summary>
    internal const int MaxLine = 16 * 1024;

    private readonly string _fileName;
    private readonly LogPlace _place;
    private readonly LoggedMemory _memory = new();
    private readonly E820Lines _e820;
    private readonly NodeLines _nodes;
    private readonly CmrLines _cmrs;
    private readonly IomemLines _iomem;

    internal BootLog(string fileName)
    {
        _fileName = fileName;
        _place = new(fileName);
        _e820 = new(_place, _memory);
        _nodes = new(_place, _memory);
        _cmrs = new(_place, _memory);
        _iomem = new(_place, _memory);
    }

    /// <summary>How many lines were fed so far.</summary>
    internal long Lines => _place.Line;

    /// <summary>Takes whole lines, in portions that the nearest caches hold.</summary>
    internal void Feed(ReadOnlySpan<byte> text)
    {
        while (text.Length > LineBuffer.ChunkBytes)
        {
            int length = text[..LineBuffer.ChunkBytes].LastIndexOf((byte)'\n') + 1;
            if (length > 0)
            {
                FeedPortion(text[..length]);
            }
            else
            {
                length = text.IndexOf((byte)'\n') + 1;
                SkipLine();
            }

            text = length > 0 ? text[length..] : default;
        }

        FeedPortion(text);
    }

    /// <summary>Skips a line that is too long to matter.</summary>
    internal void SkipLine() => _place.Line++;

    /// <summary>Describes the host, once all of the log was fed.</summary>
    internal HostDescription Describe(string name) =>
        _memory.Describe(name, out string? refusal)
        ?? throw new HostFormatException(_fileName, line: null, property: null, refusal!);

    private void FeedPortion(ReadOnlySpan<byte> text)
    {
        LogAnchors anchors = new(text, stackalloc int[LogAnchors.Count]);
        int position = 0;
        for (int place; (place = anchors.Next(position)) >= 0;)
        {
            int start = position + text[position..place].LastIndexOf((byte)'\n') + 1;
            int length = text[place..].IndexOf((byte)'\n');
            int end = length < 0 ? text.Length : place + length;
            _place.Line += LineBuffer.CountLines(text[position..start]) + 1;
            if (end - start <= MaxLine)
                ReadLine(text[start..end]);
            position = Math.Min(end + 1, text.Length);
        }

        _place.Line += LineBuffer.CountLines(text[position..]);
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        _ = _e820.TryRead(line) || _nodes.TryReadSrat(line) || TryReadMap(line) || TryReadHeader(line)
            || _nodes.TryReadFallback(line) || _cmrs.TryRead(line) || TryReadOutcome(line) || _iomem.TryRead(line);
    }

    /// <summary>Reads lines of the form <c>what: [mem ...</c> other than the BIOS map's.</summary>
    private bool TryReadMap(ReadOnlySpan<byte> line)
    {
        int place = line.IndexOf(": [mem"u8);
        if (place < 0)
            return false;
        ReadOnlySpan<byte> before = line[..place];
        LogText range = new(line[(place + 1)..]);
        return _e820.TryReadOtherMap(line, before, range) || _nodes.TryReadRange(line, before, range);
    }

    private bool TryReadHeader(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("BIOS-provided physical RAM map"u8) >= 0)
            _memory.StartBiosMap();
        else if (line.IndexOf("user-defined physical RAM map"u8) >= 0
            || line.IndexOf("modified physical RAM map"u8) >= 0)
            _memory.StartOtherMap();
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
        _memory.Outcome = outcome;
        return readable ? isOutcome : throw _place.Unreadable(line);
    }
}
