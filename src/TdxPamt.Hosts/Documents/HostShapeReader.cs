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

    /// <summary>Reads an item of an array.</summary>
    private delegate bool TryItem<T>(ref HostShapeReader reader, out T item);

    private HostShapeReader(ReadOnlySpan<byte> document) => _text = new(document);

    /// <summary>Reads a document.</summary>
    /// <returns>The shape; null where the document is left to the other reader.</returns>
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
                isRead = TryArray(
                    static (ref reader, out item) => reader.TryRegion(out item), out MemoryRegion[] memory);
                shape.Memory = memory;
                break;
            case 4 when name.SequenceEqual("cmrs"u8):
                isNew = shape.Cmrs is null;
                isRead = TryArray(
                    static (ref reader, out item) => reader.TryCmr(out item), out AddressRange[] cmrs);
                shape.Cmrs = cmrs;
                break;
            case 7 when name.SequenceEqual("blocked"u8):
                isNew = shape.Blocked is null;
                isRead = TryArray(
                    static (ref reader, out item) => reader.TryBlocked(out item), out BlockedRange[] blocked);
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

    private bool TryArray<T>(TryItem<T> tryItem, out T[] items, int max = int.MaxValue)
    {
        items = [];
        if (!_text.Take('['))
            return false;
        if (_text.Take(']'))
            return true;
        List<T> read = new(UsualCount);
        do
        {
            if (read.Count == max || !tryItem(ref this, out T item))
                return false;
            read.Add(item);
        }
        while (_text.Take(','));
        items = [.. read];
        return _text.Take(']');
    }

    private bool TryRegion(out MemoryRegion region)
    {
        bool isRead = TryEntry() && _given == (Members.Ends | Members.Node);
        region = new(_range, _node);
        return isRead;
    }

    private bool TryCmr(out AddressRange cmr)
    {
        bool isRead = TryEntry() && _given == Members.Ends;
        cmr = _range;
        return isRead;
    }

    private bool TryBlocked(out BlockedRange blocked)
    {
        bool isRead = TryEntry() && _given == (Members.Ends | Members.Kind);
        blocked = new(_range, _kind);
        return isRead;
    }

    private bool TryRows(out int[][] rows) => TryArray(
        static (ref reader, out row) => reader.TryArray(
            static (ref reader, out count) => reader.TryCount(out count), out row, MaxRows),
        out rows,
        MaxRows);

    private bool TryCount(out int count)
    {
        bool isCount = _text.TryNumber(out ulong number) && number <= int.MaxValue;
        count = isCount ? (int)number : 0;
        return isCount;
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
        bool isNode = TryCount(out int node) && node <= MemoryRegion.MaxNode;
        _node = isNode ? node : 0;
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
