using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>The table of CMRs as TDH.SYS.INFO gives it: 32 entries of 16 bytes, unused ones null.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class CmrTable
{
    /// <summary>How many entries the table has: 32, always.</summary>
    public const int Entries = 32;

    /// <summary>How many bytes the table has: 512.</summary>
    public const int Bytes = Entries * EntryBytes;

    private const int EntryBytes = 16;

    /// <summary>Reads the table. The entries are not judged.</summary>
    /// <param name="source">The table's 512 bytes.</param>
    /// <param name="cmrs">Room for 32 entries.</param>
    /// <exception cref="ArgumentException"><paramref name="source"/> has any other length, or there is less
    /// room.</exception>
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

    /// <summary>Writes the table; null entries follow the given ones.</summary>
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

    /// <summary>Says whether CMRs are as the module wants them: 4 KiB aligned, below 2^52, ascending and not
    /// overlapping; null entries may lie between, and CMRs may touch.</summary>
    /// <param name="cmrs">The CMRs.</param>
    /// <returns>Success or TDX_CMR_LIST_INVALID.</returns>
    public static CompletionStatus Check(ReadOnlySpan<CmrInfo> cmrs)
    {
        ulong previousEnd = 0;
        foreach (CmrInfo cmr in cmrs)
        {
            if (cmr.Size == 0)
                continue;
            bool valid = cmr.Base >= previousEnd && cmr.Base < AddressRange.Limit
                && cmr.Size <= AddressRange.Limit - cmr.Base
                && (cmr.Base | cmr.Size) % AddressRange.PageBytes == 0;
            if (!valid)
                return new(CompletionCode.CmrListInvalid);
            previousEnd = cmr.Base + cmr.Size;
        }

        return default;
    }

    /// <summary>Takes touching CMRs of a valid list together.</summary>
    /// <param name="cmrs">The CMRs, which <see cref="Check"/> accepts.</param>
    /// <param name="runs">Room for as many ranges.</param>
    /// <returns>The ranges, ascending, no two of them touching.</returns>
    internal static ReadOnlySpan<AddressRange> Merge(ReadOnlySpan<CmrInfo> cmrs, Span<AddressRange> runs)
    {
        int count = 0;
        foreach (CmrInfo cmr in cmrs)
        {
            if (cmr.Size == 0)
                continue;
            bool touches = count > 0 && runs[count - 1].End == cmr.Base;
            ulong start = touches ? runs[--count].Start : cmr.Base;
            runs[count++] = AddressRange.Create(start, cmr.Base + cmr.Size);
        }

        return runs[..count];
    }
}
