using System.Text.Json;
using TdxPamt.Memory;

namespace TdxPamt.Hosts;

/// <summary>An object with a start, an end and perhaps a node or a kind: what host documents mostly consist of.</summary>
internal readonly record struct RangeEntry(AddressRange Range, int Node, BlockedKind Kind)
{
    /// <summary>What such an object has; all of it is required.</summary>
    [Flags]
    internal enum Members
    {
        None = 0,
        Start = 1,
        End = 2,
        Node = 4,
        Kind = 8,
    }

    /// <summary>Reads an object with start, end and one member more, or none.</summary>
    internal static RangeEntry Read(ref Utf8JsonReader reader, Members more)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new ShapeException("it must be an object");
        Members missing = Members.Start | Members.End | more;
        Members all = missing;
        ulong start = 0;
        ulong end = 0;
        int node = 0;
        BlockedKind kind = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Members member = MemberOf(ref reader) & all;
            if (member == Members.None)
                throw new ShapeException(ShapeException.Unknown, reader.GetString());
            if ((missing & member) == Members.None)
                throw new ShapeException(ShapeException.Twice, reader.GetString());
            missing &= ~member;
            reader.Read();
            if (member == Members.Start && !AddressConverter.TryRead(ref reader, out start))
                throw new ShapeException(AddressConverter.Reason, "start");
            if (member == Members.End && !AddressConverter.TryRead(ref reader, out end))
                throw new ShapeException(AddressConverter.Reason, "end");
            if (member == Members.Node && !CountConverter.TryRead(ref reader, out node))
                throw new ShapeException(CountConverter.Reason, "node");
            if (member == Members.Kind && !TryReadKind(ref reader, out kind))
                throw new ShapeException("it must be reserved, unmovable or hugetlb", "kind");
        }

        if (missing != Members.None)
            throw new ShapeException(ShapeException.Missing, NameOfFirst(missing));
        if (AddressRange.TryCreate(start, end, out AddressRange range))
            return new(range, node, kind);
        throw new ShapeException(Refusal(start, end));
    }

    internal static string Refusal(ulong start, ulong end)
    {
        try
        {
            return AddressRange.Create(start, end).ToString();
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

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

    private static bool TryReadKind(ref Utf8JsonReader reader, out BlockedKind kind)
    {
        kind = BlockedKind.Reserved;
        if (reader.TokenType != JsonTokenType.String)
            return false;
        if (reader.ValueTextEquals("reserved"u8))
            return true;
        bool unmovable = reader.ValueTextEquals("unmovable"u8);
        kind = unmovable ? BlockedKind.Unmovable : BlockedKind.Hugetlb;
        return unmovable || reader.ValueTextEquals("hugetlb"u8);
    }
}
