using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>What is wrong with a document that is JSON.</summary>
/// <param name="reason">What is wrong.</param>
/// <param name="property">The property, relative to the token that was read last; null for that token itself.</param>
internal sealed class ShapeException(string reason, string? property = null) : JsonException(reason)
{
    internal const string Unknown = "there is no such property";
    internal const string Twice = "it is given twice";
    internal const string Missing = "it is missing";
    internal const string NoObject = "it must be an object";
    internal const string NoArray = "it must be an array";
    internal const string NoText = "it must be a text";
    internal const string NoWhole = "it must be a whole number, not negative, below 2^64";
    internal const string NotUnicode = "it has a text that is not valid UTF-8 or UTF-16";

    internal string? Property => property;
}
