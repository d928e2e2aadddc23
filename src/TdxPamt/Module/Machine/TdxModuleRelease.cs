using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Module;

/// <summary>A release of the TDX module, and what differs between releases (docs/model.md#module-releases).</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
public sealed class TdxModuleRelease
{
    private TdxModuleRelease(int major, int minor, int update)
    {
        Major = major;
        Minor = minor;
        Update = update;
    }

    /// <summary>1.5.05: no version 1 of TDH.SYS.INIT, no Dynamic PAMT.</summary>
    public static TdxModuleRelease V1505 { get; } = new(1, 5, 5)
    {
        TdxFeatures0 = 0x1F0FBF,
        CpuidConfigs = 0x12,
        AttributesFixed0 = 0x8000000070000001,
        KeyIdsBelowBit52 = true,
    };

    /// <summary>1.5.13: no Dynamic PAMT.</summary>
    public static TdxModuleRelease V1513 { get; } = new(1, 5, 13)
    {
        TdxFeatures0 = 0x226F1F0FBF,
        HasSysInitLog = true,
        ClearsLogOnce = true,
    };

    /// <summary>1.5.16: TDH.SYS.CONFIG accepts the bit of Dynamic PAMT and ignores it.</summary>
    public static TdxModuleRelease V1516 { get; } = new(1, 5, 16)
    {
        TdxFeatures0 = 0x226F3F0FBF,
        HasSysInitLog = true,
        ClearsLogOnce = true,
        IgnoresDynamicPamtBit = true,
    };

    /// <summary>1.5.25: Dynamic PAMT, updates that avoid TDs being built. The default.</summary>
    public static TdxModuleRelease V1525 { get; } = new(1, 5, 25)
    {
        TdxFeatures0 = 0xD1326F3F0FBF,
        HasSysInitLog = true,
        HasDynamicPamt = true,
        HasCompatibilitySensitiveUpdate = true,
        HandoffVersion = 1,
        HasNarrowPageTypes = true,
    };

    /// <summary>2.0.18: as 1.5.25, with version 1 of TDH.SYS.CONFIG and page types of 8 bits. Its version fields read
    /// 1.5.25, as those of the module that it was modelled after.</summary>
    public static TdxModuleRelease V2018 { get; } = new(2, 0, 18)
    {
        TdxFeatures0 = 0xD1326F3F0FBF,
        HasSysInitLog = true,
        HasDynamicPamt = true,
        HasCompatibilitySensitiveUpdate = true,
        HandoffVersion = 1,
        HasSysConfigFeatures = true,
        ReservesKeyIdLast = true,
        Reported = V1525,
    };

    /// <summary>All that are modelled, oldest first.</summary>
    public static IReadOnlyList<TdxModuleRelease> All { get; } = [V1505, V1513, V1516, V1525, V2018];

    /// <summary>The major version, as in 1.5.25.</summary>
    public int Major { get; }

    /// <summary>The minor version.</summary>
    public int Minor { get; }

    /// <summary>The update version.</summary>
    public int Update { get; }

    /// <summary>The name: <c>1.5.05</c>, <c>1.5.25</c>.</summary>
    public string Name => $"{Major}.{Minor}.{Update:00}";

    /// <summary>Whether it has Dynamic PAMT (docs/model.md#dynamic-pamt).</summary>
    public bool HasDynamicPamt { get; private init; }

    /// <summary>TDX_FEATURES0, one bit per feature, as an ordinary processor lets it be.</summary>
    public ulong TdxFeatures0 { get; private init; }

    /// <summary>ATTRIBUTES_FIXED0 as a processor without exceptions lets it be.</summary>
    internal ulong AttributesFixed0 { get; private init; } = 0x8000000070010001;

    /// <summary>The release whose version the metadata fields read.</summary>
    internal TdxModuleRelease Reported
    {
        get => field ?? this;
        private init;
    }

    /// <summary>NUM_CPUID_CONFIG.</summary>
    internal int CpuidConfigs { get; private init; } = 0x1C;

    /// <summary>Whether key-id bits lie below bit 52, whatever the processor's physical address bits.</summary>
    internal bool KeyIdsBelowBit52 { get; private init; }

    /// <summary>Whether TDH.SYS.INIT has version 1, with a log address in R8.</summary>
    internal bool HasSysInitLog { get; private init; }

    /// <summary>Whether only the first TDH.SYS.LP.INIT zeroes the line at the log address.</summary>
    internal bool ClearsLogOnce { get; private init; }

    /// <summary>Whether TDH.SYS.CONFIG takes bit 16 of R8 and does nothing with it.</summary>
    internal bool IgnoresDynamicPamtBit { get; private init; }

    /// <summary>Whether TDH.SYS.SHUTDOWN and TDH.SYS.UPDATE know updates that avoid TDs being built.</summary>
    internal bool HasCompatibilitySensitiveUpdate { get; private init; }

    /// <summary>MODULE_HV: the version of the handoff data.</summary>
    internal ushort HandoffVersion { get; private init; }

    /// <summary>Whether TDH.SYS.CONFIG has version 1, with features in R9.</summary>
    internal bool HasSysConfigFeatures { get; private init; }

    /// <summary>Whether TDH.SYS.CONFIG marks the key id as taken only when all TDMRs are accepted.</summary>
    internal bool ReservesKeyIdLast { get; private init; }

    /// <summary>Whether the type of a PAMT entry has 5 bits, with 3 reserved ones above it.</summary>
    internal bool HasNarrowPageTypes { get; private init; }

    /// <summary>Whether TDH.SYS.CONFIG takes the bit of Dynamic PAMT in R8.</summary>
    internal bool TakesDynamicPamtBit => HasDynamicPamt || IgnoresDynamicPamtBit;

    /// <summary>Finds a release by its name.</summary>
    /// <param name="name">The name: 1.5.05, 1.5.13, 1.5.16, 1.5.25 or 2.0.18.</param>
    /// <param name="release">The release, or null where none has that name.</param>
    /// <returns>Whether there is such a release.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out TdxModuleRelease? release)
    {
        release = All.FirstOrDefault(release => string.Equals(release.Name, name, StringComparison.Ordinal));
        return release is not null;
    }

    /// <summary>The release's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
