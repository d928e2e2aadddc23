using System.Diagnostics;

namespace TdxPamt.Module;

/// <summary>The checks of TDH.SYS.CONFIG, one TDMR after another (docs/model.md#sys-config-checks).</summary>
/// <remarks>
/// Methods bear the names of the checks: <c>Fails...</c> is the table's column "fails when", <c>Check...</c> gives the
/// status. Whether a PAMT overlaps anything is decided on the PAMTs so far, kept sorted. Only where one does are they
/// all compared with one another in the module's order, to find the overlap that it reports.</remarks>
internal ref struct SysConfigChecker
{
    private readonly ReadOnlySpan<TdmrInfoEntry> _tdmrs;
    private readonly ReadOnlySpan<AddressRange> _runs;
    private readonly ModuleParameters _module;

    /// <summary>The bits of an address that no PAMT and no TDMR has: key ids, and 52 and up.</summary>
    private readonly ulong _foreignBits;

    /// <summary>How many PAMTs are kept apart from the others before they are merged into them: an insertion moves at
    /// most that many, whatever the order of the PAMTs is.</summary>
    private const int MaxRecent = 256;

    /// <summary>The PAMTs of all TDMRs so far: most at the start, the most recent ones at the end, each part ascending;
    /// adjacent ones may be merged.</summary>
    private readonly Span<AddressRange> _pamts;
    private int _sortedCount;
    private int _recentCount;
    private int _index;
    private int _run;

    /// <summary>Starts before the first TDMR.</summary>
    /// <param name="tdmrs">The TDMRs. Only the one to be checked next and those before it are read.</param>
    /// <param name="runs">The CMR runs, ascending.</param>
    /// <param name="pamts">Room for three ranges for each TDMR.</param>
    /// <param name="module">What the module reports, and whether Dynamic PAMT is used.</param>
    internal SysConfigChecker(
        ReadOnlySpan<TdmrInfoEntry> tdmrs,
        ReadOnlySpan<AddressRange> runs,
        Span<AddressRange> pamts,
        ModuleParameters module)
    {
        _tdmrs = tdmrs;
        _runs = runs;
        _pamts = pamts;
        _module = module;
        _foreignBits = ForeignBits(module);
    }

    /// <summary>The first address that carries a key id: all below are a host's.</summary>
    internal static ulong AddressLimit(ModuleParameters module) =>
        1UL << Math.Max(0, module.PhysicalAddressBits - module.KeyIdBits);

    /// <summary>The bits that select a key, and those of addresses that do not exist.</summary>
    internal static ulong ForeignBits(ModuleParameters module)
    {
        int top = module.PhysicalAddressBits;
        ulong keyIds = (1UL << top) - (1UL << (top - Math.Min(top, module.KeyIdBits)));
        return keyIds | ~(AddressRange.Limit - 1);
    }

    /// <summary>The least size of a PAMT, not rounded up to pages (docs/model.md#required-pamt).</summary>
    internal static ulong RequiredBytes(ulong tdmrSize, PageSize level, ModuleParameters module) => level switch
    {
        PageSize.Page1G => (tdmrSize >> 30) * (ulong)module.PamtEntrySizes.Page1G,
        PageSize.Page2M => (tdmrSize >> 21) * (ulong)module.PamtEntrySizes.Page2M,
        _ when module.DynamicPamt => (tdmrSize >> 15) * (ulong)module.PamtPageBitmapEntryBits,
        _ => (tdmrSize >> 12) * (ulong)module.PamtEntrySizes.Page4K,
    };

    /// <summary>The index of the TDMR at fault after a failure, of which a status has the low 8 bits.</summary>
    internal int Tdmr { get; private set; }

    /// <summary>The index of the TDMR that its PAMT overlaps, after such a failure.</summary>
    internal int Other { get; private set; }

    /// <summary>Checks the next TDMR; not to be called again after a failure.</summary>
    internal CompletionStatus CheckNext()
    {
        Tdmr = _index;
        CompletionStatus status = CheckTdmr();
        if (status.IsSuccess)
            status = CheckReservedAreas();
        if (status.IsSuccess)
            status = CheckPamtRanges();
        if (status.IsSuccess && AnyPamtOverlaps())
            status = FirstPamtOverlap();
        if (status.IsSuccess)
            status = CheckPamtsInCmrs();
        if (status.IsSuccess)
            status = CheckTdmrInCmrs();
        _index++;
        return status;
    }

    private static bool Overflows(ulong a, ulong b) => a > ulong.MaxValue - b;

    private readonly CompletionStatus CheckTdmr()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        if (FailsTdmrRange(tdmr))
            return new(CompletionCode.InvalidTdmr, _index);
        if (FailsTdmrOrder(tdmr))
            return new(CompletionCode.NonOrderedTdmr, _index);
        return FailsTdmrAlignment(tdmr) || FailsTdmrAddress(tdmr)
            ? new(CompletionCode.InvalidTdmr, _index)
            : default;
    }

    /// <summary>TDMR range (docs/model.md#check-tdmr-range).</summary>
    private static bool FailsTdmrRange(in TdmrInfoEntry tdmr) => Overflows(tdmr.Base, tdmr.Size);

    /// <summary>TDMR order (docs/model.md#check-tdmr-order).</summary>
    private readonly bool FailsTdmrOrder(in TdmrInfoEntry tdmr) => _index > 0 && tdmr.Base < EndOf(_index - 1);

    /// <summary>TDMR alignment (docs/model.md#check-tdmr-alignment).</summary>
    private static bool FailsTdmrAlignment(in TdmrInfoEntry tdmr) =>
        (tdmr.Base | tdmr.Size) % TdmrInfo.Alignment != 0 || tdmr.Size == 0;

    /// <summary>TDMR address (docs/model.md#check-tdmr-keyid). The base is below the last byte.</summary>
    private readonly bool FailsTdmrAddress(in TdmrInfoEntry tdmr) =>
        ((tdmr.Base | (tdmr.Base + (tdmr.Size - 1))) & _foreignBits) != 0;

    /// <summary>The checks of reserved areas, for j = 0 to 15 (docs/model.md#check-reserved).</summary>
    private readonly CompletionStatus CheckReservedAreas()
    {
        ulong tdmrSize = _tdmrs[_index].Size;
        ReadOnlySpan<ReservedEntry> areas = TdmrInfoEntry.ReservedAreasOf(_tdmrs, _index);
        ulong previousEnd = 0;
        for (int j = 0; j < areas.Length; j++)
        {
            ReservedEntry area = areas[j];
            if (area.Size == 0)
            {
                if (FailsReservedNull(areas, j))
                    return new(CompletionCode.NonOrderedReservedInTdmr, _index, j);
                continue;
            }

            if (FailsReservedRange(area))
                return new(CompletionCode.InvalidReservedInTdmr, _index, j);
            if (FailsReservedOrder(area, previousEnd))
                return new(CompletionCode.NonOrderedReservedInTdmr, _index, j);
            if (FailsReservedAlignment(area) || FailsReservedInside(area, tdmrSize))
                return new(CompletionCode.InvalidReservedInTdmr, _index, j);
            previousEnd = area.Offset + area.Size;
        }

        return default;
    }

    /// <summary>Null entry (docs/model.md#check-reserved-null).</summary>
    private static bool FailsReservedNull(ReadOnlySpan<ReservedEntry> areas, int j) =>
        j + 1 < areas.Length && areas[j + 1].Size != 0;

    /// <summary>Range (docs/model.md#check-reserved-range).</summary>
    private static bool FailsReservedRange(ReservedEntry area) => Overflows(area.Offset, area.Size);

    /// <summary>Order (docs/model.md#check-reserved-order).</summary>
    private static bool FailsReservedOrder(ReservedEntry area, ulong previousEnd) => area.Offset < previousEnd;

    /// <summary>Alignment (docs/model.md#check-reserved-alignment).</summary>
    private static bool FailsReservedAlignment(ReservedEntry area) =>
        (area.Offset | area.Size) % AddressRange.PageBytes != 0;

    /// <summary>Inside (docs/model.md#check-reserved-inside). What overflows with the TDMR's base ends above
    /// the TDMR.</summary>
    private static bool FailsReservedInside(ReservedEntry area, ulong tdmrSize) => area.Offset + area.Size > tdmrSize;

    /// <summary>PAMT range, at 1G, 2M and 4K (docs/model.md#check-pamt-range).</summary>
    private readonly CompletionStatus CheckPamtRanges()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        PageSize? invalid =
            FailsPamtRange(tdmr.Pamt1G, RequiredBytes(tdmr.Size, PageSize.Page1G, _module)) ? PageSize.Page1G
            : FailsPamtRange(tdmr.Pamt2M, RequiredBytes(tdmr.Size, PageSize.Page2M, _module)) ? PageSize.Page2M
            : FailsPamtRange(tdmr.Pamt4K, RequiredBytes(tdmr.Size, PageSize.Page4K, _module)) ? PageSize.Page4K
            : null;
        return invalid is { } level ? new(CompletionCode.InvalidPamt, _index, (int)level) : default;
    }

    private readonly bool FailsPamtRange(Pamt pamt, ulong required) =>
        Overflows(pamt.Base, pamt.Size) || (pamt.Base | pamt.Size) % AddressRange.PageBytes != 0
        || pamt.Size == 0 || pamt.Size < required || ((pamt.Base | (pamt.Base + (pamt.Size - 1))) & _foreignBits) != 0;

    /// <summary>Whether a PAMT overlaps another, or free space. The TDMR's PAMTs are then among the sorted ones, as
    /// far as they fit.</summary>
    private bool AnyPamtOverlaps()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        AddressRange range4K = tdmr.Pamt4K.Range;
        AddressRange range2M = tdmr.Pamt2M.Range;
        AddressRange range1G = tdmr.Pamt1G.Range;
        return !TryInsert(range4K) || !TryInsert(range2M) || !TryInsert(range1G)
            || OverlapsFreeSpaceBefore(range4K) || OverlapsFreeSpaceBefore(range2M) || OverlapsFreeSpaceBefore(range1G)
            || AnyOverlapsFreeSpace();
    }

    private bool TryInsert(AddressRange pamt)
    {
        if (AddressRanges.Overlaps(_pamts[.._sortedCount], pamt))
            return false;
        Span<AddressRange> recent = _pamts[^_recentCount..];
        int position = AddressRanges.FirstEndingAbove(recent, pamt.Start);
        if (position < recent.Length && recent[position].Start < pamt.End)
            return false;
        if (position > 0 && recent[position - 1].End == pamt.Start)
        {
            recent[position - 1] = AddressRange.Create(recent[position - 1].Start, pamt.End);
            return true;
        }

        if (_recentCount == MaxRecent)
        {
            MergeRecent();
            position = 0;
        }

        recent = _pamts[^++_recentCount..];
        recent[1..(position + 1)].CopyTo(recent);
        recent[position] = pamt;
        return true;
    }

    private void MergeRecent()
    {
        Span<AddressRange> recent = stackalloc AddressRange[MaxRecent];
        _pamts[^MaxRecent..].CopyTo(recent);
        int last = _sortedCount - 1;
        _sortedCount += MaxRecent;
        _recentCount = 0;
        for (int next = MaxRecent - 1, to = _sortedCount - 1; next >= 0; to--)
            _pamts[to] = last >= 0 && _pamts[last].Start > recent[next].Start ? _pamts[last--] : recent[next--];
    }

    /// <summary>Whether a PAMT overlaps the free space of a TDMR before this one.</summary>
    private readonly bool OverlapsFreeSpaceBefore(AddressRange pamt)
    {
        int first = BinarySearch.First(_tdmrs[.._index], new TdmrEndsAbove(pamt.Start));
        for (int k = first; k < _index && _tdmrs[k].Base < pamt.End; k++)
        {
            if (OverlapsFreeSpace(pamt, k))
                return true;
        }

        return false;
    }

    /// <summary>Whether any PAMT so far overlaps the free space of this TDMR.</summary>
    private readonly bool AnyOverlapsFreeSpace() =>
        AnyOverlapsFreeSpace(_pamts[.._sortedCount]) || AnyOverlapsFreeSpace(_pamts[^_recentCount..]);

    private readonly bool AnyOverlapsFreeSpace(ReadOnlySpan<AddressRange> pamts)
    {
        ulong end = EndOf(_index);
        int position = AddressRanges.FirstEndingAbove(pamts, _tdmrs[_index].Base);
        for (; position < pamts.Length && pamts[position].Start < end; position++)
        {
            if (OverlapsFreeSpace(pamts[position], _index))
                return true;
        }

        return false;
    }

    /// <summary>Whether some of a range lies in TDMR k but in none of its reserved areas.</summary>
    private readonly bool OverlapsFreeSpace(AddressRange range, int k)
    {
        ulong tdmrBase = _tdmrs[k].Base;
        ulong position = Math.Max(range.Start, tdmrBase);
        ulong end = Math.Min(range.End, EndOf(k));
        foreach (ReservedEntry area in TdmrInfoEntry.ReservedAreasOf(_tdmrs, k))
        {
            if (area.Size == 0 || position >= end || tdmrBase + area.Offset > position)
                break;
            position = Math.Max(position, tdmrBase + area.Offset + area.Size);
        }

        return position < end;
    }

    /// <summary>The overlap that the module finds first.</summary>
    private CompletionStatus FirstPamtOverlap()
    {
        CompletionStatus status = CheckPamtWithPamt();
        if (status.IsSuccess)
            status = CheckPamtWithFreeSpace();
        Debug.Assert(!status.IsSuccess, "an overlap was seen in the sorted PAMTs and not found again");
        return status;
    }

    /// <summary>PAMT with PAMT (docs/model.md#check-pamt-overlaps-pamt).</summary>
    private CompletionStatus CheckPamtWithPamt()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        for (int k = 0; k < _index; k++)
        {
            for (PageSize level = PageSize.Page4K; level <= PageSize.Page1G; level++)
            {
                AddressRange pamt = tdmr.GetPamt(level).Range;
                for (PageSize other = PageSize.Page4K; other <= PageSize.Page1G; other++)
                {
                    if (pamt.Overlaps(_tdmrs[k].GetPamt(other).Range))
                        return Overlap(_index, level, k);
                }
            }
        }

        AddressRange range4K = tdmr.Pamt4K.Range;
        AddressRange range2M = tdmr.Pamt2M.Range;
        AddressRange range1G = tdmr.Pamt1G.Range;
        if (range4K.Overlaps(range2M) || range4K.Overlaps(range1G))
            return Overlap(_index, PageSize.Page4K, _index);
        return range2M.Overlaps(range1G) ? Overlap(_index, PageSize.Page2M, _index) : default;
    }

    /// <summary>PAMT with free space (docs/model.md#check-pamt-overlaps-free).</summary>
    private CompletionStatus CheckPamtWithFreeSpace()
    {
        for (int k = 0; k <= _index; k++)
        {
            if (FirstInFreeSpace(_index, k) is { } level)
                return Overlap(_index, level, k);
            if (k < _index && FirstInFreeSpace(k, _index) is { } otherLevel)
                return Overlap(k, otherLevel, _index);
        }

        return default;
    }

    /// <summary>The first level, from 4K up, at which a TDMR's PAMT overlaps the free space of TDMR k.</summary>
    private readonly PageSize? FirstInFreeSpace(int owner, int k)
    {
        for (PageSize level = PageSize.Page4K; level <= PageSize.Page1G; level++)
        {
            if (OverlapsFreeSpace(_tdmrs[owner].GetPamt(level).Range, k))
                return level;
        }

        return null;
    }

    private CompletionStatus Overlap(int tdmr, PageSize level, int other)
    {
        Tdmr = tdmr;
        Other = other;
        return new(CompletionCode.PamtOverlap, tdmr, (int)level, other);
    }

    /// <summary>PAMT in CMRs, at 1G, 2M and 4K (docs/model.md#check-pamt-in-cmrs).</summary>
    private readonly CompletionStatus CheckPamtsInCmrs()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        PageSize? outside =
            !AddressRanges.AnyContains(_runs, tdmr.Pamt1G.Range) ? PageSize.Page1G
            : !AddressRanges.AnyContains(_runs, tdmr.Pamt2M.Range) ? PageSize.Page2M
            : !AddressRanges.AnyContains(_runs, tdmr.Pamt4K.Range) ? PageSize.Page4K
            : null;
        return outside is { } level ? new(CompletionCode.PamtOutsideCmrs, _index, (int)level) : default;
    }

    /// <summary>TDMR in CMRs (docs/model.md#check-tdmr-in-cmrs).</summary>
    private CompletionStatus CheckTdmrInCmrs()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        ulong position = tdmr.Base;
        if (IsInOneRun(position, EndOf(_index)))
            return default;
        foreach (ReservedEntry area in TdmrInfoEntry.ReservedAreasOf(_tdmrs, _index))
        {
            if (area.Size == 0)
                break;
            ulong start = tdmr.Base + area.Offset;
            if (!IsInOneRun(position, start))
                return new(CompletionCode.TdmrOutsideCmrs, _index);
            position = start + area.Size;
        }

        return IsInOneRun(position, EndOf(_index)) ? default : new(CompletionCode.TdmrOutsideCmrs, _index);
    }

    /// <summary>Whether free space lies in one CMR run. Free space ascends, from TDMR to TDMR too.</summary>
    private bool IsInOneRun(ulong start, ulong end)
    {
        if (start == end)
            return true;
        while (_run < _runs.Length && _runs[_run].End <= start)
            _run++;
        return _run < _runs.Length && _runs[_run].Start <= start && _runs[_run].End >= end;
    }

    private readonly ulong EndOf(int tdmr) => _tdmrs[tdmr].Base + _tdmrs[tdmr].Size;

    private readonly struct TdmrEndsAbove(ulong address) : ICondition<TdmrInfoEntry>
    {
        public bool Holds(TdmrInfoEntry item) => item.Base + item.Size > address;
    }
}
