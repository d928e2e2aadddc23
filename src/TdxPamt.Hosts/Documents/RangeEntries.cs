using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Reads an array of objects with a start, an end and perhaps a node or a kind, one by one: the bulk of a
/// host document.</summary>
internal struct RangeEntries
{
    private readonly Members _members;
    private int _index;

    /// <summary>Starts on an array.</summary>
    /// <param name="reader">The reader, at the array's start.</param>
    /// <param name="more">The member that each object has besides start and end, or none.</param>
    internal RangeEntries(ref Utf8JsonReader reader, Members more)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new ShapeException("it must be an array");
        _members = Members.Start | Members.End | more;
        _index = -1;
    }

    /// <summary>The members of such an object; all are required.</summary>
    [Flags]
    internal enum Members
    {
        None = 0,
        Start = 1,
        End = 2,
        Node = 4,
        Kind = 8,
    }

    internal AddressRange Range { get; private set; }

    internal int Node { get; private set; }

    internal BlockedKind Kind { get; private set; }

    /// <summary>Reads the next object.</summary>
    /// <returns>False at the end of the array.</returns>
    internal bool MoveNext(ref Utf8JsonReader reader)
    {
        _index++;
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
            return false;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Refused("it must be an object");
        Members missing = _members;
        ulong start = 0;
        ulong end = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Members member = MemberOf(ref reader) & _members;
            if (member == Members.None)
                throw Refused(ShapeException.Unknown, reader.GetString());
            if ((missing & member) == Members.None)
                throw Refused(ShapeException.Twice, reader.GetString());
            missing &= ~member;
            reader.Read();
            if (member == Members.Start && !AddressConverter.TryRead(ref reader, out start))
                throw Refused(AddressConverter.Reason, "start");
            if (member == Members.End && !AddressConverter.TryRead(ref reader, out end))
                throw Refused(AddressConverter.Reason, "end");
            if (member == Members.Node && !TryReadNode(ref reader))
                throw Refused($"it must be a whole number from 0 to {MemoryRegion.MaxNode}", "node");
            if (member == Members.Kind && !TryReadKind(ref reader))
                throw Refused("it must be reserved, unmovable or hugetlb", "kind");
        }

        if (missing != Members.None)
            throw Refused(ShapeException.Missing, NameOfFirst(missing));
        if (!AddressRange.TryCreate(start, end, out AddressRange range, out AddressRangeFailure? failure))
            throw Refused(failure.Message);
        Range = range;
        return true;
    }

    private readonly ShapeException Refused(string reason, string? property = null) =>
        new(reason, property is null ? $"[{_index}]" : $"[{_index}].{property}");

    private static Members MemberOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("start"u8))
            return Members.Start;
        if (reader.ValueTextEquals("end"u8))
            return Members.End;
        if (reader.ValueTextEquals("node"u8))
            return Members.Node;
        return reader.ValueTextEquals("kind"u8) ? Members.Kind : Members.None;
    }

    private static string NameOfFirst(Members missing) =>
        missing.HasFlag(Members.Start) ? "start"
        : missing.HasFlag(Members.End) ? "end"
        : missing.HasFlag(Members.Node) ? "node"
        : "kind";

    private bool TryReadNode(ref Utf8JsonReader reader)
    {
        bool valid = CountConverter.TryRead(ref reader, out int node) && node <= MemoryRegion.MaxNode;
        Node = node;
        return valid;
    }

    private bool TryReadKind(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return false;
        bool reserved = reader.ValueTextEquals("reserved"u8);
        bool unmovable = reader.ValueTextEquals("unmovable"u8);
        Kind = reserved ? BlockedKind.Reserved : unmovable ? BlockedKind.Unmovable : BlockedKind.Hugetlb;
        return reserved || unmovable || reader.ValueTextEquals("hugetlb"u8);
    }
}
