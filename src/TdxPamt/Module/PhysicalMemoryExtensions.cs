using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>Writes into a machine's memory what a host passes to the TDX module.</summary>
/// <remarks>Without state, so safe for many threads as far as the memory is.</remarks>
public static class PhysicalMemoryExtensions
{
    /// <summary>Writes TDMRs as TDH.SYS.CONFIG reads them: the array of addresses for RCX, zeros up to a multiple of
    /// 512 bytes, then the TDMR_INFOs, 512 bytes apart (docs/model.md#tdmr_info).</summary>
    /// <param name="memory">The machine's memory. What it throws reaches the caller.</param>
    /// <param name="address">Where the array starts: a physical address, a multiple of 512 bytes, of memory below 2^52
    /// that the host has free. RCX of the call.</param>
    /// <param name="tdmrs">The TDMRs. Their number is RDX of the call.</param>
    /// <returns>How many bytes were written, from <paramref name="address"/> on: 33,280 for 64 TDMRs.</returns>
    /// <exception cref="ArgumentNullException">The memory or a TDMR is null.</exception>
    /// <exception cref="ArgumentException">The address is not such a multiple, the end is above 2^52, or a TDMR has
    /// more than 16 reserved areas.</exception>
    public static ulong WriteTdmrInfos(this IPhysicalMemory memory, ulong address, ReadOnlySpan<TdmrInfo> tdmrs)
    {
        TdmrInfoEntry[] entries = new TdmrInfoEntry[tdmrs.Length];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = TdmrInfoEntry.FromTdmr(tdmrs[i]);
        return memory.WriteTdmrInfos(address, entries);
    }

    /// <summary>Writes TDMR_INFOs of any values as TDH.SYS.CONFIG reads them, with the array of
    /// their addresses.</summary>
    /// <param name="memory">The machine's memory. What it throws reaches the caller.</param>
    /// <param name="address">Where the array starts: a physical address, a multiple of 512 bytes, of memory below 2^52
    /// that the host has free. RCX of the call.</param>
    /// <param name="tdmrs">The TDMR_INFOs. Their number is RDX of the call.</param>
    /// <returns>How many bytes were written, from <paramref name="address"/> on.</returns>
    /// <exception cref="ArgumentNullException">The memory is null.</exception>
    /// <exception cref="ArgumentException">The address is not such a multiple, or the end is above 2^52.</exception>
    public static ulong WriteTdmrInfos(this IPhysicalMemory memory, ulong address, ReadOnlySpan<TdmrInfoEntry> tdmrs)
    {
        Preconditions.NotNull(memory, nameof(memory));
        int arrayBytes = ((8 * tdmrs.Length) + TdmrInfoEntry.Stride - 1) / TdmrInfoEntry.Stride * TdmrInfoEntry.Stride;
        byte[] bytes = new byte[arrayBytes + (tdmrs.Length * TdmrInfoEntry.Stride)];
        if (address % TdmrInfoEntry.Stride != 0 || address > AddressRange.Limit - (ulong)bytes.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(address), $"address must be a multiple of 512, at most 2^52 - {bytes.Length}: 0x{address:x}");
        }

        ulong infos = address + (ulong)arrayBytes;
        for (int i = 0; i < tdmrs.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(
                bytes.AsSpan(8 * i), infos + ((ulong)i * TdmrInfoEntry.Stride));
        }

        TdmrInfoTable.Write(tdmrs, bytes.AsSpan(arrayBytes));
        memory.Write(address, bytes);
        return (ulong)bytes.Length;
    }
}
