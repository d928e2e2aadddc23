namespace TdxPamt.Module;

/// <summary>One start-up, as far as it has come.</summary>
internal sealed class LinuxTdxStartRun(Seamcall seamcall, LinuxTdxStartOptions options)
{
    private const ulong NoRbpMod = 1UL << 18;
    private const ulong TdxFeatures0 = 0x0A00000300000008;
    private const ulong NumCpuidConfig = 0x9900000100000004;
    private const ulong CpuidConfigLeaves = 0x9900000300000400;
    private const ulong CpuidConfigValues = 0x9900000300000500;
    private const ulong UseDynamicPamt = 1UL << 16;

    /// <summary>How many CPUID_CONFIGs the kernel has room for.</summary>
    private const ulong MaxCpuidConfigs = 128;

    /// <summary>The real module initialises 4 MiB of a TDMR per call. One that does less than a quarter of that is
    /// taken to make no progress.</summary>
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

    private readonly List<string> _log = [];
    private LinuxTdxStartFailure? _failure;

    /// <summary>What the kernel's sentences call the module.</summary>
    private string ModuleName => options.Kernel == LinuxTdxStartKernel.V6_12 ? "module" : "TDX-Module";

    internal LinuxTdxStartResult Start(ReadOnlySpan<TdmrInfo> tdmrs)
    {
        if (InitializeProcessors() && ReadMetadata()
            && Configure((ulong)tdmrs.Length) && ConfigureKey() && InitializeTdmrs(tdmrs))
        {
            _log.Add($"{ModuleName} initialized");
        }

        return new([.. _log], _failure);
    }

    /// <summary>TDH.SYS.INIT once, TDH.SYS.LP.INIT on each processor.</summary>
    private bool InitializeProcessors()
    {
        if (!Call(SeamcallLeaf.SysInit, 0, out _))
            return false;
        for (int processor = 0; processor < options.PackageOfProcessor.Count; processor++)
        {
            if (!Call(SeamcallLeaf.SysLpInit, processor, out _))
                return false;
        }

        return true;
    }

    private bool ReadMetadata()
    {
        if (options.Kernel == LinuxTdxStartKernel.V6_12)
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
        options.TdmrInfosAddress,
        tdmrs,
        (uint)options.GlobalKeyId | (options.UseDynamicPamt ? UseDynamicPamt : 0));

    /// <summary>TDH.SYS.KEY.CONFIG on the first processor of each package.</summary>
    private bool ConfigureKey()
    {
        HashSet<int> keyed = [];
        for (int processor = 0; processor < options.PackageOfProcessor.Count; processor++)
        {
            if (keyed.Add(options.PackageOfProcessor[processor])
                && !Call(SeamcallLeaf.SysKeyConfig, processor, out _))
            {
                return false;
            }
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
        if (!seamcall(ref after, processor))
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
        _log.Add($"{ModuleName} initialization failed (-{(int)failure.Errno})");
        _failure = failure;
        return false;
    }
}
