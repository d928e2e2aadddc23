namespace TdxPamt;

/// <summary>The limits and sizes that a TDX module reports and a host has
/// to keep to; docs/model.md#metadata-fields.</summary>
/// <remarks>Immutable and equal by value. A new one holds the values of today's modules.</remarks>
public sealed record ModuleParameters
{
    /// <summary>The values of today's modules, without Dynamic PAMT.</summary>
    public static ModuleParameters Default { get; } = new();

    /// <summary>MAX_TDMRS: how many TDMRs the module takes, 1 to 65535.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int MaxTdmrs
    {
        get;
        init => field = Preconditions.InRange(value, 1, ushort.MaxValue, nameof(MaxTdmrs));
    } = 64;

    /// <summary>MAX_RESERVED_PER_TDMR: how many reserved areas a TDMR can have, 0 to 65535.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int MaxReservedAreas
    {
        get;
        init => field = Preconditions.InRange(value, 0, ushort.MaxValue, nameof(MaxReservedAreas));
    } = 16;

    /// <summary>PAMT_ENTRY_SIZE of each page size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is <c>default</c>.</exception>
    public PamtEntrySizes PamtEntrySizes
    {
        get;
        init => field = value != default
            ? value
            : throw new ArgumentOutOfRangeException(nameof(PamtEntrySizes), "entry sizes must be from 1 to 65535");
    } = PamtEntrySizes.Default;

    /// <summary>Whether Dynamic PAMT is used: the 4K PAMT is then a bitmap; docs/model.md#dynamic-pamt.</summary>
    public bool DynamicPamt { get; init; }

    /// <summary>PAMT_PAGE_BITMAP_ENTRY_BITS: bits per page in the bitmap of Dynamic PAMT, 1 to 65535.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int PamtPageBitmapEntryBits
    {
        get;
        init => field = Preconditions.InRange(value, 1, ushort.MaxValue, nameof(PamtPageBitmapEntryBits));
    } = 1;

    /// <summary>How many physical address bits the processor has, 32 to 52: key-id bits lie below this bit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int PhysicalAddressBits
    {
        get;
        init => field = Preconditions.InRange(value, 32, 52, nameof(PhysicalAddressBits));
    } = 52;

    /// <summary>How many of the upper address bits hold a KeyID, 0 to 52; docs/model.md#keyid.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int KeyIdBits { get; init => field = Preconditions.InRange(value, 0, 52, nameof(KeyIdBits)); } = 6;
}
