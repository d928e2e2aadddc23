namespace TdxPamt.Module;

/// <summary>Which kernel starts the module, on which machine.</summary>
/// <remarks>Immutable. A new one is Linux 7.3 on one processor, with the first private key id of 6 key-id bits and its
/// TDMR_INFOs at 64 KiB.</remarks>
public sealed record LinuxTdxStartOptions
{
    /// <summary>Whose start-up to follow.</summary>
    public LinuxTdxStartKernel Kernel { get; init; } = LinuxTdxStartKernel.V7_3;

    /// <summary>At position n the package of processor n, 0 to 7; 1 processor or more.</summary>
    /// <exception cref="ArgumentException">There is no processor, or a package is not in that interval.</exception>
    public ValueList<int> PackageOfProcessor
    {
        get;
        init => field = value.Count > 0 && value.All(static it => it is >= 0 and < TdxModuleOptions.MaxPackages)
            ? value
            : throw new ArgumentException("there must be a processor, and packages must be from 0 to 7");
    } = [0];

    /// <summary>The key id for the module itself, 1 to 65535: the kernel takes the first private one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int GlobalKeyId
    {
        get;
        init => field = Preconditions.InRange(value, 1, ushort.MaxValue, nameof(GlobalKeyId));
    } = 32;

    /// <summary>Whether the kernel asks for Dynamic PAMT, as kernels after 7.3 do.</summary>
    public bool UseDynamicPamt { get; init; }

    /// <summary>Where the kernel puts the array of TDMR_INFO addresses and, after it, the TDMR_INFOs: a multiple of
    /// 512, below 2^52. For 64 TDMRs it writes 33,280 bytes.</summary>
    /// <exception cref="ArgumentException">The value is no such address.</exception>
    public ulong TdmrInfosAddress
    {
        get;
        init => field = value % 512 == 0 && value < AddressRange.Limit
            ? value
            : throw new ArgumentException("an address must be a multiple of 512 below 2^52", nameof(TdmrInfosAddress));
    } = 0x10000;
}
