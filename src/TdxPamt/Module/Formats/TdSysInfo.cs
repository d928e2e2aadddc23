using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>TDSYSINFO, what TDH.SYS.INFO writes about the module: 1024 bytes (docs/model.md#tdsysinfo).</summary>
/// <remarks>Immutable; any values can be written. <c>default</c> is all zeros.</remarks>
public readonly record struct TdSysInfo
{
    /// <summary>The size of the structure, in bytes, and the alignment that TDH.SYS.INFO asks for.</summary>
    public const int Bytes = 1024;

    /// <summary>The VENDOR_ID of Intel's modules.</summary>
    public const uint Intel = 0x8086;

    /// <summary>ATTRIBUTES.</summary>
    public uint Attributes { get; init; }

    /// <summary>VENDOR_ID, <see cref="Intel"/>.</summary>
    public uint VendorId { get; init; }

    /// <summary>BUILD_DATE: the decimal digits yyyymmdd.</summary>
    public uint BuildDate { get; init; }

    /// <summary>BUILD_NUM.</summary>
    public ushort BuildNumber { get; init; }

    /// <summary>MINOR_VERSION.</summary>
    public ushort MinorVersion { get; init; }

    /// <summary>MAJOR_VERSION.</summary>
    public ushort MajorVersion { get; init; }

    /// <summary>SYS_RD: 1 where a host is to read the rest by TDH.SYS.RD.</summary>
    public byte SysRd { get; init; }

    /// <summary>MAX_TDMRS.</summary>
    public ushort MaxTdmrs { get; init; }

    /// <summary>MAX_RESERVED_PER_TDMR.</summary>
    public ushort MaxReservedPerTdmr { get; init; }

    /// <summary>PAMT_ENTRY_SIZE, in bytes.</summary>
    public ushort PamtEntrySize { get; init; }

    /// <summary>Reads the structure. What is not modelled is ignored.</summary>
    /// <param name="source">The bytes, 1024 or more.</param>
    /// <returns>The structure.</returns>
    /// <exception cref="ArgumentException">There are fewer bytes.</exception>
    public static TdSysInfo Read(ReadOnlySpan<byte> source) => source.Length >= Bytes
        ? new()
        {
            Attributes = BinaryPrimitives.ReadUInt32LittleEndian(source),
            VendorId = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
            BuildDate = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BuildNumber = BinaryPrimitives.ReadUInt16LittleEndian(source[12..]),
            MinorVersion = BinaryPrimitives.ReadUInt16LittleEndian(source[14..]),
            MajorVersion = BinaryPrimitives.ReadUInt16LittleEndian(source[16..]),
            SysRd = source[18],
            MaxTdmrs = BinaryPrimitives.ReadUInt16LittleEndian(source[32..]),
            MaxReservedPerTdmr = BinaryPrimitives.ReadUInt16LittleEndian(source[34..]),
            PamtEntrySize = BinaryPrimitives.ReadUInt16LittleEndian(source[36..]),
        }
        : throw new ArgumentException($"TDSYSINFO must have {Bytes} bytes, and this one has {source.Length}");

    /// <summary>Writes the structure. What is not modelled is 0.</summary>
    /// <param name="destination">Room for 1024 bytes or more; those after 1024 keep their values.</param>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < Bytes)
            throw new ArgumentException($"TDSYSINFO needs {Bytes} bytes, and there are {destination.Length}");
        destination[..Bytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Attributes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], VendorId);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], BuildDate);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[12..], BuildNumber);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[14..], MinorVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[16..], MajorVersion);
        destination[18] = SysRd;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[32..], MaxTdmrs);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[34..], MaxReservedPerTdmr);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[36..], PamtEntrySize);
    }

    /// <summary>Version and build: <c>TDX module 2.0, build 1 of 20260101</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"TDX module {MajorVersion}.{MinorVersion}, build {BuildNumber} of {BuildDate}";
}
