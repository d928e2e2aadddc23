namespace TdxPamt.Module;

/// <summary>The SEAMCALLs that Linux makes to start a TDX module, in its order, against any module
/// (docs/model.md#linux-start).</summary>
/// <remarks>
/// <para>A simulator's author calls it to see whether a module is good enough for an unmodified kernel:
/// <see cref="TdxModule.Call"/>, or a handler of one's own. It stops where the kernel stops, with the kernel's
/// sentence.</para>
/// <para>Without state between runs, so as safe for many threads as what it calls.</para>
/// </remarks>
public sealed class LinuxTdxStart
{
    private const ulong NoRbpMod = 1UL << 18;
    private const ulong TdxFeatures0 = 0x0A00000300000008;
    private const ulong NumCpuidConfig = 0x9900000100000004;
    private const ulong CpuidConfigLeaves = 0x9900000300000400;
    private const ulong CpuidConfigValues = 0x9900000300000500;
    private const ulong UseDynamicPamt = 1UL << 16;

    /// <summary>For how many CPUID_CONFIGs the kernel has room.</summary>
    private const ulong MaxCpuidConfigs = 128;

    /// <summary>The real module initialises 4 MiB of a TDMR with a call; a quarter of that is slow enough to stop.</summary>
    private const ulong MinInitStep = 1UL << 20;

    private static readonly ulong[] VersionFields = [0x0800000100000003, 0x0800000100000004, 0x0800000100000005];

    private static readonly ulong[] TdmrFields =
    [
        0x9100000100000008, 0x9100000100000009, 0x9100000100000010, 0x9100000100000011, 0x9100000100000012,
    ];

    private static readonly ulong[] ControlFields =
    [
        0x9800000100000000, 0x9800000100000100, 0x9800000100000200,
        0x1900000300000000, 0x1900000300000001, 0x1900000300000002, 0x1900000300000003,
        NumCpuidConfig, 0x9900000100000008,
    ];

    private readonly Seamcall _seamcall;
    private readonly LinuxTdxStartOptions _options;
    private readonly List<string> _log = [];
    private LinuxTdxStartFailure? _failure;

    private LinuxTdxStart(Seamcall seamcall, LinuxTdxStartOptions options)
    {
        _seamcall = seamcall;
        _options = options;
    }

    /// <summary>Starts a module with the TDMRs of a construction.</summary>
    /// <param name="seamcall">The module.</param>
    /// <param name="memory">The machine's memory, where the kernel writes its TDMR_INFOs.</param>
    /// <param name="tdmrs">The TDMRs, 1 to 64, of at most 16 reserved areas each.</param>
    /// <param name="options">Which kernel on which machine; null: a new <see cref="LinuxTdxStartOptions"/>.</param>
    /// <returns>What the kernel logs, and where it stopped.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="seamcall"/> or <paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentException">A TDMR is null, or has more reserved areas than a TDMR_INFO holds; or there
    /// are none, or more than 64.</exception>
    public static LinuxTdxStartResult Run(
        Seamcall seamcall, IPhysicalMemory memory, ReadOnlySpan<TdmrInfo> tdmrs, LinuxTdxStartOptions? options = null)
    {
        Preconditions.NotNull(seamcall, nameof(seamcall));
        Preconditions.NotNull(memory, nameof(memory));
        if (tdmrs.Length is < 1 or > (int)SysConfig.MaxTdmrs)
            throw new ArgumentException($"there must be 1 to {SysConfig.MaxTdmrs} TDMRs, and there are {tdmrs.Length}");
        options ??= new();
        LinuxTdxStart start = new(seamcall, options);
        memory.WriteTdmrInfos(options.TdmrInfosAddress, tdmrs);
        if (start.InitializeProcessors() && start.ReadMetadata()
            && start.Configure((ulong)tdmrs.Length) && start.ConfigureKey() && start.InitializeTdmrs(tdmrs))
        {
            start._log.Add(options.Kernel == LinuxTdxStartKernel.V6_12 ? "module initialized" : "TDX-Module initialized");
        }

        return new([.. start._log], start._failure);
    }

    /// <summary>TDH.SYS.INIT once, TDH.SYS.LP.INIT on each processor.</summary>
    private bool InitializeProcessors()
    {
        if (!Call(SeamcallLeaf.SysInit, 0, out _))
            return false;
        for (int processor = 0; processor < _options.PackageOfProcessor.Count; processor++)
        {
            if (!Call(SeamcallLeaf.SysLpInit, processor, out _))
                return false;
        }

        return true;
    }

    private bool ReadMetadata()
    {
        if (_options.Kernel == LinuxTdxStartKernel.V6_12)
            return ReadAll(TdmrFields);
        if (!Read(VersionFields[0], out ulong minor) || !Read(VersionFields[1], out ulong major)
            || !Read(VersionFields[2], out ulong update))
        {
            return false;
        }

        _log.Add($"Module version: {major}.{minor}.{update:00}");
        if (!Read(TdxFeatures0, out ulong features))
            return false;
        if ((features & NoRbpMod) == 0)
            return Stop("frame pointer (RBP) clobber bug present, upgrade TDX module", Errno.EINVAL);
        return ReadAll(TdmrFields) && ReadControlFields();
    }

    /// <summary>The sizes of a TD's control structures, and which CPUID values a TD can have.</summary>
    private bool ReadControlFields()
    {
        ulong configs = 0;
        foreach (ulong field in ControlFields)
        {
            if (!Read(field, out ulong value))
                return false;
            if (field == NumCpuidConfig)
                configs = value;
        }

        if (configs > MaxCpuidConfigs)
            return Stop("too many CPUID_CONFIGs", Errno.EINVAL);
        for (ulong i = 0; i < configs; i++)
        {
            if (!Read(CpuidConfigLeaves + i, out _))
                return false;
        }

        for (ulong i = 0; i < 2 * configs; i++)
        {
            if (!Read(CpuidConfigValues + i, out _))
                return false;
        }

        return true;
    }

    private bool Configure(ulong tdmrs) => Call(
        SeamcallLeaf.SysConfig,
        0,
        out _,
        _options.TdmrInfosAddress,
        tdmrs,
        (uint)_options.GlobalKeyId | (_options.UseDynamicPamt ? UseDynamicPamt : 0));

    /// <summary>TDH.SYS.KEY.CONFIG on the first processor of each package.</summary>
    private bool ConfigureKey()
    {
        int keyed = 0;
        for (int processor = 0; processor < _options.PackageOfProcessor.Count; processor++)
        {
            int package = 1 << _options.PackageOfProcessor[processor];
            if ((keyed & package) != 0)
                continue;
            keyed |= package;
            if (!Call(SeamcallLeaf.SysKeyConfig, processor, out _))
                return false;
        }

        return true;
    }

    private bool InitializeTdmrs(ReadOnlySpan<TdmrInfo> tdmrs)
    {
        foreach (TdmrInfo tdmr in tdmrs)
        {
            ulong next = tdmr.Base;
            for (ulong calls = 0; next < tdmr.Range.End; calls++)
            {
                if (calls > tdmr.Size / MinInitStep)
                    return Stop($"{tdmr}: TDH.SYS.TDMR.INIT makes no progress at 0x{next:x}", Errno.EIO);
                if (!Call(SeamcallLeaf.SysTdmrInit, 0, out SeamcallRegisters after, tdmr.Base))
                    return false;
                next = after.Rdx;
            }
        }

        return true;
    }

    private bool ReadAll(ulong[] fields) => Array.TrueForAll(fields, field => Read(field, out _));

    private bool Read(ulong field, out ulong value)
    {
        bool done = Call(SeamcallLeaf.SysRd, 0, out SeamcallRegisters after, rdx: field);
        value = after.R8;
        return done;
    }

    private bool Call(
        SeamcallLeaf leaf, int processor, out SeamcallRegisters after, ulong rcx = 0, ulong rdx = 0, ulong r8 = 0)
    {
        after = new() { Rax = (ulong)leaf, Rcx = rcx, Rdx = rdx, R8 = r8 };
        if (!_seamcall(ref after, processor))
        {
            _log.Add("module not loaded");
            _failure = new("module not loaded", Errno.ENODEV, leaf, default);
            return false;
        }

        CompletionStatus status = new(after.Rax);
        if (status.IsSuccess)
            return true;
        _log.Add($"SEAMCALL (0x{(ulong)leaf:x16}) failed: 0x{status.Value:x16}");
        _log.Add($"RCX 0x{after.Rcx:x16} RDX 0x{after.Rdx:x16} R08 0x{after.R8:x16}");
        _log.Add($"R09 0x{after.R9:x16} R10 0x{after.R10:x16} R11 0x{after.R11:x16}");
        return Fail(new($"{leaf} answers {status}", Errno.EIO, leaf, status));
    }

    private bool Stop(string sentence, Errno errno)
    {
        _log.Add(sentence);
        return Fail(new(sentence, errno, Leaf: null, default));
    }

    private bool Fail(LinuxTdxStartFailure failure)
    {
        string prefix = _options.Kernel == LinuxTdxStartKernel.V6_12 ? "module" : "TDX-Module";
        _log.Add($"{prefix} initialization failed (-{(int)failure.Errno})");
        _failure = failure;
        return false;
    }
}
