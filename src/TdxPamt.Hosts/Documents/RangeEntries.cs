using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Reads an array of objects with a start and perhaps an end, a node or a kind, one by one: the bulk of a
/// host document.</summary>
internal struct RangeEntries
{
    /// <summary>The longest name that is unescaped, in bytes: each character of a member can be six.</summary>
    private const int MaxName = 48;

    private readonly Members _members;
    private int _index;

    /// <summary>Starts on an array.</summary>
    /// <param name="reader">The reader, at the array's start.</param>
    /// <param name="members">The members that each object has.</param>
    internal RangeEntries(ref Utf8JsonReader reader, Members members)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new ShapeException("it must be an array");
        _members = members;
        _index = -1;
    }

    /// <summary>The members of such an object; all are required, but the page size, which may go with a kind.</summary>
    [Flags]
    internal enum Members
    {
        None = 0,
        Start = 1,
        End = 2,
        Node = 4,
        Kind = 8,
        PageSize = 16,
        Ends = Start | End,
    }

    internal AddressRange Range { get; private set; }

    internal ulong Start { get; private set; }

    internal int Node { get; private set; }

    internal BlockedKind Kind { get; private set; }

    internal PageSize? HugePage { get; private set; }

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
        Members allowed = _members.HasFlag(Members.Kind) ? _members | Members.PageSize : _members;
        Members missing = allowed;
        HugePage = null;
        ulong start = 0;
        ulong end = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Members member = MemberOf(ref reader) & allowed;
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
            if (member == Members.PageSize && !TryReadPageSize(ref reader))
                throw Refused("it must be 2M or 1G", "pageSize");
        }

        missing &= _members;
        if (missing != Members.None)
            throw Refused(ShapeException.Missing, NameOfFirst(missing));
        if (HugePage is not null && Kind != BlockedKind.Hugetlb)
            throw Refused("only hugetlb has a page size", "pageSize");
        Start = start;
        if (!_members.HasFlag(Members.End))
            return true;
        if (!AddressRange.TryCreate(start, end, out AddressRange range, out AddressRangeFailure? failure))
            throw Refused(failure.Message);
        Range = range;
        return true;
    }

    private readonly ShapeException Refused(string reason, string? property = null) =>
        new(reason, property is null ? $"[{_index}]" : $"[{_index}].{property}");

    private static Members MemberOf(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? MemberOfEscaped(ref reader) : MemberOf(reader.ValueSpan);

    /// <summary>Apart from the usual way, which then needs no room on the stack.</summary>
    private static Members MemberOfEscaped(ref Utf8JsonReader reader)
    {
        Span<byte> unescaped = stackalloc byte[MaxName];
        return reader.ValueSpan.Length > MaxName ? Members.None : MemberOf(unescaped[..reader.CopyString(unescaped)]);
    }

    internal static Members MemberOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("end"u8) => Members.End,
        4 when name.SequenceEqual("node"u8) => Members.Node,
        4 when name.SequenceEqual("kind"u8) => Members.Kind,
        5 when name.SequenceEqual("start"u8) => Members.Start,
        8 when name.SequenceEqual("pageSize"u8) => Members.PageSize,
        _ => Members.None,
    };

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

    private bool TryReadPageSize(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return false;
        bool is2M = reader.ValueTextEquals("2M"u8);
        HugePage = is2M ? PageSize.Page2M : PageSize.Page1G;
        return is2M || reader.ValueTextEquals("1G"u8);
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
