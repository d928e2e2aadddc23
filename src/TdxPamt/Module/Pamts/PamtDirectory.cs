namespace TdxPamt.Module;

/// <summary>The PAMTs of all TDMRs: which entry tracks a page, and how pages and pairs come and go.</summary>
/// <remarks>Not safe for many threads.</remarks>
internal sealed class PamtDirectory
{
    private const ulong LevelMask = 7;

    private readonly PamtTables[] _tdmrs;
    private readonly IPhysicalMemory _memory;
    private readonly EntryChanges _changes;
    private readonly bool _dynamic;
    private readonly ulong _limit;

    /// <summary>Takes TDMRs that TDH.SYS.CONFIG accepted.</summary>
    /// <param name="tdmrs">The TDMRs.</param>
    /// <param name="module">What the module reports, and whether Dynamic PAMT is used.</param>
    /// <param name="memory">Where the entries lie.</param>
    internal PamtDirectory(ReadOnlySpan<TdmrInfoEntry> tdmrs, ModuleParameters module, IPhysicalMemory memory)
    {
        _tdmrs = new PamtTables[tdmrs.Length];
        _memory = memory;
        _changes = new(memory);
        for (int i = 0; i < tdmrs.Length; i++)
            _tdmrs[i] = new(tdmrs[i], module, memory, _changes);
        _dynamic = module.DynamicPamt;
        _limit = SysConfigChecker.AddressLimit(module);
    }

    /// <summary>The TDMR that holds an address, or null.</summary>
    internal PamtTables? Find(ulong address)
    {
        int index = BinarySearch.First<PamtTables, PamtsEndAbove>(_tdmrs, new(address));
        return index < _tdmrs.Length && _tdmrs[index].Range.Contains(address) ? _tdmrs[index] : null;
    }

    /// <summary>The page that an address lies in; false where its GiB is not initialised.</summary>
    internal bool TryGetPage(ulong address, out PamtPage page)
    {
        page = default;
        if (FindInitialized(address) is not { } tdmr)
            return false;
        (PageSize level, PamtEntry entry) = Walk(tdmr, address);
        bool isBitOnly = _dynamic && entry.Type == PamtPageType.NotUsed && tdmr.ReadBit(address);
        page = !isBitOnly ? new(level, entry.Type, entry.Owner)
            : new(PageSize.Page4K, tdmr.IsReserved(address) ? PamtPageType.Reserved : PamtPageType.Pamt, 0);
        return true;
    }

    internal CompletionStatus Assign(ulong address, PageSize level, PamtEntry entry)
    {
        if (address >= _limit || address % level.Bytes() != 0)
            return Refused(CompletionCode.OperandInvalid);
        if (FindInitialized(address) is not { } tdmr)
            return Refused(CompletionCode.OperandAddressRangeError);
        if (!IsFree(tdmr, address, level))
            return Refused(level == PageSize.Page4K ? CompletionCode.PageNotFree : CompletionCode.HpaRangeNotFree);
        if (!tdmr.HasEntry(address, level))
            return Refused(CompletionCode.NoPamtPagePair);
        using (_changes.Start())
        {
            tdmr.Write(address, level, entry);
            CountInPair(tdmr, address, level, 1);
            _changes.Keep();
        }

        return default;
    }

    internal CompletionStatus Release(ulong address, PageSize level)
    {
        if (address >= _limit || address % level.Bytes() != 0)
            return Refused(CompletionCode.OperandInvalid);
        if (FindInitialized(address) is not { } tdmr)
            return Refused(CompletionCode.OperandAddressRangeError);
        (PageSize tracked, PamtEntry entry) = Walk(tdmr, address);
        if (tracked != level || entry.Type is PamtPageType.NotUsed or PamtPageType.Reserved)
            return Refused(CompletionCode.OperandInvalid);
        using (_changes.Start())
        {
            tdmr.Write(address, level, default);
            CountInPair(tdmr, address, level, -1);
            _changes.Keep();
        }

        return default;
    }

    /// <summary>TDH.PHYMEM.PAMT.ADD where Dynamic PAMT is on.</summary>
    internal CompletionStatus AddPair(ulong regionAndLevel, ulong page0, ulong page1)
    {
        if (!IsRegion(regionAndLevel))
            return Refused(CompletionCode.OperandInvalid);
        if (!IsPairPage(page0))
            return Refused(CompletionCode.OperandInvalid, SeamcallRegister.Rdx);
        if (!IsPairPage(page1))
            return Refused(CompletionCode.OperandInvalid, SeamcallRegister.R8);
        if (FindInitialized(page0) is not { } tdmr0)
            return Refused(CompletionCode.OperandAddressRangeError, SeamcallRegister.Rdx);
        if (FindInitialized(page1) is not { } tdmr1)
            return Refused(CompletionCode.OperandAddressRangeError, SeamcallRegister.R8);
        ulong region = regionAndLevel & ~LevelMask;
        if (FindInitialized(region) is not { } tdmr)
            return Refused(CompletionCode.OperandAddressRangeError);
        if (Walk(tdmr, region) is not (PageSize.Page2M, { Type: PamtPageType.NotUsed }))
            return Refused(CompletionCode.HpaRangeNotFree);
        if (!IsEntryFree(tdmr0, page0))
            return Refused(CompletionCode.PageNotFree, SeamcallRegister.Rdx);
        if (!IsEntryFree(tdmr1, page1))
            return Refused(CompletionCode.PageNotFree, SeamcallRegister.R8);
        if (tdmr0.ReadBit(page0))
            return Refused(CompletionCode.PageNotFree, SeamcallRegister.Rdx);
        if (page1 == page0 || tdmr1.ReadBit(page1))
            return Refused(CompletionCode.PageNotFree, SeamcallRegister.R8);
        // All 4K entries start as PT_NDA.
        _memory.Clear(page0, AddressRange.PageBytes);
        _memory.Clear(page1, AddressRange.PageBytes);
        using (_changes.Start())
        {
            tdmr0.WriteBit(page0, true);
            tdmr1.WriteBit(page1, true);
            tdmr.Write(region, PageSize.Page2M, PamtEntry.ForPair(page0, page1));
            _changes.Keep();
        }

        return default;
    }

    /// <summary>TDH.PHYMEM.PAMT.REMOVE where Dynamic PAMT is on.</summary>
    internal CompletionStatus RemovePair(ulong regionAndLevel, out ulong page0, out ulong page1)
    {
        page0 = 0;
        page1 = 0;
        if (!IsRegion(regionAndLevel))
            return Refused(CompletionCode.OperandInvalid);
        ulong region = regionAndLevel & ~LevelMask;
        if (FindInitialized(region) is not { } tdmr)
            return Refused(CompletionCode.OperandAddressRangeError);
        PamtEntry pair = tdmr.Read(region, PageSize.Page2M);
        if (pair.Type != PamtPageType.Pamt)
            return Refused(CompletionCode.NoPamtPagePair);
        if (tdmr.TryFindUsed(region, region + PageSize.Page2M.Bytes(), PageSize.Page4K, out ulong used))
            return new(CompletionCode.PamtPageNotEmpty, used - region < PageSize.Page2M.Bytes() / 2 ? 0 : 1);
        (page0, page1) = (pair.Page0, pair.Page1);
        using (_changes.Start())
        {
            Find(page0)?.WriteBit(page0, false);
            Find(page1)?.WriteBit(page1, false);
            tdmr.Write(region, PageSize.Page2M, default);
            _changes.Keep();
        }

        return default;
    }

    private static CompletionStatus Refused(CompletionCode code, SeamcallRegister operand = SeamcallRegister.Rcx) =>
        new(code, (int)operand);

    /// <summary>The entry that tracks a page; one of a page that is not used where none does.</summary>
    private static (PageSize Level, PamtEntry Entry) Walk(PamtTables tdmr, ulong address)
    {
        PamtEntry entry = tdmr.Read(address, PageSize.Page1G);
        if (entry.Type != PamtPageType.NotUsed)
            return (PageSize.Page1G, entry);
        entry = tdmr.Read(address, PageSize.Page2M);
        return entry.Type is PamtPageType.NotUsed or PamtPageType.Pamt && tdmr.HasEntry(address, PageSize.Page4K)
            ? (PageSize.Page4K, tdmr.Read(address, PageSize.Page4K))
            : (PageSize.Page2M, entry);
    }

    private static bool IsEntryFree(PamtTables tdmr, ulong page) =>
        Walk(tdmr, page).Entry.Type == PamtPageType.NotUsed;

    private static void CountInPair(PamtTables tdmr, ulong address, PageSize level, int change)
    {
        if (level != PageSize.Page4K || tdmr.Read(address, PageSize.Page2M) is not { Type: PamtPageType.Pamt } pair)
            return;
        int count = Math.Clamp(pair.PageCount + change, 0, 512);
        tdmr.Write(address, PageSize.Page2M, PamtEntry.ForPair(pair.Page0, pair.Page1, count));
    }

    /// <summary>Whether nothing uses a range: no entry above it, at its level or below, and no bit.</summary>
    private bool IsFree(PamtTables tdmr, ulong address, PageSize level)
    {
        if (level == PageSize.Page4K)
            return IsEntryFree(tdmr, address) && !(_dynamic && tdmr.ReadBit(address));
        ulong end = address + level.Bytes();
        bool isFree = tdmr.Read(address, PageSize.Page1G).Type == PamtPageType.NotUsed
            && !tdmr.TryFindUsed(address, end, PageSize.Page2M, out _);
        return isFree && (_dynamic
            ? !tdmr.AnyBit(address, end)
            : !tdmr.TryFindUsed(address, end, PageSize.Page4K, out _));
    }

    private PamtTables? FindInitialized(ulong address) =>
        Find(address) is { } tdmr && address < tdmr.InitializedEnd ? tdmr : null;

    private bool IsRegion(ulong regionAndLevel) =>
        (regionAndLevel & LevelMask) == (ulong)PageSize.Page2M
        && (regionAndLevel & ~LevelMask) % PageSize.Page2M.Bytes() == 0
        && regionAndLevel < _limit;

    // Beyond 48 bits a page fits no entry; with 4 key-id bits or more there is none.
    private bool IsPairPage(ulong page) =>
        page < Math.Min(_limit, PamtEntry.PairLimit) && page % AddressRange.PageBytes == 0;

    private readonly struct PamtsEndAbove(ulong address) : ICondition<PamtTables>
    {
        public bool Holds(PamtTables item) => item.Range.End > address;
    }
}
