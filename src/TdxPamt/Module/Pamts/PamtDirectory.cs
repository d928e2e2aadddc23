namespace TdxPamt.Module;

/// <summary>The PAMTs of all TDMRs in the machine's memory: entries, bitmap and
/// pairs (docs/model.md#pamt-entry).</summary>
/// <remarks>Safe for many threads: an entry is written only by the holder of its exclusive lock; bits and counts are
/// changed under a gate.</remarks>
internal sealed class PamtDirectory
{
    /// <summary>What TDH.SYS.TDMR.INIT initialises in one call: static PAMTs, Dynamic PAMT.</summary>
    internal const ulong StaticStep = 4UL << 20;
    internal const ulong DynamicStep = 16UL << 20;

    private const int LineBytes = 64;
    private const int EntriesOfRegion = 512;
    private const int TypeOffset = 2;

    private readonly PamtTdmr[] _tdmrs;
    private readonly IPhysicalMemory _memory;
    private readonly bool _narrowTypes;

    internal PamtDirectory(PamtTdmr[] tdmrs, bool isDynamic, TdxModuleRelease release, IPhysicalMemory memory)
    {
        _tdmrs = tdmrs;
        _memory = memory;
        _narrowTypes = release.HasNarrowPageTypes;
        IsDynamic = isDynamic;
        Locks = new(memory);
    }

    /// <summary>Whether Dynamic PAMT is used.</summary>
    internal bool IsDynamic { get; }

    internal EntryLocks Locks { get; }

    /// <summary>The TDMRs and their progress, for the handoff data.</summary>
    internal PamtTdmr[] CopyTdmrs() => Array.ConvertAll(_tdmrs, static tdmr => tdmr.Copy());

    /// <summary>The TDMR that holds an address, or null.</summary>
    internal PamtTdmr? Find(ulong address)
    {
        int index = BinarySearch.First<PamtTdmr, PamtTdmrEndsAbove>(_tdmrs, new(address));
        return index < _tdmrs.Length && _tdmrs[index].Range.Contains(address) ? _tdmrs[index] : null;
    }

    /// <summary>The TDMR that holds an address whose GiB is initialised, or null.</summary>
    internal PamtTdmr? FindInitialized(ulong address) =>
        Find(address) is { } tdmr && address < tdmr.InitializedEnd ? tdmr : null;

    /// <summary>Reads an entry.</summary>
    internal PamtEntry Read(ulong entry)
    {
        Span<byte> bytes = stackalloc byte[PamtEntry.Bytes];
        _memory.Read(entry, bytes);
        PamtEntry read = PamtEntry.Read(bytes);
        return _narrowTypes ? read.WithNarrowType() : read;
    }

    /// <summary>What tracks an address, read without a lock, so that it may already have changed.</summary>
    internal (PageSize Level, PamtEntry Entry) Look(PamtTdmr tdmr, ulong address)
    {
        PamtEntry entry = Read(tdmr.Entry1G(address));
        if (entry.Type != PamtPageType.NotUsed)
            return (PageSize.Page1G, entry);
        entry = Read(tdmr.Entry2M(address));
        return HasEntriesBelow(entry)
            ? (PageSize.Page4K, Read(Entry4K(tdmr, entry, address)))
            : (PageSize.Page2M, entry);
    }

    /// <summary>Whether the pages of a 2M region have entries of their own: always below a 2M entry that is not used
    /// or, with Dynamic PAMT, below one that has a pair.</summary>
    internal bool HasEntriesBelow(PamtEntry entry2M) =>
        entry2M.Type == (IsDynamic ? PamtPageType.Pamt : PamtPageType.NotUsed);

    /// <summary>Where the 4K entry of an address lies, below a 2M entry that has such entries.</summary>
    internal ulong Entry4K(PamtTdmr tdmr, PamtEntry entry2M, ulong address) =>
        IsDynamic ? entry2M.Entry4K(address) : tdmr.Entry4K(address);

    /// <summary>Walks to the entry of an address and locks it.</summary>
    /// <param name="address">A legal address.</param>
    /// <param name="level">Where the walk ends, unless an entry above tracks the address.</param>
    /// <param name="exclusive">Whether the entry that it ends at is locked exclusively.</param>
    /// <param name="operand">The register that the address came in.</param>
    /// <param name="walk">What the walk holds; nothing unless it succeeded.</param>
    /// <returns>Success, TDX_OPERAND_ADDR_RANGE_ERROR or TDX_OPERAND_BUSY.</returns>
    internal CompletionStatus Lock(
        ulong address, PageSize level, bool exclusive, SeamcallRegister operand, out PamtWalk walk)
    {
        walk = default;
        if (FindInitialized(address) is not { } tdmr)
            return new(CompletionCode.OperandAddrRangeError, (int)operand);
        walk = new(this, tdmr, address, exclusive);
        return walk.TryGo(level) ? default : new(CompletionCode.OperandBusy, (int)operand);
    }

    /// <summary>Checks and locks a page that is to become a TD's (docs/model.md#page-states).</summary>
    internal CompletionStatus Take(
        ulong address, PageSize level, SeamcallRegister operand, AddressRules rules, out PamtWalk walk)
    {
        walk = default;
        if (address % level.Bytes() != 0 || !rules.IsPlain(address))
            return new(CompletionCode.OperandInvalid, (int)operand);
        CompletionStatus locked = Lock(address, level, exclusive: true, operand, out walk);
        if (!locked.IsSuccess)
            return locked;
        bool isFree = false;
        try
        {
            isFree = walk.Level == level && walk.Entry.Type == PamtPageType.NotUsed
                && IsFreeBelow(walk.Tdmr, address, level);
        }
        finally
        {
            if (!isFree)
                walk.Release();
        }

        if (isFree)
            return default;
        bool lacksPair = IsDynamic && level == PageSize.Page4K && walk.Level == PageSize.Page2M
            && walk.Entry.Type == PamtPageType.NotUsed;
        return new(
            lacksPair ? CompletionCode.MissingPamtPagePair : CompletionCode.PageMetadataIncorrect, (int)operand);
    }

    /// <summary>Gives a locked page its type and owner, and counts it in its pair.</summary>
    internal void Assign(in PamtWalk walk, PamtPageType type, ulong owner)
    {
        using EntryChanges changes = new(_memory, Locks);
        bool clearsEpoch = type is PamtPageType.Regular or PamtPageType.Ept;
        PamtEntry entry = PamtEntry.ForPage(type, owner);
        WriteEntry(changes, walk.EntryAddress, clearsEpoch ? entry : entry with { High = walk.Entry.High });
        CountInPair(changes, walk, 1);
        changes.Keep();
    }

    /// <summary>Makes a locked page free: its type changes, owner and epoch stay.</summary>
    /// <returns>Whether its pair has no page in use any more.</returns>
    internal bool Free(in PamtWalk walk)
    {
        using EntryChanges changes = new(_memory, Locks);
        ClearType(changes, walk.EntryAddress);
        int? left = CountInPair(changes, walk, -1);
        changes.Keep();
        return left == 0;
    }

    /// <summary>Gives a region its pair, if both pages' bits are clear: the bits, zeros in the pages, and the region's
    /// 2M entry.</summary>
    /// <returns>The page that is not free, 0 or 1; null where the region has its pair.</returns>
    internal int? AddPair(in PamtWalk region, ulong page0, ulong page1)
    {
        using EntryChanges changes = new(_memory, Locks);
        if (!TrySetBit(changes, page0))
            return 0;
        if (!TrySetBit(changes, page1))
            return 1;
        _memory.Clear(page0, AddressRange.PageBytes);
        _memory.Clear(page1, AddressRange.PageBytes);
        WriteEntry(changes, region.EntryAddress, PamtEntry.ForPair(page0, page1));
        changes.Keep();
        return null;
    }

    /// <summary>Takes a region's pair: the bits of both pages, and the type of the region's 2M entry.</summary>
    internal void RemovePair(in PamtWalk region)
    {
        using EntryChanges changes = new(_memory, Locks);
        ClearBit(changes, region.Entry.Page0);
        ClearBit(changes, region.Entry.Page1);
        ClearType(changes, region.EntryAddress);
        changes.Keep();
    }

    /// <summary>The first of a pair's pages with an entry in use: 0 or 1; null where none is.</summary>
    internal int? FirstPageInUse(PamtEntry pair)
    {
        Span<byte> entries = stackalloc byte[(int)AddressRange.PageBytes];
        for (int page = 0; page < 2; page++)
        {
            _memory.Read(page == 0 ? pair.Page0 : pair.Page1, entries);
            if (AnyInUse(entries))
                return page;
        }

        return null;
    }

    /// <summary>The bit of a page in the bitmap of Dynamic PAMT: reserved, or a page of a pair.</summary>
    internal bool ReadBit(ulong address)
    {
        (ulong wordAddress, int bit) = Find(address)!.BitmapBit(address);
        return (_memory.ReadWord(wordAddress) & (1 << bit)) != 0;
    }

    /// <summary>Initialises the next part of a TDMR that is not complete, as one call of TDH.SYS.TDMR.INIT
    /// does (docs/model.md#tdmr-init-lines).</summary>
    internal void InitializeNext(PamtTdmr tdmr)
    {
        ulong start = tdmr.Next;
        ulong end = start + (IsDynamic ? DynamicStep : StaticStep);
        InitializePages(tdmr, start, end);
        InitializeEntries(tdmr.Entry2M(start), (end - start) / PageSize.Page2M.Bytes());
        if (end % TdmrInfo.Alignment == 0)
            InitializeEntries(tdmr.Entry1G(end - TdmrInfo.Alignment), 1);
        tdmr.Next = end;
    }

    /// <summary>Whether nothing below the entry uses the page: no 4K entry, no bit.</summary>
    private bool IsFreeBelow(PamtTdmr tdmr, ulong address, PageSize level)
    {
        if (level == PageSize.Page4K)
            return !IsDynamic || !ReadBit(address);
        if (IsDynamic)
        {
            Span<byte> bits = stackalloc byte[EntriesOfRegion / 8];
            _memory.Read(tdmr.BitmapBit(address).Address, bits);
            return bits.SequenceEqual(stackalloc byte[EntriesOfRegion / 8]);
        }

        Span<byte> entries = stackalloc byte[EntriesOfRegion * PamtEntry.Bytes];
        _memory.Read(tdmr.Entry4K(address), entries);
        return !AnyInUse(entries);
    }

    private bool AnyInUse(ReadOnlySpan<byte> entries)
    {
        int mask = (int)PamtEntry.TypeMask(_narrowTypes);
        for (int i = TypeOffset; i < entries.Length; i += PamtEntry.Bytes)
        {
            if ((entries[i] & mask) != 0)
                return true;
        }

        return false;
    }

    /// <summary>Counts a page of a pair in or out.</summary>
    /// <returns>How many are in use; null where there is no pair.</returns>
    private static int? CountInPair(EntryChanges changes, in PamtWalk walk, int change)
    {
        if (walk.PairAddress is not { } entry)
            return null;
        ushort before = changes.Change(entry + 8, word => Add(word, change), word => Add(word, -change));
        return Add(before, change) & PamtEntry.CountMask;

        static ushort Add(ushort word, int pages) =>
            (ushort)((word & ~PamtEntry.CountMask) | ((word + pages) & PamtEntry.CountMask));
    }

    /// <summary>Writes all of an entry but its lock word.</summary>
    private static void WriteEntry(EntryChanges changes, ulong address, PamtEntry entry)
    {
        Span<byte> bytes = stackalloc byte[PamtEntry.Bytes];
        entry.Write(bytes);
        changes.Write(address + TypeOffset, bytes[TypeOffset..]);
    }

    private static void ClearType(EntryChanges changes, ulong address) =>
        changes.Write(address + TypeOffset, [(byte)PamtPageType.NotUsed]);

    private bool TrySetBit(EntryChanges changes, ulong page)
    {
        (ulong address, int bit) = Find(page)!.BitmapBit(page);
        ushort mask = (ushort)(1 << bit);
        return (changes.Change(address, word => (ushort)(word | mask), word => (ushort)(word & ~mask)) & mask) == 0;
    }

    private void ClearBit(EntryChanges changes, ulong page)
    {
        if (Find(page) is not { } tdmr)
            return;
        (ulong address, int bit) = tdmr.BitmapBit(page);
        ushort mask = (ushort)(1 << bit);
        changes.Change(address, word => (ushort)(word & ~mask), word => (ushort)(word | mask));
    }

    /// <summary>Writes what tracks the 4K pages of a part of a TDMR: entries or, with Dynamic PAMT, bits.</summary>
    private void InitializePages(PamtTdmr tdmr, ulong start, ulong end)
    {
        ulong first = IsDynamic ? tdmr.BitmapBit(start).Address : tdmr.Entry4K(start);
        ulong pages = (end - start) / AddressRange.PageBytes;
        ulong length = IsDynamic ? pages / 8 : pages * PamtEntry.Bytes;
        _memory.Clear(first, length);
        byte[]? written = null;
        foreach (ReservedEntry area in tdmr.ReservedAreas)
        {
            // The offset of a null entry may be any number.
            if (area.Size == 0)
                continue;
            ulong from = Math.Max(start, tdmr.Range.Start + area.Offset);
            ulong to = Math.Min(end, tdmr.Range.Start + area.Offset + area.Size);
            if (from >= to)
                continue;
            written ??= new byte[length];
            int last = (int)((to - start) / AddressRange.PageBytes);
            for (int page = (int)((from - start) / AddressRange.PageBytes); page < last; page++)
            {
                if (IsDynamic)
                    written[page / 8] |= (byte)(1 << (page % 8));
                else
                    written[(page * PamtEntry.Bytes) + TypeOffset] = (byte)PamtPageType.Reserved;
            }
        }

        if (written is not null)
            _memory.Write(first, written);
    }

    /// <summary>2M and 1G entries: a line of zeros where an entry starts one, then the entry's type.</summary>
    private void InitializeEntries(ulong first, ulong count)
    {
        for (ulong entry = first; entry < first + (count * PamtEntry.Bytes); entry += PamtEntry.Bytes)
        {
            if (entry % LineBytes == 0)
                _memory.Clear(entry, LineBytes);
            else
                _memory.Clear(entry + TypeOffset, 1);
        }
    }

    private readonly struct PamtTdmrEndsAbove(ulong address) : ICondition<PamtTdmr>
    {
        public bool Holds(PamtTdmr item) => item.Range.End > address;
    }
}
