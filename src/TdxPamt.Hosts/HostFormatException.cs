using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace TdxPamt.Hosts;

/// <summary>Thrown for input that cannot be read as a host or a plan. The message is one line:
/// <c>FILE:LINE: reason</c>, <c>FILE: property: reason</c> or <c>FILE: reason</c>.</summary>
/// <remarks>Immutable, but for what every exception collects as it is thrown.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "It always says where.")]
public sealed class HostFormatException : FormatException
{
    private const int MaxText = 200;

    /// <summary>Says what is wrong and where. Control characters are replaced, long texts are cut.</summary>
    /// <param name="file">The file's name as the user gave it.</param>
    /// <param name="line">The line, from 1; null where the reason has none.</param>
    /// <param name="property">The path of the JSON property, such as <c>memory[3].end</c>; null where there is
    /// none.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="innerException">What it came from; null: nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="file"/> or <paramref name="reason"/> is
    /// null.</exception>
    public HostFormatException(
        string file, long? line, string? property, string reason, Exception? innerException = null)
        : base(Format(file, line, property, reason), innerException)
    {
        File = file;
        Line = line;
        Property = property is null ? null : OneLine(property);
        Reason = OneLine(reason);
    }

    /// <summary>The file's name as the user gave it.</summary>
    public string File { get; }

    /// <summary>The line, from 1; null where the reason has none.</summary>
    public long? Line { get; }

    /// <summary>The path of the JSON property, such as <c>memory[3].end</c>; null where there is none.</summary>
    public string? Property { get; }

    /// <summary>What is wrong, in one line.</summary>
    public string Reason { get; }

    /// <summary>Property and reason, without the file and the line.</summary>
    internal string PropertyAndReason => Property is null ? Reason : $"{Property}: {Reason}";

    /// <summary>A text from the input, in quotes, fit for a message.</summary>
    internal static string Quote(ReadOnlySpan<byte> text) =>
        $"\"{OneLine(Encoding.UTF8.GetString(text.Length > MaxText ? text[..MaxText] : text), MaxText / 2)}\"";

    /// <summary>A text from the input, in quotes, fit for a message.</summary>
    internal static string Quote(string text) => $"\"{OneLine(text, MaxText / 2)}\"";

    /// <summary>What an argument was refused for, without the argument's name and value.</summary>
    internal static string ReasonOf(ArgumentException exception)
    {
        string message = exception.Message;
        int end = exception.ParamName is null ? -1 : message.IndexOf(" (Parameter", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static string Format(string file, long? line, string? property, string reason)
    {
        _ = file ?? throw new ArgumentNullException(nameof(file));
        _ = reason ?? throw new ArgumentNullException(nameof(reason));
        string place = line is { } number ? $":{number.ToString(CultureInfo.InvariantCulture)}" : "";
        string name = property is null ? "" : OneLine(property) + ": ";
        return $"{OneLine(file, int.MaxValue)}{place}: {name}{OneLine(reason)}";
    }

    private static string OneLine(string text, int length = 2 * MaxText)
    {
        if (text.Length <= length && !text.Any(IsUnfit))
            return text;
        StringBuilder line = new();
        foreach (char character in text.Length <= length ? text : text[..length])
            line.Append(IsUnfit(character) ? '?' : character);
        return text.Length <= length ? line.ToString() : line.Append("...").ToString();
    }

    /// <summary>What breaks a line or acts on a terminal, and halves of a pair.</summary>
    private static bool IsUnfit(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate;
}
