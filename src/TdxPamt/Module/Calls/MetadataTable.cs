using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>The metadata fields of a module in the order in which TDH.SYS.RD walks through
/// them (docs/model.md#metadata-fields).</summary>
internal sealed class MetadataTable
{
    private const ulong CmrBase = 0x9000000300000080;
    private const ulong CmrSize = 0x9000000300000100;
    private const ulong CpuidConfigLeaves = 0x9900000300000400;
    private const ulong CpuidConfigValues = 0x9900000300000500;
    private const ulong PackageFms = 0x9900000300000810;

    /// <summary>The rows of the table: the first id of each, and how many ids it has.</summary>
    private static readonly (ulong First, int Count)[] Rows =
    [
        (0x0000000200000000, 1), (0x0000000200000001, 8), (0x0800000200000000, 1),
        (0x8800000200000001, 1), (0x8800000100000002, 1), (0x0800000100000003, 1),
        (0x0800000100000004, 1), (0x0800000100000005, 1), (0x0800000100000006, 1),
        (0x8900000100000000, 1), (0x8900000100000001, 1), (0x8900000000000002, 1),
        (0x8900000100000003, 1), (0x8900000000000004, 1), (0x8900000100000005, 1),
        (0x8900000200000006, 1), (0x0A00000200000000, 1), (0x0A00000000000001, 1),
        (0x0A00000300000008, 1), (0x9000000100000000, 1), (0x9000000300000080, 32),
        (0x9000000300000100, 32), (0x9100000100000008, 1), (0x9100000100000009, 1),
        (0x9100000100000010, 1), (0x9100000100000011, 1), (0x9100000100000012, 1),
        (0x9100000000000013, 1), (0x9100000000000014, 1), (0x9800000100000000, 1),
        (0x9800000100000100, 2), (0x9800000100000200, 2), (0x1900000300000000, 1),
        (0x1900000300000001, 1), (0x1900000300000002, 1), (0x1900000300000003, 1),
        (0x9900000100000004, 1), (0x9900000300000006, 1), (0x9900000300000007, 1),
        (0x9900000100000008, 1), (0x9900000000000009, 1), (0x990000010000000A, 1),
        (0x9900000300000400, 32), (0x9900000300000500, 64), (0x9900000300000600, 1),
        (0x9900000100000800, 2), (0x9900000300000810, 128), (0xA000000300000000, 1),
        (0x2000000100000001, 1), (0x2000000100000002, 1), (0x2000000100000003, 1),
        (0x2000000100000004, 1), (0xA000000100000010, 1), (0xA000000000000020, 1),
        (0xA000000000000021, 1), (0xA000000000000022, 1), (0xA100000100000000, 1),
        (0xA100000300000001, 1), (0xA100000300000002, 1), (0xA200000100000000, 1),
        (0xA200000300000001, 1), (0xA200000300000002, 1), (0xA200000300000003, 1),
        (0xA200000300000004, 1), (0xA200000300000005, 1), (0xA200000300000006, 1),
    ];

    /// <summary>Values that no option and no release decides.</summary>
    private static readonly Dictionary<ulong, ulong> Values = new()
    {
        [0x0800000200000000] = 0x8086,
        [0x8900000100000003] = 0x3F,
        [0x0A00000000000001] = 0x1,
        [0x9000000100000000] = 0x20,
        [0x9000000300000100] = 0xC0000000,
        [0x9100000100000008] = 0x40,
        [0x9100000100000009] = 0x10,
        [0x9100000100000010] = 0x10,
        [0x9100000100000011] = 0x10,
        [0x9100000100000012] = 0x10,
        [0x9100000000000013] = 0x1,
        [0x9800000100000000] = 0x1000,
        [0x9800000100000100] = 0x6000,
        [0x9800000100000101] = 0x1000,
        [0x9800000100000200] = 0x6000,
        [0x9800000100000201] = 0x3000,
        [0x1900000300000003] = 0x3,
        [0x9900000300000006] = 0x1F,
        [0x9900000100000008] = 0x240,
        [0x9900000000000009] = 0x2D,
        [0x990000010000000A] = 0x200,
        [0x9900000300000600] = 0x1180010,
        [0x9900000100000800] = 0x1,
        [0xA000000100000010] = 0x200,
        [0xA000000000000020] = 0x4,
        [0xA000000000000021] = 0x2,
        [0xA000000000000022] = 0x9,
        [0xA100000100000000] = 0x1,
        [0xA100000300000001] = 0x7FF00000001,
        [0xA200000100000000] = 0x807F,
        [0xA200000300000001] = 0x1,
        [0xA200000300000003] = 0x3,
        [0xA200000300000005] = 0x7,
    };

    private static readonly ulong[] Leaves =
    [
        0xFFFFFFFF00000001, 0x4, 0x100000004, 0x200000004, 0x300000004, 0x7, 0x100000007, 0xFFFFFFFF0000000A,
        0xFFFFFFFF0000001C, 0xFFFFFFFF80000008, 0x200000007, 0x23, 0x1F, 0x10000001F, 0x20000001F, 0x30000001F,
        0x40000001F, 0x50000001F, 0xFFFFFFFF00000019, 0x18, 0x100000018, 0x200000018, 0x300000018, 0x400000018,
        0x500000018, 0x600000018, 0x700000018, 0x800000018, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
        0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
    ];

    private static readonly ulong[] LeafValues =
    [
        0xFF00000FFF3FFF, 0x1800508001000000, 0xFFFFF000FFFFC3FF, 0x7FFFFFFFF, 0xFFFFF000FFFFC3FF, 0x7FFFFFFFF,
        0xFFFFF000FFFFC3FF, 0x7FFFFFFFF, 0xFFFFF000FFFFC3FF, 0x7FFFFFFFF, 0x0, 0x4000000000000000, 0x0, 0x0,
        0x0, 0x0, 0x8, 0x0, 0x200000000FF, 0x0, 0x0, 0x0, 0x0, 0x0, 0xFFFF0000001F, 0xFFFF, 0xFFFF0000001F,
        0xFFFF, 0xFFFF0000001F, 0xFFFF, 0xFFFF0000001F, 0xFFFF, 0xFFFF0000001F, 0xFFFF, 0xFFFF0000001F, 0xFFFF,
        0x0, 0x0, 0x0, 0x3FFC00000000000, 0x0, 0x3FFC00000000000, 0x0, 0x3FFC00000000000, 0x0,
        0x3FFC00000000000, 0x0, 0x3FFC00000000000, 0x0, 0x3FFC00000000000, 0x0, 0x3FFC00000000000, 0x0,
        0x3FFC00000000000, 0x0, 0x3FFC00000000000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0,
    ];

    private readonly ulong[] _ids;
    private readonly bool[] _isLast;
    private readonly ulong[] _values;
    private readonly Dictionary<uint, int> _positions = [];
    private readonly CmrInfo[] _cmrs;

    internal MetadataTable(TdxModuleOptions options, CmrInfo[] cmrs)
    {
        _cmrs = cmrs;
        (ulong First, int Count)[] rows =
            [.. Rows.Where(row => !IsOfDynamicPamt(row.First) || options.Release.HasDynamicPamt)];
        _ids = [.. rows.SelectMany(static row => Enumerable.Range(0, row.Count).Select(i => row.First + (ulong)i))];
        _isLast = [.. rows.SelectMany(static row => Enumerable.Range(1, row.Count).Select(i => i == row.Count))];
        _values = Array.ConvertAll(_ids, id => ValueOf(id, options));
        for (int i = 0; i < _ids.Length; i++)
            _positions[KeyOf(new(_ids[i]))] = i;
    }

    /// <summary>The first field's id.</summary>
    internal ulong First => _ids[0];

    /// <summary>Reads a field, found by its class and code alone.</summary>
    /// <param name="id">The id as given. The next id in the same row keeps its other bits.</param>
    /// <param name="value">The value.</param>
    /// <param name="next">The next id; null after the last.</param>
    internal bool TryRead(MetadataFieldId id, out ulong value, out ulong? next)
    {
        value = 0;
        next = null;
        if (id.HasReservedBits || !_positions.TryGetValue(KeyOf(id), out int position))
            return false;
        value = Read(position);
        next = !_isLast[position] ? id.WithoutContext + 1
            : position + 1 < _ids.Length ? _ids[position + 1] : null;
        return true;
    }

    private static bool IsOfDynamicPamt(ulong id) => id is 0x9100000000000013 or 0x9100000000000014;

    private static uint KeyOf(MetadataFieldId id) => ((uint)id.Class << 24) | (uint)id.FieldCode;

    private ulong Read(int position)
    {
        ulong id = _ids[position];
        return id switch
        {
            >= CmrBase and < CmrBase + CmrTable.Entries => _cmrs[id - CmrBase].Base,
            >= CmrSize and < CmrSize + CmrTable.Entries => _cmrs[id - CmrSize].Size,
            _ => _values[position],
        };
    }

    private static ulong ValueOf(ulong id, TdxModuleOptions options)
    {
        if (options.MetadataValues.TryGetValue(id, out ulong given))
            return given;
        TdxModuleRelease release = options.Release;
        return id switch
        {
            0x0000000200000000 => (ulong)options.Packages,
            >= 0x0000000200000001 and <= 0x0000000200000008 =>
                id - 0x0000000200000001 < (ulong)options.Packages ? options.PackageFms : 0,
            0x8800000200000001 => options.BuildDate,
            0x8800000100000002 => options.BuildNumber,
            0x0800000100000003 => (ulong)release.Reported.Minor,
            0x0800000100000004 => (ulong)release.Reported.Major,
            0x0800000100000005 => (ulong)release.Reported.Update,
            0x8900000100000000 => release.HandoffVersion,
            0x8900000000000002 => release.HasCompatibilitySensitiveUpdate ? 1UL : 0,
            0x0A00000300000008 => options.TdxFeatures0 ?? release.TdxFeatures0,
            0x9100000000000014 => (ulong)Math.Max(
                0, options.PhysicalAddressBits - SysConfig.MaxFirstKeyIdBitForDynamicPamt),
            0x1900000300000000 => options.AttributesFixed0 ?? release.AttributesFixed0,
            0x1900000300000002 => options.XfamFixed0,
            0x9900000100000004 => (ulong)release.CpuidConfigs,
            >= CpuidConfigLeaves and < CpuidConfigLeaves + 32 => Leaves[id - CpuidConfigLeaves],
            >= CpuidConfigValues and < CpuidConfigValues + 64 => LeafValues[id - CpuidConfigValues],
            PackageFms => options.PackageFms,
            _ => Values.TryGetValue(id, out ulong value) ? value : 0,
        };
    }

    /// <summary>The list that TDH.SYS.RDALL writes from a field on: all ones for the first; null where the id is not
    /// the first element of a field.</summary>
    internal byte[]? WriteList(ulong start)
    {
        int first = 0;
        if (start != ulong.MaxValue)
        {
            MetadataFieldId id = new(start);
            if (!_positions.TryGetValue(KeyOf(id), out first) || ElementIn(first) != 0
                || new MetadataFieldId(_ids[first]).ElementBytes != id.ElementBytes)
            {
                return null;
            }
        }

        List<ulong> words = [0];
        int sequences = 0;
        for (int position = first; position < _ids.Length; sequences++)
        {
            int elements = ElementsOf(position);
            int end = position + elements;
            while (end < _ids.Length && Continues(end, elements))
                end += elements;
            int fields = (end - position) / elements;
            words.Add(_ids[position] | ((ulong)(elements - 1) << 34) | ((ulong)(fields - 1) << 38));
            for (; position < end; position++)
                words.Add(Read(position));
        }

        byte[] bytes = new byte[8 * words.Count];
        words[0] = (uint)bytes.Length | ((ulong)(uint)sequences << 16);
        for (int i = 0; i < words.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), words[i]);
        return bytes;
    }

    /// <summary>How many elements the field at a position has.</summary>
    private int ElementsOf(int position) => Elements(_ids[position]).Count;

    private int ElementIn(int position) => Elements(_ids[position]).Index;

    private static (int Count, int Index) Elements(ulong id) => id switch
    {
        >= CpuidConfigValues and < CpuidConfigValues + 64 => (2, (int)(id & 1)),
        _ => (1, 0),
    };

    private bool Continues(int position, int elements)
    {
        MetadataFieldId before = new(_ids[position - elements]);
        MetadataFieldId id = new(_ids[position]);
        return id.FieldCode == before.FieldCode + elements && id.Class == before.Class
            && id.ElementBytes == before.ElementBytes && ElementsOf(position) == elements;
    }
}
