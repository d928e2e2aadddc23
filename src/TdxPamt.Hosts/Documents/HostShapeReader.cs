using System.Text;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Reads host documents as most programs write them, in a third of the time. Whatever is unusual or wrong is
/// left to <see cref="HostShape.Read"/>, which also says what.</summary>
internal ref struct HostShapeReader
{
    /// <summary>More ranges than most machines have.</summary>
    private const int UsualCount = 24;

    private const int MaxRows = MemoryRegion.MaxNode + 1;

    private DocumentScanner _text;
    private Members _given;
    private AddressRange _range;
    private int _node;
    private BlockedKind _kind;

    /// <summary>The members of an object with a start.</summary>
    [Flags]
    private enum Members
    {
        None = 0,
        Start = 1,
        End = 2,
        Node = 4,
        Kind = 8,
        Ends = Start | End,
    }

    private HostShapeReader(ReadOnlySpan<byte> document) => _text = new(document);

    /// <summary>Reads a document.</summary>
    /// <returns>The shape; null where it is left.</returns>
    internal static HostShape? TryRead(ReadOnlySpan<byte> document)
    {
        HostShape shape = new();
        HostShapeReader reader = new(document);
        if (!reader._text.Take('{'))
            return null;
        do
        {
            if (!reader._text.TryText(out ReadOnlySpan<byte> name) || !reader._text.Take(':')
                || !reader.TryMember(name, shape))
            {
                return null;
            }
        }
        while (reader._text.Take(','));
        return reader._text.Take('}') && reader._text.IsAtEnd ? shape : null;
    }

    /// <summary>Reads a member; refuses one that was given before.</summary>
    private bool TryMember(ReadOnlySpan<byte> name, HostShape shape)
    {
        bool isNew;
        bool isRead;
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("name"u8):
                isNew = shape.Name is null;
                isRead = TryString(out string text);
                shape.Name = text;
                break;
            case 6 when name.SequenceEqual("memory"u8):
                isNew = shape.Memory is null;
                isRead = TryMemory(out MemoryRegion[] memory);
                shape.Memory = memory;
                break;
            case 4 when name.SequenceEqual("cmrs"u8):
                isNew = shape.Cmrs is null;
                isRead = TryCmrs(out AddressRange[] cmrs);
                shape.Cmrs = cmrs;
                break;
            case 7 when name.SequenceEqual("blocked"u8):
                isNew = shape.Blocked is null;
                isRead = TryBlocked(out BlockedRange[] blocked);
                shape.Blocked = blocked;
                break;
            case 13 when name.SequenceEqual("fallbackOrder"u8):
                isNew = shape.FallbackOrder is null;
                isRead = TryRows(out int[][] orders);
                shape.FallbackOrder = orders;
                break;
            case 9 when name.SequenceEqual("distances"u8):
                isNew = shape.Distances is null;
                isRead = TryRows(out int[][] distances);
                shape.Distances = distances;
                break;
            case 6 when name.SequenceEqual("kernel"u8):
                isNew = shape.Kernel is null;
                isRead = TryString(out string kernel) & KernelModel.TryParse(kernel, out KernelModel? model);
                shape.Kernel = model!;
                break;
            case 6 when name.SequenceEqual("module"u8):
                isNew = shape.Module is null;
                isRead = TryModule(out ModuleShape module);
                shape.Module = module;
                break;
            default:
                return false;
        }

        return isNew && isRead;
    }

    private bool TryString(out string value)
    {
        bool isText = _text.TryText(out ReadOnlySpan<byte> text);
        value = isText ? Encoding.UTF8.GetString(text) : null!;
        return isText;
    }

    private bool TryModule(out ModuleShape module)
    {
        module = null!;
        if (!_text.TryObject(out ReadOnlySpan<byte> json))
            return false;
        try
        {
            Utf8JsonReader reader = new(json);
            reader.Read();
            module = ModuleShape.Read(ref reader);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool TryMemory(out MemoryRegion[] regions)
    {
        regions = null!;
        List<MemoryRegion> read = new(UsualCount);
        for (bool more = _text.TakeArray(out bool isArray); isArray; more = _text.Take(','))
        {
            if (!more)
            {
                regions = [.. read];
                return read.Count == 0 || _text.Take(']');
            }

            if (!TryEntry() || _given != (Members.Ends | Members.Node))
                return false;
            read.Add(new(_range, _node));
        }

        return false;
    }

    private bool TryCmrs(out AddressRange[] cmrs)
    {
        cmrs = null!;
        List<AddressRange> read = new(UsualCount);
        for (bool more = _text.TakeArray(out bool isArray); isArray; more = _text.Take(','))
        {
            if (!more)
            {
                cmrs = [.. read];
                return read.Count == 0 || _text.Take(']');
            }

            if (!TryEntry() || _given != Members.Ends)
                return false;
            read.Add(_range);
        }

        return false;
    }

    private bool TryBlocked(out BlockedRange[] blocked)
    {
        blocked = null!;
        List<BlockedRange> read = new(UsualCount);
        for (bool more = _text.TakeArray(out bool isArray); isArray; more = _text.Take(','))
        {
            if (!more)
            {
                blocked = [.. read];
                return read.Count == 0 || _text.Take(']');
            }

            if (!TryEntry() || _given != (Members.Ends | Members.Kind))
                return false;
            read.Add(new(_range, _kind));
        }

        return false;
    }

    private bool TryRows(out int[][] rows)
    {
        rows = null!;
        List<int[]> read = [];
        for (bool more = _text.TakeArray(out bool isArray); isArray; more = _text.Take(','))
        {
            if (!more)
            {
                rows = [.. read];
                return read.Count == 0 || _text.Take(']');
            }

            if (read.Count == MaxRows || !TryRow(out int[] row))
                return false;
            read.Add(row);
        }

        return false;
    }

    private bool TryRow(out int[] row)
    {
        row = null!;
        List<int> read = [];
        for (bool more = _text.TakeArray(out bool isArray); isArray; more = _text.Take(','))
        {
            if (!more)
            {
                row = [.. read];
                return read.Count == 0 || _text.Take(']');
            }

            if (read.Count == MaxRows || !_text.TryNumber(out ulong number) || number > int.MaxValue)
                return false;
            read.Add((int)number);
        }

        return false;
    }

    /// <summary>Reads an object with ends and perhaps a node or a kind.</summary>
    private bool TryEntry()
    {
        _given = Members.None;
        if (!_text.Take('{'))
            return false;
        ulong start = 0;
        ulong end = 0;
        do
        {
            if (!_text.TryText(out ReadOnlySpan<byte> name) || !_text.Take(':'))
                return false;
            Members member = MemberOf(name);
            if ((_given & member) != Members.None)
                return false;
            _given |= member;
            bool isRead = member switch
            {
                Members.Start => TryAddress(out start),
                Members.End => TryAddress(out end),
                Members.Node => TryNode(),
                Members.Kind => TryKind(),
                _ => false,
            };
            if (!isRead)
                return false;
        }
        while (_text.Take(','));
        return _text.Take('}') && AddressRange.TryCreate(start, end, out _range);
    }

    private static Members MemberOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("end"u8) => Members.End,
        4 when name.SequenceEqual("node"u8) => Members.Node,
        4 when name.SequenceEqual("kind"u8) => Members.Kind,
        5 when name.SequenceEqual("start"u8) => Members.Start,
        _ => Members.None,
    };

    private bool TryAddress(out ulong address) => _text.IsAtText
        ? _text.TryText(out ReadOnlySpan<byte> digits) & JsonValues.TryParse(digits, out address)
        : _text.TryNumber(out address);

    private bool TryNode()
    {
        bool isNode = _text.TryNumber(out ulong node) && node <= MemoryRegion.MaxNode;
        _node = isNode ? (int)node : 0;
        return isNode;
    }

    private bool TryKind()
    {
        if (!_text.TryText(out ReadOnlySpan<byte> kind))
            return false;
        bool reserved = kind.SequenceEqual("reserved"u8);
        bool unmovable = kind.SequenceEqual("unmovable"u8);
        _kind = reserved ? BlockedKind.Reserved : unmovable ? BlockedKind.Unmovable : BlockedKind.Hugetlb;
        return reserved || unmovable || kind.SequenceEqual("hugetlb"u8);
    }
}
