using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>What a converter or a check found wrong with a document.</summary>
/// <param name="reason">What is wrong.</param>
/// <param name="property">The property, relative to where the document is read; null for that place itself.</param>
internal sealed class ShapeException(string reason, string? property = null) : JsonException(reason)
{
    internal const string Unknown = "there is no such property";
    internal const string Twice = "it is given twice";
    internal const string Missing = "it is missing";

    internal string? Property => property;
}
