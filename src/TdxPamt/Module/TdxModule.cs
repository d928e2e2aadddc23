using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>A TDX module, as far as it takes a host's memory: its calls, its states and its PAMTs.</summary>
/// <remarks>
/// <para>A simulator puts it behind its SEAMCALL instruction: <see cref="Call"/> takes a leaf and registers
/// (docs/model.md#calls). TDMR_INFOs, CMR_INFOs and PAMT entries lie in the <see cref="IPhysicalMemory"/> as they do
/// in a machine.</para>
/// <para>What the memory throws reaches the caller. The failed call has no effect: states, PAMT entries and registers
/// are as before, unless memory throws again while entries are put back. What TDH.SYS.INFO writes, PAMTs that are not
/// initialised yet, and pages offered to TDH.PHYMEM.PAMT.ADD may hold part of what was to be written.</para>
/// <para>Safe for many threads: one call runs at a time.</para>
/// </remarks>
/// <example>A module that is configured with the TDMRs of a construction, which must not be disposed before the module
/// is done with the PAMTs:
/// <code>
/// TdxModule module = TdxModule.FromHost(host);
/// module.Memory.WriteTdmrInfos(0x8000, construction.Tdmrs.Span); // at any free address
/// SeamcallRegisters registers = new()
/// {
///     Rax = (ulong)SeamcallLeaf.SysConfig,
///     Rcx = 0x8000,
///     Rdx = (ulong)construction.Tdmrs.Count,
///     R8 = 32, // the first private key id
/// };
/// CompletionStatus status = module.Call(ref registers);
/// Console.WriteLine(status); // TDX_SUCCESS 0x0
/// </code>
/// </example>
public sealed class TdxModule
{
    /// <summary>The alignment of TDMR_INFOs, of the array of their addresses and of the CMR_INFOs.</summary>
    private const int TableAlignment = 512;
    private const ulong KeyIdMask = 0xFFFF;
    private const ulong UseDynamicPamt = 1UL << 16;

    private readonly TdxModuleOptions _options;
    private readonly CmrInfo[] _cmrs;
    private readonly ulong _limit;
    private readonly bool[] _keyed;
    private PamtDirectory? _pamts;
    private bool _dynamic;

    /// <summary>A module that has just been loaded and initialised.</summary>
    /// <param name="cmrs">The CMRs, at most 32, null entries included: 4 KiB aligned, below 2^52, ascending and not
    /// overlapping (docs/model.md#cmr-list).</param>
    /// <param name="options">Which module on which machine; null means a new <see cref="TdxModuleOptions"/>.</param>
    /// <param name="memory">The machine's memory; null means a new <see cref="SparsePhysicalMemory"/>.</param>
    /// <exception cref="ArgumentException">There are more than 32 CMRs, or they break these rules.</exception>
    public TdxModule(ReadOnlySpan<CmrInfo> cmrs, TdxModuleOptions? options = null, IPhysicalMemory? memory = null)
    {
        if (cmrs.Length > CmrTable.Entries)
            throw new ArgumentException($"a module knows at most {CmrTable.Entries} CMRs, and these are {cmrs.Length}");
        if (CmrList.Check(cmrs) is { IsError: true } status)
            throw new ArgumentException($"the module refuses the CMRs: {status}");
        _cmrs = new CmrInfo[CmrTable.Entries];
        cmrs.CopyTo(_cmrs);
        _options = options ?? new TdxModuleOptions();
        _limit = SysConfigChecker.AddressLimit(_options.Parameters);
        _keyed = new bool[_options.Packages];
        Memory = memory ?? new SparsePhysicalMemory();
    }

    /// <summary>The machine's memory.</summary>
    public IPhysicalMemory Memory { get; }

    /// <summary>How far the module has come (docs/model.md#module-states).</summary>
    public TdxModuleState State
    {
        get
        {
            lock (_keyed)
            {
                return _pamts is null ? TdxModuleState.Initialized
                    : Array.IndexOf(_keyed, value: false) >= 0 ? TdxModuleState.Configured
                    : TdxModuleState.Ready;
            }
        }
    }

    /// <summary>A module on a described machine, which has just been loaded and initialised.</summary>
    /// <param name="host">The machine, whose CMRs the module takes. Without CMRs it accepts no TDMRs.</param>
    /// <param name="options">Which module on which machine; null means a new <see cref="TdxModuleOptions"/>.</param>
    /// <param name="memory">The machine's memory; null means a new <see cref="SparsePhysicalMemory"/>.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException">The host has more than 32 CMRs.</exception>
    public static TdxModule FromHost(
        HostMemory host, TdxModuleOptions? options = null, IPhysicalMemory? memory = null)
    {
        ValueList<AddressRange> ranges = Preconditions.NotNull(host, nameof(host)).Cmrs;
        CmrInfo[] cmrs = new CmrInfo[ranges.Count];
        for (int i = 0; i < cmrs.Length; i++)
            cmrs[i] = CmrInfo.FromRange(ranges[i]);
        return new(cmrs, options, memory);
    }

    /// <summary>Makes a call (docs/model.md#calls).</summary>
    /// <param name="registers">The registers, as <see cref="SeamcallLeaf"/> names them for each call. The status is
    /// left in RAX. Output registers change only on success, except those of TDH.SYS.INFO. A RAX that is no
    /// <see cref="SeamcallLeaf"/> ends with TDX_OPERAND_INVALID, operand 0.</param>
    /// <param name="package">The package of the calling processor, 0 to <see cref="TdxModuleOptions.Packages"/> - 1,
    /// which only TDH.SYS.KEY.CONFIG asks for; null means the next package without its key.</param>
    /// <returns>The status. TDH.SYS.KEY.CONFIG that is not due ends with TDX_SYS_NOT_READY.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The package is not in that interval.</exception>
    public CompletionStatus Call(ref SeamcallRegisters registers, int? package = null)
    {
        if (package is { } given)
            Preconditions.InRange(given, 0, _options.Packages - 1, nameof(package));
        lock (_keyed)
        {
            SeamcallRegisters results = registers;
            CompletionStatus status = results.Rax switch
            {
                (ulong)SeamcallLeaf.SysKeyConfig => KeyConfig(package),
                (ulong)SeamcallLeaf.SysInfo => SysInfo(ref results),
                (ulong)SeamcallLeaf.SysRd => SysRd(ref results),
                (ulong)SeamcallLeaf.SysTdmrInit => TdmrInit(ref results),
                (ulong)SeamcallLeaf.SysConfig => Configure(results),
                (ulong)SeamcallLeaf.PhymemPamtAdd => PamtAdd(results),
                (ulong)SeamcallLeaf.PhymemPamtRemove => PamtRemove(ref results),
                _ => Invalid(SeamcallRegister.Rax),
            };
            results.Rax = status.Value;
            registers = results;
            return status;
        }
    }

    /// <summary>Looks a page up: the 1G entry, then the 2M entry, then the 4K entry.</summary>
    /// <param name="address">Any address in the page, in bytes.</param>
    /// <param name="page">What the page is; <c>default</c> where the method returns false.</param>
    /// <returns>False where no TDMR holds the address or its GiB is not initialised.</returns>
    public bool TryGetPage(ulong address, out PamtPage page)
    {
        lock (_keyed)
        {
            page = default;
            return _pamts is not null && _pamts.TryGetPage(address, out page);
        }
    }

    /// <summary>Gives a free page to a TD. One entry tracks it: that of its size (docs/model.md#page-states).</summary>
    /// <param name="address">The page's address, in bytes: a multiple of its size.</param>
    /// <param name="size">The page's size.</param>
    /// <param name="type">What it becomes: a private or a control page of a TD.</param>
    /// <param name="owner">The address of the TD's TDR page, in bytes: a multiple of 4096, below 2^52.</param>
    /// <returns>Success or the first of these that applies, each with operand 1: TDX_OPERAND_INVALID for an address
    /// that is not such a multiple or has a key id; TDX_OPERAND_ADDR_RANGE_ERROR where its GiB is not initialised;
    /// TDX_PAGE_NOT_FREE (4K) or TDX_HPA_RANGE_NOT_FREE (2M, 1G) where some of the page is in use at any size, or
    /// reserved; with Dynamic PAMT, TDX_NO_PAMT_PAGE_PAIR for a 4K page in a region without a pair. A module that is
    /// not configured answers TDX_SYS_NOT_READY.</returns>
    /// <exception cref="ArgumentException">The type is not that of a TD's page, the size is none of the three, or the
    /// owner is not a multiple of 4096 below 2^52.</exception>
    public CompletionStatus AssignPage(ulong address, PageSize size, PamtPageType type, ulong owner)
    {
        Preconditions.InRange((int)size, 0, 2, nameof(size));
        if (type is PamtPageType.NotUsed or PamtPageType.Reserved or PamtPageType.Pamt)
            throw new ArgumentException($"type must be that of a TD's page, and it is {type}");
        PamtEntry entry = PamtEntry.ForPage(type, owner);
        lock (_keyed)
            return _pamts?.Assign(address, size, entry) ?? new(CompletionCode.SysNotReady);
    }

    /// <summary>Takes a page back from a TD.</summary>
    /// <param name="address">The page's address, in bytes.</param>
    /// <param name="size">The size it was given with.</param>
    /// <returns>Success or, with operand 1, TDX_OPERAND_ADDR_RANGE_ERROR where its GiB is not initialised, and
    /// TDX_OPERAND_INVALID where no entry of that size tracks a TD's page at that address. A module that is not
    /// configured answers TDX_SYS_NOT_READY.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is none of the three.</exception>
    public CompletionStatus ReleasePage(ulong address, PageSize size)
    {
        Preconditions.InRange((int)size, 0, 2, nameof(size));
        lock (_keyed)
            return _pamts?.Release(address, size) ?? new(CompletionCode.SysNotReady);
    }

    /// <summary>How far it has come: <c>Configured, 2 CMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{State}, {_cmrs.Count(static cmr => cmr.Size != 0)} CMRs";

    private static CompletionStatus Invalid(SeamcallRegister operand) =>
        new(CompletionCode.OperandInvalid, (int)operand);

    private bool IsAddress(ulong address, int alignment) => address < _limit && address % (ulong)alignment == 0;

    private CompletionStatus SysInfo(ref SeamcallRegisters registers)
    {
        (ulong info, ulong infoBytes, ulong cmrs, ulong cmrEntries) =
            (registers.Rcx, registers.Rdx, registers.R8, registers.R9);
        registers.Rdx = TdSysInfo.Bytes;
        registers.R9 = CmrTable.Entries;
        if (!IsAddress(info, TdSysInfo.Bytes))
            return Invalid(SeamcallRegister.Rcx);
        if (infoBytes < TdSysInfo.Bytes)
            return Invalid(SeamcallRegister.Rdx);
        if (!IsAddress(cmrs, TableAlignment))
            return Invalid(SeamcallRegister.R8);
        if (cmrEntries < CmrTable.Entries)
            return Invalid(SeamcallRegister.R9);

        Span<byte> bytes = stackalloc byte[TdSysInfo.Bytes];
        Describe().Write(bytes);
        Memory.Write(info, bytes);
        CmrTable.Write(_cmrs, bytes);
        Memory.Write(cmrs, bytes[..CmrTable.Bytes]);
        return default;
    }

    private TdSysInfo Describe() => new()
    {
        VendorId = TdSysInfo.Intel,
        BuildDate = _options.BuildDate,
        BuildNumber = _options.BuildNumber,
        MinorVersion = _options.MinorVersion,
        MajorVersion = _options.MajorVersion,
        SysRd = 1,
        MaxTdmrs = (ushort)_options.Parameters.MaxTdmrs,
        MaxReservedPerTdmr = (ushort)_options.Parameters.MaxReservedAreas,
        PamtEntrySize = (ushort)_options.Parameters.PamtEntrySizes.Page4K,
    };

    private CompletionStatus SysRd(ref SeamcallRegisters registers)
    {
        if (!ModuleMetadata.TryRead(new(registers.Rdx), _options.Parameters, _cmrs, out ulong value))
            return new(CompletionCode.MetadataFieldIdIncorrect);
        registers.R8 = value;
        return default;
    }

    private CompletionStatus Configure(in SeamcallRegisters registers)
    {
        ModuleParameters parameters = _options.Parameters;
        if (_pamts is not null)
            return new(CompletionCode.SysConfigNotPending);
        if (!IsAddress(registers.Rcx, TableAlignment))
            return Invalid(SeamcallRegister.Rcx);
        if (registers.Rdx < 1 || registers.Rdx > (ulong)parameters.MaxTdmrs)
            return Invalid(SeamcallRegister.Rdx);
        ulong defined = parameters.DynamicPamt ? KeyIdMask | UseDynamicPamt : KeyIdMask;
        if ((registers.R8 & ~defined) != 0 || !_options.IsPrivateKeyId(registers.R8 & KeyIdMask))
            return Invalid(SeamcallRegister.R8);

        bool dynamic = (registers.R8 & UseDynamicPamt) != 0;
        parameters = parameters with { DynamicPamt = dynamic };
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[registers.Rdx];
        CompletionStatus status = ReadAndCheck(registers.Rcx, tdmrs, parameters);
        if (status.IsSuccess)
        {
            _pamts = new PamtDirectory(tdmrs, parameters, Memory);
            _dynamic = dynamic;
        }

        return status;
    }

    /// <summary>Reads one TDMR_INFO after the other, each only when those before it were accepted.</summary>
    private CompletionStatus ReadAndCheck(ulong array, TdmrInfoEntry[] tdmrs, ModuleParameters parameters)
    {
        ReadOnlySpan<AddressRange> runs = CmrList.MergeTouching(_cmrs, stackalloc AddressRange[CmrTable.Entries]);
        SysConfigChecker checker = new(tdmrs, runs, new AddressRange[3 * tdmrs.Length], parameters);
        Span<byte> bytes = stackalloc byte[TdmrInfoEntry.Bytes];
        for (int i = 0; i < tdmrs.Length; i++)
        {
            Memory.Read(array + (8 * (ulong)i), bytes[..8]);
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (!IsAddress(address, TableAlignment))
                return Invalid(SeamcallRegister.Rcx);
            Memory.Read(address, bytes);
            tdmrs[i] = TdmrInfoEntry.Read(bytes);
            CompletionStatus status = checker.CheckNext();
            if (!status.IsSuccess)
                return status;
        }

        return default;
    }

    private CompletionStatus KeyConfig(int? package)
    {
        int keyed = package ?? Array.IndexOf(_keyed, value: false);
        if (_pamts is null || keyed < 0 || _keyed[keyed])
            return new(CompletionCode.SysNotReady);
        _keyed[keyed] = true;
        return default;
    }

    private CompletionStatus TdmrInit(ref SeamcallRegisters registers)
    {
        if (State != TdxModuleState.Ready)
            return new(CompletionCode.SysNotReady);
        if (_pamts!.Find(registers.Rcx) is not { } tdmr || tdmr.Range.Start != registers.Rcx)
            return Invalid(SeamcallRegister.Rcx);
        if (tdmr.IsComplete)
            return new(CompletionCode.TdmrAlreadyInitialized);
        tdmr.InitializeNext();
        registers.Rdx = tdmr.InitializedEnd;
        return default;
    }

    private CompletionStatus PamtAdd(in SeamcallRegisters registers) =>
        _dynamic ? _pamts!.AddPair(registers.Rcx, registers.Rdx, registers.R8) : Invalid(SeamcallRegister.Rax);

    private CompletionStatus PamtRemove(ref SeamcallRegisters registers)
    {
        if (!_dynamic)
            return Invalid(SeamcallRegister.Rax);
        CompletionStatus status = _pamts!.RemovePair(registers.Rcx, out ulong page0, out ulong page1);
        if (status.IsSuccess)
            (registers.Rdx, registers.R8) = (page0, page1);
        return status;
    }
}
