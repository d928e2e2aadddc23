namespace TdxPamt.Module;

/// <summary>A TDX module, as far as it takes a host's memory: its calls, its states, its PAMTs and
/// their locks.</summary>
/// <remarks>
/// <para>A simulator puts it behind its SEAMCALL instruction: <see cref="Call"/> takes a leaf and registers, and leaves
/// every register as the real module does. It starts as just loaded: TDH.SYS.INIT is due. TDMR_INFOs, PAMT entries and
/// their lock words lie in the <see cref="IPhysicalMemory"/> as they do in a machine.</para>
/// <para>What the memory throws reaches the caller, except that giving back a lock word is tried twice. The call then
/// has no effect, unless memory throws again while entries are put back; but buffers, PAMTs that are not initialised
/// yet, and pages offered to TDH.PHYMEM.PAMT.ADD may hold part of what was to be written.</para>
/// <para>Safe for many threads if its memory is: calls that need the same lock answer TDX_OPERAND_BUSY or
/// TDX_SYS_BUSY, and none waits for another (docs/model.md#locks).</para>
/// </remarks>
/// <example>Linux 7.3's start with the TDMRs of a construction, which must not be disposed of while the module uses
/// the PAMTs:
/// <code>
/// TdxModule module = TdxModule.FromHost(host);
/// LinuxTdxStartResult start = LinuxTdxStart.Run(module, construction.Tdmrs.Span, LinuxTdxStartKernel.V7_3);
/// Console.WriteLine(start); // TDX-Module initialized
/// SeamcallRegisters registers = new() { Rax = (ulong)SeamcallLeaf.SysRd, Rdx = 0x9100000100000008 };
/// CompletionStatus status = module.Call(ref registers);
/// Console.WriteLine($"{status}, MAX_TDMRS {registers.R8}"); // TDX_SUCCESS 0x0, MAX_TDMRS 64
/// </code>
/// </example>
public sealed class TdxModule
{
    private const int VersionShift = 16;

    private readonly ModuleContext _module;
    private readonly SysCalls _sys;
    private readonly InfoCalls _info;
    private readonly UpdateCalls _update;
    private readonly PhymemCalls _phymem;
    private readonly TdCalls _tds;

    /// <summary>Takes a module that was just loaded.</summary>
    /// <param name="cmrs">The CMRs as the firmware lists them, at most 32; TDH.SYS.INIT checks them.</param>
    /// <param name="options">Which module on which machine; null: a new <see cref="TdxModuleOptions"/>.</param>
    /// <param name="memory">The machine's memory; null: a new <see cref="SparsePhysicalMemory"/>.</param>
    /// <param name="handoff">What the module before it left at its shut-down, for TDH.SYS.UPDATE, on the same machine
    /// and memory; null: nothing.</param>
    /// <exception cref="ArgumentException">There are more than 32 CMRs, or the last private key id is below
    /// the first.</exception>
    public TdxModule(
        ReadOnlySpan<CmrInfo> cmrs,
        TdxModuleOptions? options = null,
        IPhysicalMemory? memory = null,
        TdxModuleHandoff? handoff = null)
    {
        CmrList.CheckCount(cmrs.Length);
        _module = new(cmrs, options ?? new TdxModuleOptions(), memory ?? new SparsePhysicalMemory());
        _sys = new(_module);
        _info = new(_module);
        _update = new(_module) { Handoff = handoff };
        _phymem = new(_module);
        _tds = new(_module);
    }

    /// <summary>A module on a described machine, just loaded.</summary>
    /// <param name="host">The machine, whose CMRs the module takes. Without CMRs it accepts no TDMRs.</param>
    /// <param name="options">Which module on which machine; null means a new <see cref="TdxModuleOptions"/>.</param>
    /// <param name="memory">The machine's memory; null means a new <see cref="SparsePhysicalMemory"/>.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException">The host has more than 32 CMRs, or the last private key id is below
    /// the first.</exception>
    public static TdxModule FromHost(
        HostMemory host, TdxModuleOptions? options = null, IPhysicalMemory? memory = null) =>
        new(
            [.. Preconditions.NotNull(host, nameof(host)).Cmrs.Select(static range => CmrInfo.FromRange(range))],
            options,
            memory);

    /// <summary>Which module on which machine.</summary>
    public TdxModuleOptions Options => _module.Options;

    /// <summary>The machine's memory.</summary>
    public IPhysicalMemory Memory => _module.Memory;

    /// <summary>How far the module has come.</summary>
    public TdxModuleState State => _module.State;

    /// <summary>What the next module takes over; null unless TDH.SYS.SHUTDOWN succeeded.</summary>
    public TdxModuleHandoff? Handoff => State == TdxModuleState.ShutDown ? _update.Handoff : null;

    /// <summary>Whether Dynamic PAMT is used; false before TDH.SYS.CONFIG.</summary>
    public bool IsDynamicPamt => _module.Pamts is { IsDynamic: true };

    /// <summary>The CMRs as the firmware lists them: 32 entries.</summary>
    internal ReadOnlySpan<CmrInfo> Cmrs => _module.Cmrs;

    /// <summary>Makes a call.</summary>
    /// <param name="registers">The registers; any 64 bits in each are legal. The status is left in RAX, results where
    /// the call has them, on failures too (docs/model.md#calls). A leaf that is not a <see cref="SeamcallLeaf"/> ends
    /// with TDX_OPERAND_INVALID, operand 0.</param>
    /// <param name="processor">Which processor makes the call, from 0.</param>
    /// <returns>The status.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such processor.</exception>
    public CompletionStatus Call(ref SeamcallRegisters registers, int processor = 0)
    {
        Preconditions.InRange(processor, 0, Options.PackageOfProcessor.Count - 1, nameof(processor));
        _module.Enter();
        try
        {
            _module.Pamts?.Locks.ForgetFailure();
            SeamcallRegisters results = registers;
            CompletionStatus status = Dispatch(ref results, processor);
            _module.Pamts?.Locks.ThrowFailure();
            results.Rax = status.Value;
            registers = results;
            return status;
        }
        finally
        {
            _module.Leave();
        }
    }

    /// <summary>Takes a page for a TD, as every call that takes one does: TDH.MNG.ADDCX, VP.CREATE, VP.ADDCX,
    /// MEM.PAGE.ADD, MEM.PAGE.AUG and MEM.SEPT.ADD (docs/model.md#page-states).</summary>
    /// <param name="address">The page's address, in bytes.</param>
    /// <param name="level">Its size: 4K or 2M.</param>
    /// <param name="type">What it becomes: a private or a control page of a TD.</param>
    /// <param name="tdr">The address of the TD's TDR page, in bytes: a multiple of 4096, below 2^52.</param>
    /// <param name="operand">The register that the call takes the page in, as its status names it: 8 for R8.</param>
    /// <returns>Success, or with that operand TDX_OPERAND_INVALID, TDX_OPERAND_ADDR_RANGE_ERROR,
    /// TDX_OPERAND_BUSY, TDX_MISSING_PAMT_PAGE_PAIR or TDX_PAGE_METADATA_INCORRECT; TDX_SYS_NOT_READY before the
    /// module is ready, and TDX_SYS_SHUTDOWN once it is shut down.</returns>
    /// <exception cref="ArgumentException">The level, the type or the TDR's address is not one of these.</exception>
    public CompletionStatus TakePage(
        ulong address, PageSize level, PamtPageType type, ulong tdr, int operand = (int)SeamcallRegister.R8)
    {
        Preconditions.InRange((int)level, 0, 1, nameof(level));
        Preconditions.InRange(operand, 0, byte.MaxValue, nameof(operand));
        if (type is PamtPageType.NotUsed or PamtPageType.Reserved or PamtPageType.Pamt || (int)type is < 0 or > 31)
            throw new ArgumentException($"type must be that of a TD's page, and it is {type}", nameof(type));
        if (tdr >= AddressRange.Limit || tdr % AddressRange.PageBytes != 0)
            throw new ArgumentException($"tdr must be a multiple of 4096 below 2^52, and it is 0x{tdr:x}", nameof(tdr));
        _module.Enter();
        try
        {
            TdxModuleState state = State;
            if (state != TdxModuleState.Ready)
                return new(state == TdxModuleState.ShutDown ? CompletionCode.SysShutdown : CompletionCode.SysNotReady);
            EntryLocks locks = _module.Pamts!.Locks;
            locks.ForgetFailure();
            CompletionStatus status = _tds.HandOver(address, level, type, tdr, (SeamcallRegister)operand);
            locks.ThrowFailure();
            return status;
        }
        finally
        {
            _module.Leave();
        }
    }

    /// <summary>Looks a page up in the PAMTs, without a lock.</summary>
    /// <param name="address">Any address in the page, in bytes.</param>
    /// <param name="page">What the page is; <c>default</c> where that is not known.</param>
    /// <returns>False where no TDMR holds the address or its GiB is not initialised.</returns>
    public bool TryGetPage(ulong address, out PamtPage page)
    {
        page = default;
        if (_module.Pamts is not { } pamts || pamts.FindInitialized(address) is not { } tdmr)
            return false;
        (PageSize level, PamtEntry entry) = pamts.Look(tdmr, address);
        page = pamts.IsDynamic && entry.Type == PamtPageType.NotUsed && pamts.ReadBit(address)
            ? new(PageSize.Page4K, tdmr.IsReserved(address) ? PamtPageType.Reserved : PamtPageType.Pamt, 0)
            : new(level, entry.Type, entry.Owner);
        return true;
    }

    /// <summary>How far it has come: <c>1.5.25, Configured, 2 CMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Options.Release}, {State}, {_module.Cmrs.Count(static cmr => cmr.Size != 0)} CMRs";

    private CompletionStatus Dispatch(ref SeamcallRegisters registers, int processor)
    {
        SeamcallLeaf leaf = (SeamcallLeaf)(registers.Rax & 0xFFFF);
        int version = (int)((registers.Rax >> VersionShift) & 0xFF);
        if (registers.Rax >> 24 != 0 || (version > 0 && !HasVersions(leaf)))
            return ModuleContext.Invalid(SeamcallRegister.Rax);
        if (State == TdxModuleState.ShutDown && leaf != SeamcallLeaf.SysLpShutdown)
            return new(CompletionCode.SysShutdown);
        if (State != TdxModuleState.Ready && !PassesBeforeReady(leaf))
            return new(CompletionCode.SysNotReady);
        int package = Options.PackageOfProcessor[processor];
        return leaf switch
        {
            SeamcallLeaf.SysInit => _sys.Init(ref registers, version),
            SeamcallLeaf.SysLpInit => _sys.LpInit(ref registers, processor),
            SeamcallLeaf.SysInfo => _info.Info(ref registers, processor),
            SeamcallLeaf.SysRd => _info.Rd(ref registers, processor),
            SeamcallLeaf.SysRdAll => _info.RdAll(ref registers, processor),
            SeamcallLeaf.SysConfig => _sys.Config(registers, version),
            SeamcallLeaf.SysKeyConfig => _sys.KeyConfig(package),
            SeamcallLeaf.SysTdmrInit => _sys.TdmrInit(ref registers),
            SeamcallLeaf.SysLpShutdown => default,
            SeamcallLeaf.SysShutdown => _update.Shutdown(registers),
            SeamcallLeaf.SysUpdate => _update.Update(registers, version),
            SeamcallLeaf.PhymemPageRdmd => _phymem.ReadMetadata(ref registers),
            SeamcallLeaf.PhymemPageReclaim => _phymem.Reclaim(ref registers),
            SeamcallLeaf.PhymemPageWbinvd => _phymem.WriteBackPage(registers),
            SeamcallLeaf.PhymemCacheWb => _phymem.WriteBackCaches(registers, package),
            SeamcallLeaf.PhymemPamtAdd when Options.Release.HasDynamicPamt => _phymem.PamtAdd(registers),
            SeamcallLeaf.PhymemPamtRemove when Options.Release.HasDynamicPamt => _phymem.PamtRemove(ref registers),
            SeamcallLeaf.MngCreate => _tds.Create(registers),
            SeamcallLeaf.MngAddCx => _tds.AddControlPage(registers),
            SeamcallLeaf.MngKeyConfig => _tds.KeyConfig(registers, package),
            SeamcallLeaf.MngVpFlushDone => _tds.FlushDone(registers),
            SeamcallLeaf.MngKeyFreeId => _tds.FreeKeyId(registers),
            SeamcallLeaf.MngKeyReclaimId => default,
            _ => ModuleContext.Invalid(SeamcallRegister.Rax),
        };
    }

    /// <summary>The leaves whose version may be above 0, the ones that are not modelled included.</summary>
    private bool HasVersions(SeamcallLeaf leaf) => (int)leaf switch
    {
        3 or 11 or 22 or 23 or 26 or 30 => true,
        (int)SeamcallLeaf.SysInit => Options.Release.HasSysInitLog,
        (int)SeamcallLeaf.SysUpdate => Options.Release.HasCompatibilitySensitiveUpdate,
        (int)SeamcallLeaf.SysConfig => Options.Release.HasSysConfigFeatures,
        _ => false,
    };

    private static bool PassesBeforeReady(SeamcallLeaf leaf) => leaf
        is SeamcallLeaf.SysKeyConfig or SeamcallLeaf.SysInfo or SeamcallLeaf.SysInit or SeamcallLeaf.SysRd
        or SeamcallLeaf.SysLpInit or SeamcallLeaf.SysRdAll or SeamcallLeaf.SysLpShutdown or SeamcallLeaf.SysConfig
        or SeamcallLeaf.SysUpdate;
}
