namespace TdxPamt.Module;

/// <summary>Which TDX module, on which machine, a <see cref="TdxModule"/> stands for.</summary>
/// <remarks>
/// Immutable. A new one is release 1.5.25 on one processor with 52 physical address bits, 6 of which select a key; key
/// ids 32 to 63 are private; no SEAM range is known. What the processor decides is as on an
/// ordinary processor.</remarks>
public sealed record TdxModuleOptions
{
    /// <summary>The highest number of processors.</summary>
    public const int MaxProcessors = 8192;

    /// <summary>The highest number of packages that a module knows.</summary>
    public const int MaxPackages = 8;

    /// <summary>Which release.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TdxModuleRelease Release
    {
        get;
        init => field = Preconditions.NotNull(value, nameof(Release));
    } = TdxModuleRelease.V1525;

    /// <summary>At position n the package of processor n, 0 to 7; 1 to 8192 processors.</summary>
    /// <exception cref="ArgumentException">There are fewer or more processors, or a package is not in that
    /// interval, or a package below the highest has no processor.</exception>
    public ValueList<int> PackageOfProcessor { get; init => field = CheckPackages(value); } = [0];

    /// <summary>How many address bits the processor has, 36 to 52.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int PhysicalAddressBits
    {
        get;
        init => field = Preconditions.InRange(value, 36, 52, nameof(PhysicalAddressBits));
    } = 52;

    /// <summary>How many of the upper address bits select a key, 1 to 15.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int KeyIdBits
    {
        get;
        init => field = Preconditions.InRange(value, 1, 15, nameof(KeyIdBits));
    } = 6;

    /// <summary>The first private key id, 1 to 32767; null: the upper half of the key ids are private.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int? FirstPrivateKeyId
    {
        get;
        init => field = value is { } id
            ? Preconditions.InRange(id, 1, short.MaxValue, nameof(FirstPrivateKeyId))
            : null;
    }

    /// <summary>The last private key id, 1 to 32767, and not below the first, which the module checks; null: the last
    /// one that the key-id bits allow.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int? LastPrivateKeyId
    {
        get;
        init => field = value is { } id
            ? Preconditions.InRange(id, 1, short.MaxValue, nameof(LastPrivateKeyId))
            : null;
    }

    /// <summary>The memory that holds the module itself (SEAMRR); <c>default</c>: none is known.</summary>
    public AddressRange SeamRange { get; init; }

    /// <summary>TDX_FEATURES0, one bit per feature; null: the release's, as an ordinary processor lets it be.</summary>
    public ulong? TdxFeatures0 { get; init; }

    /// <summary>XFAM_FIXED0: the bits of extended features that TDs may use, as the processor has them.</summary>
    public ulong XfamFixed0 { get; init; } = 0x61AE7;

    /// <summary>ATTRIBUTES_FIXED0, the bits of ATTRIBUTES that a TD may set; null: the release's, as an ordinary
    /// processor lets it be.</summary>
    public ulong? AttributesFixed0 { get; init; }

    /// <summary>PKG_FMS: family, model and stepping of the packages.</summary>
    public uint PackageFms { get; init; } = 0x806F8;

    /// <summary>Values of metadata fields by their ids, in place of the model's own: CPUID_CONFIG_VALUES of a real
    /// processor, for example. Ids that the release lacks are ignored.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IReadOnlyDictionary<ulong, ulong> MetadataValues
    {
        get;
        init => field = Preconditions.NotNull(value, nameof(MetadataValues));
    } = new Dictionary<ulong, ulong>();

    /// <summary>BUILD_DATE: the decimal digits yyyymmdd.</summary>
    public uint BuildDate { get; init; } = 20260101;

    /// <summary>BUILD_NUM.</summary>
    public ushort BuildNumber { get; init; } = 1;

    /// <summary>The release and the machine: <c>1.5.25 on 8 processors in 2 packages, 6 of 52 address bits for
    /// key ids</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Release} on {PackageOfProcessor.Count} processors in {Packages} packages, "
        + $"{KeyIdBits} of {PhysicalAddressBits} address bits for key ids";

    internal ulong FirstPrivate => (ulong?)FirstPrivateKeyId ?? 1UL << (KeyIdBits - 1);

    internal ulong LastPrivate => (ulong?)LastPrivateKeyId ?? (1UL << KeyIdBits) - 1;

    internal int Packages => PackageOfProcessor.Max() + 1;

    private static ValueList<int> CheckPackages(ValueList<int> value)
    {
        if (value.Count is < 1 or > MaxProcessors)
            throw new ArgumentException($"there must be 1 to {MaxProcessors} processors, and there are {value.Count}");
        if (value.Any(static package => package is < 0 or >= MaxPackages))
            throw new ArgumentException($"a package must be from 0 to {MaxPackages - 1}");
        return value.Distinct().Count() == value.Max() + 1
            ? value
            : throw new ArgumentException("every package up to the highest must have a processor");
    }
}
