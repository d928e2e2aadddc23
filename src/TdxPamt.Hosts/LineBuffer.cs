using System.Buffers;

namespace TdxPamt.Hosts;

/// <summary>Reads a stream in runs of whole lines, into one buffer that grows to the longest line allowed.</summary>
/// <param name="stream">The stream.</param>
/// <param name="maxLine">The longest line that is buffered whole, in bytes.</param>
/// <param name="joinsLines">Whether an equals sign at the end of a line, as quoted-printable text has it, joins the
/// next one.</param>
internal sealed class LineBuffer(Stream stream, int maxLine, bool joinsLines = false) : IDisposable
{
    /// <summary>How much is read at a time, in bytes.</summary>
    internal const int ChunkBytes = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(maxLine, ChunkBytes));
    private int _start;
    private int _length;
    private int _end;

    /// <summary>Whole lines with their ends, the last line of a stream perhaps without; or the first bytes of a line
    /// that <see cref="IsTooLong"/>.</summary>
    internal ReadOnlySpan<byte> Text => _buffer.AsSpan(_start, _length);

    /// <summary>Whether the text is a single line that is not buffered whole; the rest of it is skipped.</summary>
    internal bool IsTooLong { get; private set; }

    internal static int CountLines(ReadOnlySpan<byte> text) => text.Count((byte)'\n');

    /// <summary>The place of the last line end in a text; -1 where there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">How much of it is known to have none.</param>
    /// <param name="joinsLines">Whether an equals sign before a line end joins the next line.</param>
    internal static int LastLineEnd(ReadOnlySpan<byte> text, int from, bool joinsLines)
    {
        int end = text[from..].LastIndexOf((byte)'\n');
        while (end >= 0 && joinsLines && EndsInJoin(text[..(from + end)]))
            end = text[from..(from + end)].LastIndexOf((byte)'\n');
        return end < 0 ? -1 : from + end;
    }

    /// <summary>Whether a line, without its line end, ends in what joins it to the next: one equals sign. Two end the
    /// heading of a section of a collected machine.</summary>
    internal static bool EndsInJoin(ReadOnlySpan<byte> line)
    {
        if (!line.IsEmpty && line[^1] == '\r')
            line = line[..^1];
        return !line.IsEmpty && line[^1] == '=' && (line.Length == 1 || line[^2] != '=');
    }

    /// <summary>Moves to the next lines.</summary>
    /// <returns>False at the end of the stream.</returns>
    internal bool MoveNext()
    {
        if (IsTooLong)
            SkipLine();
        else
            _start += _length;
        IsTooLong = false;
        int searched = 0;
        while (true)
        {
            int last = LastLineEnd(_buffer.AsSpan(_start, _end - _start), searched, joinsLines);
            if (last >= 0)
            {
                _length = last + 1;
                return true;
            }

            searched = _end - _start;
            IsTooLong = searched >= maxLine;
            if (IsTooLong || !TryFill())
            {
                _length = searched;
                return searched > 0;
            }
        }
    }

    /// <summary>Passes over the text, and not over the rest of its line.</summary>
    internal void PassOver() => IsTooLong = false;

    /// <summary>Reads all of the stream from the start of <see cref="Text"/> on.</summary>
    /// <param name="limit">How many bytes are too many.</param>
    /// <param name="all">Everything; <c>default</c> where there is too much.</param>
    internal bool TryReadToEnd(int limit, out ReadOnlySpan<byte> all)
    {
        bool within;
        do
        {
            within = _end - _start < limit;
        }
        while (within && TryFill());
        all = within ? _buffer.AsSpan(_start, _end - _start) : default;
        return within;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void SkipLine()
    {
        int newline;
        _start = 0;
        do
        {
            _end = stream.Read(_buffer, 0, _buffer.Length);
            newline = _buffer.AsSpan(0, _end).IndexOf((byte)'\n');
        }
        while (newline < 0 && _end > 0);
        _start = newline + 1;
    }

    private bool TryFill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
