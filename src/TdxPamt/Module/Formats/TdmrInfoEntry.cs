using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TdxPamt.Module;

/// <summary>A TDMR_INFO as it lies in memory: the values that a host passes to TDH.SYS.CONFIG.</summary>
/// <remarks>A mutable value, equal by value. Layout: docs/model.md#tdmr_info. Each field may hold any 64 bits;
/// what TDH.SYS.CONFIG accepts: docs/model.md#sys-config-checks. <c>default</c> is all zeros.</remarks>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
public record struct TdmrInfoEntry
{
    /// <summary>The size of a TDMR_INFO, in bytes.</summary>
    public const int Bytes = 320;

    /// <summary>The distance from one TDMR_INFO to the next, in bytes: each must be 512-byte aligned.</summary>
    public const int Stride = 512;

    /// <summary>How many reserved areas a TDMR_INFO has room for.</summary>
    public const int MaxReservedAreas = 16;

    private const int ReservedOffset = 0x40;
    private const int ReservedBytes = 16;
    private const int FirstReservedEntry = ReservedOffset / ReservedBytes;

    /// <summary>TDMR_BASE: the TDMR's first address, in bytes.</summary>
    [field: FieldOffset(0x00)]
    public ulong Base { get; set; }

    /// <summary>TDMR_SIZE: the TDMR's size, in bytes.</summary>
    [field: FieldOffset(0x08)]
    public ulong Size { get; set; }

    /// <summary>PAMT_1G_BASE and PAMT_1G_SIZE.</summary>
    [field: FieldOffset(0x10)]
    public Pamt Pamt1G { get; set; }

    /// <summary>PAMT_2M_BASE and PAMT_2M_SIZE.</summary>
    [field: FieldOffset(0x20)]
    public Pamt Pamt2M { get; set; }

    /// <summary>PAMT_4K_BASE and PAMT_4K_SIZE; with Dynamic PAMT those of the page bitmap.</summary>
    [field: FieldOffset(0x30)]
    public Pamt Pamt4K { get; set; }

    /// <summary>RESERVED_OFFSET[j] and RESERVED_SIZE[j], which are read as a span.</summary>
    [field: FieldOffset(ReservedOffset)]
    private Sixteen Reserved { get; set; }

    /// <summary>The TDMR_INFO of a TDMR as the kernel describes it; unused reserved areas are null entries.</summary>
    /// <param name="tdmr">The TDMR.</param>
    /// <returns>Its TDMR_INFO.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tdmr"/> is null.</exception>
    /// <exception cref="ArgumentException">It has more than 16 reserved areas, which a TDMR_INFO has no
    /// room for.</exception>
    public static TdmrInfoEntry FromTdmr(in TdmrInfo tdmr)
    {
        int areas = Preconditions.NotNull(tdmr, nameof(tdmr)).ReservedAreas.Count;
        if (areas > MaxReservedAreas)
        {
            throw new ArgumentException(
                $"{tdmr} has {areas} reserved areas, and a TDMR_INFO has room for {MaxReservedAreas}");
        }

        Span<TdmrInfoEntry> entry = stackalloc TdmrInfoEntry[1];
        entry[0] = new()
        {
            Base = tdmr.Base,
            Size = tdmr.Size,
            Pamt1G = tdmr.Pamt1G,
            Pamt2M = tdmr.Pamt2M,
            Pamt4K = tdmr.Pamt4K,
        };
        Span<ReservedEntry> entries = ReservedAreasOf(entry);
        int next = 0;
        foreach (ReservedArea area in tdmr.ReservedAreas)
            entries[next++] = new(area.Offset, area.Size);
        return entry[0];
    }

    /// <summary>Reads a TDMR_INFO. Any values are legal; null entries between reserved areas are kept.</summary>
    /// <param name="source">The bytes, 320 or more; those after 320 are ignored.</param>
    /// <returns>The TDMR_INFO.</returns>
    /// <exception cref="ArgumentException">There are fewer bytes.</exception>
    public static TdmrInfoEntry Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < Bytes)
            throw new ArgumentException($"a TDMR_INFO must have {Bytes} bytes, and this one has {source.Length}");
        Span<TdmrInfoEntry> entry = stackalloc TdmrInfoEntry[1];
        Span<ulong> words = MemoryMarshal.Cast<TdmrInfoEntry, ulong>(entry);
        for (int i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(source[(8 * i)..]);
        return entry[0];
    }

    /// <summary>Writes the TDMR_INFO.</summary>
    /// <param name="destination">Room for 320 bytes or more; those after 320 keep their values.</param>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public readonly void Write(Span<byte> destination)
    {
        if (destination.Length < Bytes)
            throw new ArgumentException($"a TDMR_INFO needs {Bytes} bytes, and there are {destination.Length}");
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<TdmrInfoEntry, ulong>(stackalloc[] { this });
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(8 * i)..], words[i]);
    }

    /// <summary>The PAMT of one page size.</summary>
    /// <param name="size">The page size.</param>
    /// <returns>Its base and size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The page size is none of the three.</exception>
    public readonly Pamt GetPamt(PageSize size) => Preconditions.InRange((int)size, 0, 2, nameof(size)) switch
    {
        0 => Pamt4K,
        1 => Pamt2M,
        _ => Pamt1G,
    };

    /// <summary>Sets the PAMT of one page size.</summary>
    /// <param name="size">The page size.</param>
    /// <param name="pamt">Its base and size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The page size is none of the three.</exception>
    public void SetPamt(PageSize size, Pamt pamt)
    {
        switch (Preconditions.InRange((int)size, 0, 2, nameof(size)))
        {
            case 0:
                Pamt4K = pamt;
                break;
            case 1:
                Pamt2M = pamt;
                break;
            default:
                Pamt1G = pamt;
                break;
        }
    }

    /// <summary>RESERVED_OFFSET[j] and RESERVED_SIZE[j].</summary>
    /// <param name="index">j, 0 to 15.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in that interval.</exception>
    public readonly ReservedEntry GetReservedArea(int index) =>
        ReservedAreasOf(stackalloc[] { this })[CheckIndex(index)];

    /// <summary>Sets RESERVED_OFFSET[j] and RESERVED_SIZE[j].</summary>
    /// <param name="index">j, 0 to 15.</param>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in that interval.</exception>
    public void SetReservedArea(int index, ReservedEntry entry)
    {
        Span<TdmrInfoEntry> copy = stackalloc[] { this };
        ReservedAreasOf(copy)[CheckIndex(index)] = entry;
        this = copy[0];
    }

    /// <summary>The TDMR as the kernel names it: <c>TDMR [0x0, 0x80000000)</c>.</summary>
    /// <returns>The text.</returns>
    public override readonly string ToString() => $"TDMR [0x{Base:x}, 0x{unchecked(Base + Size):x})";

    /// <summary>The sixteen reserved areas of one of several TDMR_INFOs, without a copy.</summary>
    internal static ReadOnlySpan<ReservedEntry> ReservedAreasOf(ReadOnlySpan<TdmrInfoEntry> entries, int index) =>
        MemoryMarshal.Cast<TdmrInfoEntry, ReservedEntry>(entries.Slice(index, 1))[FirstReservedEntry..];

    private static Span<ReservedEntry> ReservedAreasOf(Span<TdmrInfoEntry> entry) =>
        MemoryMarshal.Cast<TdmrInfoEntry, ReservedEntry>(entry)[FirstReservedEntry..];

    private static int CheckIndex(int index) =>
        Preconditions.InRange(index, 0, MaxReservedAreas - 1, nameof(index));

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Four(ReservedEntry A, ReservedEntry B, ReservedEntry C, ReservedEntry D);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Sixteen(Four A, Four B, Four C, Four D);
}
