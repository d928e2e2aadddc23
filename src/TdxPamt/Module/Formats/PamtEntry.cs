using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>An entry of a PAMT: 16 bytes, as they lie in memory.</summary>
/// <param name="Low">The first 8 bytes.</param>
/// <param name="High">The second 8 bytes.</param>
/// <remarks>
/// <para>An entry of a page: lock, bits 15:0 of the first 8 bytes; type, bits 23:16; owner, bits 63:24, which are bits
/// 51:12 of the address of the TD's TDR page; then the epoch. Entries that are made here have no lock and
/// epoch 0.</para>
/// <para>A 2M entry of type PT_PAMT: type, bits 20:16; bits 47:12 of the address of page 0, bits 63:28; then, in the
/// second 8 bytes, how many of its 4K entries are in use, bits 9:0; bits 47:12 of the address of page 1, in
/// bits 63:28.</para>
/// <para>Immutable; <c>default</c> is the entry of a page that is not used.</para>
/// </remarks>
public readonly record struct PamtEntry(ulong Low, ulong High)
{
    /// <summary>The size of an entry, in bytes.</summary>
    public const int Bytes = 16;

    /// <summary>The first address that a pair's pages cannot have, in bytes: an entry holds 48 bits.</summary>
    public const ulong PairLimit = 1UL << 48;

    /// <summary>The bits of <see cref="PageCount"/>.</summary>
    internal const int CountMask = 0x3FF;

    private const int TypeShift = 16;
    private const int OwnerShift = 24;
    private const int PairShift = 28;
    private const ulong WideTypes = 0xFF;
    private const ulong NarrowTypes = 0x1F;

    /// <summary>What the page is. It need not be one of the named values.</summary>
    public PamtPageType Type => (PamtPageType)((Low >> TypeShift) & 0xFF);

    /// <summary>The address of the TDR page of the TD that the page belongs to, in bytes; 0 where the type
    /// is PT_PAMT.</summary>
    public ulong Owner => Type == PamtPageType.Pamt ? 0 : Low >> OwnerShift << 12;

    /// <summary>The address of the page with the entries of the lower half of a 2M region, in bytes, where the type is
    /// PT_PAMT; else 0.</summary>
    public ulong Page0 => Type == PamtPageType.Pamt ? Low >> PairShift << 12 : 0;

    /// <summary>The address of the page with the entries of the upper half of a 2M region, in bytes, where the type is
    /// PT_PAMT; else 0.</summary>
    public ulong Page1 => Type == PamtPageType.Pamt ? High >> PairShift << 12 : 0;

    /// <summary>How many 4K entries of a 2M region are in use, 0 to 512, where the type is PT_PAMT; else 0.</summary>
    public int PageCount => Type == PamtPageType.Pamt ? (int)(High & (ulong)CountMask) : 0;

    /// <summary>Where the 4K entry of an address lies, where the type is PT_PAMT.</summary>
    internal ulong Entry4K(ulong address)
    {
        ulong index = address % (1UL << 21) / AddressRange.PageBytes;
        ulong inPage = AddressRange.PageBytes / Bytes;
        return (index < inPage ? Page0 : Page1) + (index % inPage * Bytes);
    }

    /// <summary>The entry as releases read it whose types have 5 bits.</summary>
    internal PamtEntry WithNarrowType() => new(Low & ~((WideTypes & ~NarrowTypes) << TypeShift), High);

    /// <summary>The bits of a type, of those that have bits 23:16 of an entry.</summary>
    internal static ulong TypeMask(bool isNarrow) => isNarrow ? NarrowTypes : WideTypes;

    /// <summary>Makes the entry of a page.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="owner">The address of the TDR page of its TD, in bytes: a multiple of 4096, below 2^52.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is not from 0 to 31, or the owner is no
    /// such address.</exception>
    public static PamtEntry ForPage(PamtPageType type, ulong owner = 0)
    {
        Preconditions.InRange((int)type, 0, 31, nameof(type));
        if (owner >= AddressRange.Limit || owner % AddressRange.PageBytes != 0)
            throw new ArgumentOutOfRangeException(nameof(owner), owner, "owner must be a multiple of 4096 below 2^52");
        return new(((ulong)(uint)type << TypeShift) | (owner >> 12 << OwnerShift), 0);
    }

    /// <summary>Makes the 2M entry of a region whose 4K entries lie in a pair of pages.</summary>
    /// <param name="page0">The address of the first page, in bytes: a multiple of 4096, below 2^48.</param>
    /// <param name="page1">The address of the second page, in bytes: a multiple of 4096, below 2^48.</param>
    /// <param name="pageCount">How many of the entries are in use, 0 to 512.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One is not such a value.</exception>
    public static PamtEntry ForPair(ulong page0, ulong page1, int pageCount = 0)
    {
        Preconditions.InRange(pageCount, 0, 512, nameof(pageCount));
        return new(
            ((ulong)PamtPageType.Pamt << TypeShift) | (CheckPairPage(page0, nameof(page0)) >> 12 << PairShift),
            (uint)pageCount | (CheckPairPage(page1, nameof(page1)) >> 12 << PairShift));
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="source">The bytes, 16 or more.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentException">There are fewer bytes.</exception>
    public static PamtEntry Read(ReadOnlySpan<byte> source) => source.Length >= Bytes
        ? new(BinaryPrimitives.ReadUInt64LittleEndian(source), BinaryPrimitives.ReadUInt64LittleEndian(source[8..]))
        : throw new ArgumentException($"a PAMT entry must have {Bytes} bytes, and this one has {source.Length}");

    /// <summary>Writes the entry.</summary>
    /// <param name="destination">Room for 16 bytes or more.</param>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < Bytes)
            throw new ArgumentException($"a PAMT entry needs {Bytes} bytes, and there are {destination.Length}");
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], High);
    }

    /// <summary>The type and both halves: <c>Regular 0x0000000000000000_0000000012030000</c>, the high
    /// one first.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Type} 0x{High:x16}_{Low:x16}";

    private static ulong CheckPairPage(ulong page, string name) =>
        page < PairLimit && page % AddressRange.PageBytes == 0
            ? page
            : throw new ArgumentOutOfRangeException(name, page, $"{name} must be a multiple of 4096 below 2^48");
}
