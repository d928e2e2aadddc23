using System.Text;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Where a token is in a document: <c>tdmrs[3].pamt.4K</c>.</summary>
/// <remarks>It is found by reading the document once more, so that a first reading need not keep track of it.</remarks>
internal static class JsonPath
{
    /// <summary>A name with one of these characters is put in brackets, as in other JSON paths.</summary>
    private static readonly char[] Special = [.. " .'/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029"];

    /// <summary>Finds the path of the first token at or after a position.</summary>
    /// <param name="json">The document, which is JSON up to there.</param>
    /// <param name="position">The position, in bytes.</param>
    /// <returns>The path; empty for the document itself.</returns>
    internal static string Of(ReadOnlySpan<byte> json, long position)
    {
        List<Level> levels = [];
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                levels[^1] = levels[^1] with { Name = (int)reader.TokenStartIndex };
            else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                levels.RemoveAt(levels.Count - 1);
            else
                Enter(levels, reader.TokenType);
            if (reader.TokenStartIndex >= position)
                break;
        }

        StringBuilder path = new();
        foreach (Level level in levels)
            Append(path, level, json);
        return path.ToString();
    }

    /// <summary>Counts a value, and goes into it where it has values of its own.</summary>
    private static void Enter(List<Level> levels, JsonTokenType token)
    {
        if (levels.Count > 0 && levels[^1].IsArray)
            levels[^1] = levels[^1] with { Index = levels[^1].Index + 1 };
        if (token is JsonTokenType.StartObject or JsonTokenType.StartArray)
            levels.Add(new(token == JsonTokenType.StartArray, Index: -1, Name: -1));
    }

    private static void Append(StringBuilder path, Level level, ReadOnlySpan<byte> json)
    {
        if (level.Index >= 0)
            path.Append('[').Append(level.Index).Append(']');
        if (level.Name < 0)
            return;
        string name = NameAt(json[level.Name..]);
        if (name.IndexOfAny(Special) >= 0)
            path.Append("['").Append(name).Append("']");
        else
            path.Append(path.Length == 0 ? "" : ".").Append(name);
    }

    private static string NameAt(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    /// <summary>An object or array on the way.</summary>
    /// <param name="IsArray">Which of the two.</param>
    /// <param name="Index">The item of an array; -1 before the first.</param>
    /// <param name="Name">Where the name of an object's member begins, in bytes; -1 before the first.</param>
    private readonly record struct Level(bool IsArray, int Index, int Name);
}
