using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Options that a JSON object gives.</summary>
internal interface IOptions
{
    /// <summary>Reads a member, if it is one of these options.</summary>
    bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader);
}

/// <summary>Reads options.</summary>
internal static class OptionsJson
{
    /// <summary>Reads options; empty means none.</summary>
    internal static T Read<T>(ReadOnlySpan<byte> json)
        where T : IOptions, new()
    {
        T options = new();
        if (json.IsEmpty)
            return options;
        Utf8JsonReader reader = new(json);
        try
        {
            reader.Read();
            JsonMembers members = new(ref reader);
            while (members.MoveNext(ref reader))
            {
                if (!options.TryRead(ref members, ref reader))
                    throw new ShapeException(ShapeException.Unknown);
            }

            return options;
        }
        catch (Exception exception) when (JsonRefusal.IsOf(exception))
        {
            throw JsonRefusal.Create("options", line: null, linesBefore: 0, exception, json, reader.TokenStartIndex);
        }
    }
}
