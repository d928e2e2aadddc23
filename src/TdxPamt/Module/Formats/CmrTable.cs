using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>The table of CMR_INFOs as TDH.SYS.INFO writes it: 32 entries of 16 bytes, unused ones null.</summary>
/// <remarks>Layout: docs/model.md#cmr_info. Without state, so safe for many threads.</remarks>
public static class CmrTable
{
    /// <summary>How many entries the table has: 32, always.</summary>
    public const int Entries = 32;

    /// <summary>How many bytes the table has: 512.</summary>
    public const int Bytes = Entries * EntryBytes;

    private const int EntryBytes = 16;

    /// <summary>Reads the table. Any values are legal.</summary>
    /// <param name="source">The table's 512 bytes.</param>
    /// <param name="cmrs">Room for 32 entries.</param>
    /// <exception cref="ArgumentException">The source has another length, or there is less room.</exception>
    public static void Read(ReadOnlySpan<byte> source, Span<CmrInfo> cmrs)
    {
        if (source.Length != Bytes)
            throw new ArgumentException($"a CMR table must have {Bytes} bytes, and this one has {source.Length}");
        if (cmrs.Length < Entries)
            throw new ArgumentException($"there must be room for {Entries} CMRs, and there is for {cmrs.Length}");
        for (int i = 0; i < Entries; i++)
        {
            cmrs[i] = new(
                BinaryPrimitives.ReadUInt64LittleEndian(source[(EntryBytes * i)..]),
                BinaryPrimitives.ReadUInt64LittleEndian(source[((EntryBytes * i) + 8)..]));
        }
    }

    /// <summary>Writes the table: the given entries, then null entries.</summary>
    /// <param name="cmrs">At most 32 entries.</param>
    /// <param name="destination">Room for 512 bytes.</param>
    /// <exception cref="ArgumentException">There are more entries, or less room.</exception>
    public static void Write(ReadOnlySpan<CmrInfo> cmrs, Span<byte> destination)
    {
        if (cmrs.Length > Entries)
            throw new ArgumentException($"a CMR table has {Entries} entries, and these are {cmrs.Length}");
        if (destination.Length < Bytes)
            throw new ArgumentException($"a CMR table needs {Bytes} bytes, and there are {destination.Length}");
        destination[..Bytes].Clear();
        for (int i = 0; i < cmrs.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(EntryBytes * i)..], cmrs[i].Base);
            BinaryPrimitives.WriteUInt64LittleEndian(destination[((EntryBytes * i) + 8)..], cmrs[i].Size);
        }
    }
}
