using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace TdxPamt.Hosts;

/// <summary>Thrown for input that cannot be read as a host or a plan.</summary>
/// <remarks>The message is one line that is fit for a terminal: <c>FILE:LINE: reason</c>, <c>FILE: property: reason</c>
/// or <c>FILE: reason</c>. Immutable, except for what every exception collects while it is thrown.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "It always says where.")]
public sealed class HostFormatException : FormatException
{
    private const int MaxText = 400;
    private const int MaxQuote = 100;

    /// <summary>Says what is wrong and where. Control characters are replaced, long texts are cut.</summary>
    /// <param name="fileName">The file's name as the user gave it.</param>
    /// <param name="line">The line, from 1; null where the reason has none.</param>
    /// <param name="property">The path of the JSON property, such as <c>memory[3].end</c>; null where the reason
    /// has none.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="innerException">The cause; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> or <paramref name="reason"/>
    /// is null.</exception>
    public HostFormatException(
        string fileName, long? line, string? property, string reason, Exception? innerException = null)
        : base(Format(fileName, line, property, reason), innerException)
    {
        FileName = fileName;
        Line = line;
        Property = property is null ? null : PrintableText.Create(property, MaxText);
        Reason = PrintableText.Create(reason, MaxText);
    }

    /// <summary>The file's name as the user gave it.</summary>
    public string FileName { get; }

    /// <summary>The line, from 1; null where the reason has none.</summary>
    public long? Line { get; }

    /// <summary>The path of the JSON property, such as <c>memory[3].end</c>; null where the reason has none.</summary>
    public string? Property { get; }

    /// <summary>What is wrong, in one line.</summary>
    public string Reason { get; }

    /// <summary>Property and reason, without the file and the line.</summary>
    internal string PropertyAndReason => Property is null ? Reason : $"{Property}: {Reason}";

    /// <summary>The start of a text from the input, in quotes, fit for a message.</summary>
    internal static string Quote(ReadOnlySpan<byte> text) =>
        Quote(Encoding.UTF8.GetString(text.Length > MaxQuote * 2 ? text[..(MaxQuote * 2)] : text));

    /// <summary>The start of a text from the input, in quotes, fit for a message.</summary>
    internal static string Quote(string text) => $"\"{PrintableText.Create(text, MaxQuote)}\"";

    private static string Format(string fileName, long? line, string? property, string reason)
    {
        Preconditions.NotNull(fileName, nameof(fileName));
        Preconditions.NotNull(reason, nameof(reason));
        string place = line is { } number ? $":{number.ToString(CultureInfo.InvariantCulture)}" : "";
        string name = property is null ? "" : PrintableText.Create(property, MaxText) + ": ";
        return $"{PrintableText.Create(fileName)}{place}: {name}{PrintableText.Create(reason, MaxText)}";
    }
}
