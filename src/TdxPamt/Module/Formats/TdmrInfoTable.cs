namespace TdxPamt.Module;

/// <summary>TDMR_INFOs one after another, 512 bytes apart, as a host lays them out for TDH.SYS.CONFIG.</summary>
/// <remarks>Layout: docs/model.md#tdmr_info. <c>PhysicalMemoryExtensions</c> writes them into a machine's memory
/// with the array of their addresses. Without state, so safe for many threads.</remarks>
public static class TdmrInfoTable
{
    /// <summary>How many TDMR_INFOs a number of bytes holds.</summary>
    /// <param name="bytes">The number of bytes.</param>
    /// <param name="count">The number of TDMR_INFOs, 0 or more; 0 where the length is wrong.</param>
    /// <returns>Whether the bytes are a whole number of TDMR_INFOs, 512 bytes each.</returns>
    public static bool TryCount(int bytes, out int count)
    {
        bool whole = bytes >= 0 && bytes % TdmrInfoEntry.Stride == 0;
        count = whole ? bytes / TdmrInfoEntry.Stride : 0;
        return whole;
    }

    /// <summary>Reads TDMR_INFOs. Any values, and any number of them, are legal.</summary>
    /// <param name="source">The bytes, a multiple of 512.</param>
    /// <param name="tdmrs">Room for one TDMR_INFO for each 512 bytes.</param>
    /// <returns>How many were read.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 512, or there is less room.</exception>
    public static int Read(ReadOnlySpan<byte> source, Span<TdmrInfoEntry> tdmrs)
    {
        int count = Count(source);
        if (tdmrs.Length < count)
            throw new ArgumentException($"there must be room for {count} TDMR_INFOs, and there is for {tdmrs.Length}");
        for (int i = 0; i < count; i++)
            tdmrs[i] = TdmrInfoEntry.Read(source.Slice(i * TdmrInfoEntry.Stride, TdmrInfoEntry.Bytes));
        return count;
    }

    /// <summary>Writes TDMR_INFOs, with zeros between them.</summary>
    /// <param name="tdmrs">The TDMR_INFOs.</param>
    /// <param name="destination">Room for 512 bytes for each.</param>
    /// <returns>How many bytes were written: 512 times their number.</returns>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public static int Write(ReadOnlySpan<TdmrInfoEntry> tdmrs, Span<byte> destination)
    {
        int bytes = CheckRoom(tdmrs.Length, destination);
        for (int i = 0; i < tdmrs.Length; i++)
            WriteAt(tdmrs[i], destination.Slice(i * TdmrInfoEntry.Stride, TdmrInfoEntry.Stride));
        return bytes;
    }

    /// <summary>Writes TDMRs as the kernel describes them, with zeros between them.</summary>
    /// <param name="tdmrs">The TDMRs.</param>
    /// <param name="destination">Room for 512 bytes for each.</param>
    /// <returns>How many bytes were written: 512 times their number.</returns>
    /// <exception cref="ArgumentException">There is less room, or a TDMR is null or has more than 16
    /// reserved areas.</exception>
    public static int Write(ReadOnlySpan<TdmrInfo> tdmrs, Span<byte> destination)
    {
        int bytes = CheckRoom(tdmrs.Length, destination);
        for (int i = 0; i < tdmrs.Length; i++)
        {
            WriteAt(
                TdmrInfoEntry.FromTdmr(tdmrs[i]),
                destination.Slice(i * TdmrInfoEntry.Stride, TdmrInfoEntry.Stride));
        }

        return bytes;
    }

    private static int Count(ReadOnlySpan<byte> source) => TryCount(source.Length, out int count)
        ? count
        : throw new ArgumentException(
            $"TDMR_INFOs must have {TdmrInfoEntry.Stride} bytes each, and these have {source.Length} together");

    private static int CheckRoom(int count, Span<byte> destination)
    {
        long bytes = (long)count * TdmrInfoEntry.Stride;
        return destination.Length >= bytes
            ? (int)bytes
            : throw new ArgumentException($"{count} TDMR_INFOs need {bytes} bytes, and there are {destination.Length}");
    }

    private static void WriteAt(in TdmrInfoEntry tdmr, Span<byte> slot)
    {
        tdmr.Write(slot);
        slot[TdmrInfoEntry.Bytes..].Clear();
    }
}
