namespace TdxPamt.Cli;

/// <summary>A cell of a table with commas, quoted as RFC 4180 has it.</summary>
internal static class CsvCell
{
    private static readonly char[] Quoted = [',', '"', '\r', '\n'];

    internal static string Create(string text) =>
        text.IndexOfAny(Quoted) < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
