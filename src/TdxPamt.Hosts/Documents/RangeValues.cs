using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>The objects of a host document that have a start: the bulk of it.</summary>
internal static class RangeValues
{
    /// <summary>Reads an item of <c>memory</c>.</summary>
    internal static MemoryRegion Region(ref Utf8JsonReader reader)
    {
        RangeEnds ends = default;
        int node = 0;
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (ends.TryRead(ref members, ref reader))
                continue;
            if (members.Is(ref reader, "node"u8))
                node = Node(ref reader);
            else
                throw new ShapeException(ShapeException.Unknown);
        }

        RangeEnds.Require(members);
        members.Require(2, "node"u8);
        return new(ends.ToRange(), node);
    }

    /// <summary>Reads an item of <c>cmrs</c>: a range.</summary>
    internal static AddressRange Range(ref Utf8JsonReader reader)
    {
        RangeEnds ends = default;
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (!ends.TryRead(ref members, ref reader))
                throw new ShapeException(ShapeException.Unknown);
        }

        RangeEnds.Require(members);
        return ends.ToRange();
    }

    /// <summary>Reads an item of <c>blocked</c>.</summary>
    internal static BlockedRange Blocked(ref Utf8JsonReader reader)
    {
        RangeEnds ends = default;
        BlockedKind kind = default;
        PageSize? page = null;
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (ends.TryRead(ref members, ref reader))
                continue;
            if (members.Is(ref reader, "kind"u8))
                kind = Kind(ref reader);
            else if (members.Is(ref reader, "pageSize"u8))
                page = HugePage(ref reader);
            else
                throw new ShapeException(ShapeException.Unknown);
        }

        RangeEnds.Require(members);
        members.Require(2, "kind"u8);
        if (page is not null && kind != BlockedKind.Hugetlb)
            throw new ShapeException("only hugetlb has a page size", "pageSize");
        return new(ends.ToRange(), kind, page);
    }

    /// <summary>Reads an item of <c>movable</c>.</summary>
    internal static MovableZone Movable(ref Utf8JsonReader reader)
    {
        ulong start = 0;
        int node = 0;
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (members.Is(ref reader, "start"u8))
                start = PageStart(ref reader);
            else if (members.Is(ref reader, "node"u8))
                node = Node(ref reader);
            else
                throw new ShapeException(ShapeException.Unknown);
        }

        members.Require(0, "start"u8);
        members.Require(1, "node"u8);
        return new(node, start);
    }

    private static ulong PageStart(ref Utf8JsonReader reader)
    {
        ulong start = JsonValues.Address(ref reader);
        return start % AddressRange.PageBytes == 0 && start <= AddressRange.Limit
            ? start
            : throw new ShapeException("it must be a multiple of 4 KiB, at most 2^52");
    }

    private static int Node(ref Utf8JsonReader reader) =>
        JsonValues.TryCount(ref reader, out int node) && node <= MemoryRegion.MaxNode
            ? node
            : throw new ShapeException($"it must be a whole number from 0 to {MemoryRegion.MaxNode}");

    private static BlockedKind Kind(ref Utf8JsonReader reader) =>
        IsText(ref reader, "reserved"u8) ? BlockedKind.Reserved
        : IsText(ref reader, "unmovable"u8) ? BlockedKind.Unmovable
        : IsText(ref reader, "hugetlb"u8) ? BlockedKind.Hugetlb
        : throw new ShapeException("it must be reserved, unmovable or hugetlb");

    private static PageSize HugePage(ref Utf8JsonReader reader) =>
        IsText(ref reader, "2M"u8) ? PageSize.Page2M
        : IsText(ref reader, "1G"u8) ? PageSize.Page1G
        : throw new ShapeException("it must be 2M or 1G");

    private static bool IsText(ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(text);

    /// <summary>The ends of a range: the first two members that are asked for.</summary>
    private struct RangeEnds
    {
        private ulong _start;
        private ulong _end;

        internal bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
        {
            if (members.Is(ref reader, "start"u8))
                _start = JsonValues.Address(ref reader);
            else if (members.Is(ref reader, "end"u8))
                _end = JsonValues.Address(ref reader);
            else
                return false;
            return true;
        }

        internal static void Require(JsonMembers members)
        {
            members.Require(0, "start"u8);
            members.Require(1, "end"u8);
        }

        internal readonly AddressRange ToRange() =>
            AddressRange.TryCreate(_start, _end, out AddressRange range, out AddressRangeFailure? failure)
                ? range
                : throw new ShapeException(failure.Message);
    }
}
