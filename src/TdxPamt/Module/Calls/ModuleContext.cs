namespace TdxPamt.Module;

/// <summary>What the calls of one loaded module share: the machine, the state and the tables.</summary>
internal sealed class ModuleContext
{
    private int _inside;
    private volatile TdxModuleState _state;

    internal ModuleContext(ReadOnlySpan<CmrInfo> cmrs, TdxModuleOptions options, IPhysicalMemory memory)
    {
        cmrs.CopyTo(Cmrs);
        Options = options;
        Memory = memory;
        Addresses = new(options);
        Initialized = new bool[options.PackageOfProcessor.Count];
        Keyed = new bool[options.Packages];
        KeyIds = new(options);
        Parameters = SysConfig.Restrict(
            new() { KeyIdBits = options.KeyIdBits, PhysicalAddressBits = options.PhysicalAddressBits },
            options.Release);
        Metadata = new(options, Cmrs);
    }

    internal TdxModuleOptions Options { get; }

    internal TdxModuleRelease Release => Options.Release;

    internal IPhysicalMemory Memory { get; }

    internal AddressRules Addresses { get; }

    /// <summary>The CMRs as the firmware gives them: 32 entries.</summary>
    internal CmrInfo[] Cmrs { get; } = new CmrInfo[CmrTable.Entries];

    internal TdxModuleState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>The lock of the whole module.</summary>
    internal TryLock Global { get; } = new();

    /// <summary>Which processors have run TDH.SYS.LP.INIT.</summary>
    internal bool[] Initialized { get; }

    /// <summary>Which packages have run TDH.SYS.KEY.CONFIG.</summary>
    internal bool[] Keyed { get; }

    /// <summary>Where TDH.SYS.LP.INIT zeroes a line; null: nowhere. It is set once, before any of them.</summary>
    internal ulong? LogAddress { get; set; }

    /// <summary>The key id of the module itself, once TDH.SYS.CONFIG took one.</summary>
    internal ulong GlobalKeyId { get; set; }

    internal KeyIdTable KeyIds { get; set; }

    /// <summary>The TDs by the addresses of their TDR pages.</summary>
    internal TdTable Tds { get; set; } = new();

    /// <summary>The TDMRs and their PAMTs; null before TDH.SYS.CONFIG.</summary>
    internal PamtDirectory? Pamts { get; set; }

    /// <summary>How many processors are inside the module.</summary>
    internal int Inside => Volatile.Read(ref _inside);

    internal bool IsInitialized(int processor) => Initialized[processor];

    internal bool AllInitialized => Array.TrueForAll(Initialized, static done => done);

    internal bool AnyInitialized => Array.Exists(Initialized, static done => done);

    internal void Enter() => Interlocked.Increment(ref _inside);

    internal void Leave() => Interlocked.Decrement(ref _inside);

    /// <summary>The sizes and limits of the release; TDH.SYS.CONFIG says whether Dynamic PAMT is used.</summary>
    internal ModuleParameters Parameters { get; }

    internal MetadataTable Metadata { get; }

    internal ulong TdxFeatures0 => Options.TdxFeatures0 ?? Release.TdxFeatures0;

    /// <summary>Finds a TD's TDR page and locks it.</summary>
    internal CompletionStatus LockTd(ulong tdr, bool exclusive, SeamcallRegister operand, out PamtWalk walk)
    {
        walk = default;
        if (tdr % AddressRange.PageBytes != 0 || !Addresses.IsPlain(tdr))
            return Invalid(operand);
        CompletionStatus locked = Pamts!.Lock(tdr, PageSize.Page4K, exclusive, operand, out walk);
        if (!locked.IsSuccess)
            return locked;
        if (walk.Level == PageSize.Page4K && walk.Entry.Type == PamtPageType.Tdr)
            return default;
        walk.Release();
        return new(CompletionCode.PageMetadataIncorrect, (int)operand);
    }

    internal static CompletionStatus Invalid(SeamcallRegister operand) =>
        new(CompletionCode.OperandInvalid, (int)operand);
}
