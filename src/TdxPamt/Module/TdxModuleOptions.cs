namespace TdxPamt.Module;

/// <summary>Which TDX module, on which machine, a <see cref="TdxModule"/> stands for.</summary>
/// <remarks>Immutable. A new one has today's values, one package and no Dynamic PAMT.</remarks>
public sealed record TdxModuleOptions
{
    /// <summary>How many key ids R8 of TDH.SYS.CONFIG can name.</summary>
    private const int NameableKeyIds = 1 << 16;

    /// <summary>What the module reports. Its <see cref="ModuleParameters.DynamicPamt"/> says whether the module has
    /// Dynamic PAMT; whether it is used, bit 16 of R8 says in TDH.SYS.CONFIG. PAMT entry sizes must be 16 or
    /// more.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An entry size is below 16.</exception>
    public ModuleParameters Parameters { get; init => field = CheckParameters(value); } = ModuleParameters.Default;

    /// <summary>How many packages must be keyed, 1 to 65535.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int Packages
    {
        get;
        init => field = Preconditions.InRange(value, 1, ushort.MaxValue, nameof(Packages));
    } = 1;

    /// <summary>The first private key id, 1 to 65536; those from it up to the last one that the key-id bits allow are
    /// private. Null: the upper half of the key ids are private, as in "private KeyID range [64, 128)" with 7 bits.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int? FirstPrivateKeyId
    {
        get;
        init => field = value is { } first
            ? Preconditions.InRange(first, 1, NameableKeyIds, nameof(FirstPrivateKeyId))
            : null;
    }

    /// <summary>BUILD_DATE of TDSYSINFO: the decimal digits yyyymmdd.</summary>
    public uint BuildDate { get; init; } = 20260101;

    /// <summary>BUILD_NUM of TDSYSINFO.</summary>
    public ushort BuildNumber { get; init; } = 1;

    /// <summary>MINOR_VERSION of TDSYSINFO.</summary>
    public ushort MinorVersion { get; init; }

    /// <summary>MAJOR_VERSION of TDSYSINFO.</summary>
    public ushort MajorVersion { get; init; } = 2;

    /// <summary>Whether a key id is private.</summary>
    internal bool IsPrivateKeyId(ulong keyId)
    {
        ulong count = Math.Min(1UL << Parameters.KeyIdBits, NameableKeyIds);
        ulong first = (ulong?)FirstPrivateKeyId ?? Math.Max(1, count / 2);
        return keyId >= first && keyId < count;
    }

    private static ModuleParameters CheckParameters(ModuleParameters value)
    {
        PamtEntrySizes sizes = Preconditions.NotNull(value, nameof(Parameters)).PamtEntrySizes;
        if (sizes.Page4K < PamtEntry.Bytes || sizes.Page2M < PamtEntry.Bytes || sizes.Page1G < PamtEntry.Bytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(value), $"PAMT entry sizes must be from {PamtEntry.Bytes} to {ushort.MaxValue}");
        }

        return value;
    }
}
