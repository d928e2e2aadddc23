using System.Text;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>The members of a JSON object, one by one. Refuses those that are given twice, and what follows the object
/// where that is the whole document.</summary>
internal struct JsonMembers
{
    private ulong _given;
    private int _asked;

    /// <summary>Starts on an object.</summary>
    /// <param name="reader">The reader, at the object's start.</param>
    internal JsonMembers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new ShapeException(ShapeException.NoObject);
    }

    /// <summary>Moves to the next member's name.</summary>
    /// <returns>False at the end of the object.</returns>
    internal bool MoveNext(ref Utf8JsonReader reader)
    {
        _asked = 0;
        reader.Read();
        if (reader.TokenType == JsonTokenType.PropertyName)
            return true;
        if (reader.CurrentDepth == 0)
            reader.Read();
        return false;
    }

    /// <summary>Whether the member has that name; then moves to its value. All names that an object may have are asked
    /// for in the same order each time, which tells what was given before.</summary>
    internal bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        ulong bit = 1UL << _asked++;
        if (!reader.ValueTextEquals(name))
            return false;
        if ((_given & bit) != 0)
            throw new ShapeException(ShapeException.Twice);
        _given |= bit;
        reader.Read();
        return true;
    }

    /// <summary>Refuses the object where a member was not given.</summary>
    /// <param name="index">Which name it was that <see cref="Is"/> was asked for, from 0.</param>
    /// <param name="name">The name.</param>
    internal readonly void Require(int index, ReadOnlySpan<byte> name)
    {
        if ((_given & (1UL << index)) == 0)
            throw new ShapeException(ShapeException.Missing, Encoding.UTF8.GetString(name));
    }
}
