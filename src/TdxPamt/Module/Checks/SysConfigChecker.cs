using System.Diagnostics;

namespace TdxPamt.Module;

/// <summary>The checks of TDH.SYS.CONFIG on one TDMR after the other, T1 to T8.</summary>
/// <remarks>
/// Whether a PAMT overlaps anything is decided on the PAMTs so far, kept sorted. Only where one does are they all
/// compared with one another in the module's order, to find the overlap that it reports.
/// </remarks>
internal ref struct SysConfigChecker
{
    private readonly ReadOnlySpan<TdmrInfoEntry> _tdmrs;
    private readonly ReadOnlySpan<AddressRange> _runs;
    private readonly ModuleParameters _module;

    /// <summary>The bits of an address that no PAMT and no TDMR has: key ids, and 52 and up.</summary>
    private readonly ulong _foreignBits;

    /// <summary>The PAMTs of all TDMRs so far, ascending; touching ones may be taken together.</summary>
    private readonly Span<AddressRange> _pamts;
    private int _pamtCount;
    private int _index;
    private int _run;

    /// <summary>Starts before the first TDMR.</summary>
    /// <param name="tdmrs">The TDMRs. The one to be checked next and those before it are read, no others.</param>
    /// <param name="runs">The CMR runs, ascending.</param>
    /// <param name="pamts">Room for three ranges a TDMR.</param>
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

    /// <summary>The least size of a PAMT, not rounded up to pages.</summary>
    internal static ulong RequiredBytes(ulong tdmrSize, PageSize level, ModuleParameters module) => level switch
    {
        PageSize.Page1G => (tdmrSize >> 30) * (ulong)module.PamtEntrySizes.Page1G,
        PageSize.Page2M => (tdmrSize >> 21) * (ulong)module.PamtEntrySizes.Page2M,
        _ when module.DynamicPamt => (tdmrSize >> 15) * (ulong)module.PamtPageBitmapEntryBits,
        _ => (tdmrSize >> 12) * (ulong)module.PamtEntrySizes.Page4K,
    };

    /// <summary>Checks the next TDMR; not to be called again after a failure.</summary>
    internal CompletionStatus CheckNext()
    {
        CompletionStatus status = CheckRange();
        if (status.IsSuccess)
            status = CheckReservedAreas();
        if (status.IsSuccess)
            status = CheckPamts();
        if (status.IsSuccess && PamtsOverlap())
            status = FirstOverlap();
        if (status.IsSuccess)
            status = CheckCmrs();
        _index++;
        return status;
    }

    private static bool Overflows(ulong a, ulong b) => a > ulong.MaxValue - b;

    private static AddressRange RangeOf(Pamt pamt) => AddressRange.Create(pamt.Base, pamt.Base + pamt.Size);

    /// <summary>T1 to T5.</summary>
    private readonly CompletionStatus CheckRange()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        if (Overflows(tdmr.Base, tdmr.Size))
            return new(CompletionCode.InvalidTdmr, _index);
        if (_index > 0 && tdmr.Base < EndOf(_index - 1))
            return new(CompletionCode.NonOrderedTdmr, _index);
        return (tdmr.Base | tdmr.Size) % TdmrInfo.Alignment != 0 || tdmr.Size == 0
            || ((tdmr.Base | (tdmr.Base + (tdmr.Size - 1))) & _foreignBits) != 0
            ? new(CompletionCode.InvalidTdmr, _index)
            : default;
    }

    /// <summary>T6.</summary>
    private readonly CompletionStatus CheckReservedAreas()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        ReadOnlySpan<ReservedEntry> areas = TdmrInfoEntry.ReservedAreasOf(_tdmrs, _index);
        ulong previousEnd = 0;
        for (int j = 0; j < areas.Length; j++)
        {
            ReservedEntry area = areas[j];
            if (area.Size == 0)
            {
                if (j + 1 < areas.Length && areas[j + 1].Size != 0)
                    return new(CompletionCode.NonOrderedReservedInTdmr, _index, j);
                continue;
            }

            if (Overflows(area.Offset, area.Size))
                return new(CompletionCode.InvalidReservedInTdmr, _index, j);
            if (area.Offset < previousEnd)
                return new(CompletionCode.NonOrderedReservedInTdmr, _index, j);
            previousEnd = area.Offset + area.Size;
            if ((area.Offset | area.Size) % AddressRange.PageBytes != 0 || previousEnd > tdmr.Size)
                return new(CompletionCode.InvalidReservedInTdmr, _index, j);
        }

        return default;
    }

    /// <summary>T7.1.</summary>
    private readonly CompletionStatus CheckPamts()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        PageSize? invalid =
            !IsPamt(tdmr.Pamt1G, RequiredBytes(tdmr.Size, PageSize.Page1G, _module)) ? PageSize.Page1G
            : !IsPamt(tdmr.Pamt2M, RequiredBytes(tdmr.Size, PageSize.Page2M, _module)) ? PageSize.Page2M
            : !IsPamt(tdmr.Pamt4K, RequiredBytes(tdmr.Size, PageSize.Page4K, _module)) ? PageSize.Page4K
            : null;
        return invalid is { } level ? new(CompletionCode.InvalidPamt, _index, (int)level) : default;
    }

    private readonly bool IsPamt(Pamt pamt, ulong required) =>
        !Overflows(pamt.Base, pamt.Size) && (pamt.Base | pamt.Size) % AddressRange.PageBytes == 0
        && pamt.Size != 0 && pamt.Size >= required && ((pamt.Base | (pamt.Base + (pamt.Size - 1))) & _foreignBits) == 0;

    /// <summary>Whether T7.2 or T7.3 fails; the TDMR's PAMTs are then among the sorted ones, as far as they
    /// fit.</summary>
    private bool PamtsOverlap()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        AddressRange range4K = RangeOf(tdmr.Pamt4K);
        AddressRange range2M = RangeOf(tdmr.Pamt2M);
        AddressRange range1G = RangeOf(tdmr.Pamt1G);
        return !TryInsert(range4K) || !TryInsert(range2M) || !TryInsert(range1G)
            || OverlapsFreeSpaceBefore(range4K) || OverlapsFreeSpaceBefore(range2M) || OverlapsFreeSpaceBefore(range1G)
            || AnyOverlapsFreeSpace();
    }

    private bool TryInsert(AddressRange pamt)
    {
        int position = AddressRangeSearch.FirstEndingAbove(_pamts[.._pamtCount], pamt.Start);
        if (position < _pamtCount && _pamts[position].Start < pamt.End)
            return false;
        if (position > 0 && _pamts[position - 1].End == pamt.Start)
        {
            _pamts[position - 1] = AddressRange.Create(_pamts[position - 1].Start, pamt.End);
            return true;
        }

        _pamts[position.._pamtCount].CopyTo(_pamts[(position + 1)..]);
        _pamts[position] = pamt;
        _pamtCount++;
        return true;
    }

    /// <summary>Whether a PAMT overlaps the free space of a TDMR before this one.</summary>
    private readonly bool OverlapsFreeSpaceBefore(AddressRange pamt)
    {
        int low = 0;
        int high = _index;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (EndOf(middle) > pamt.Start)
                high = middle;
            else
                low = middle + 1;
        }

        for (int k = low; k < _index && _tdmrs[k].Base < pamt.End; k++)
        {
            if (OverlapsFreeSpace(pamt, k))
                return true;
        }

        return false;
    }

    /// <summary>Whether any PAMT so far overlaps the free space of this TDMR.</summary>
    private readonly bool AnyOverlapsFreeSpace()
    {
        ReadOnlySpan<AddressRange> pamts = _pamts[.._pamtCount];
        ulong end = EndOf(_index);
        int position = AddressRangeSearch.FirstEndingAbove(pamts, _tdmrs[_index].Base);
        for (; position < pamts.Length && pamts[position].Start < end; position++)
        {
            if (OverlapsFreeSpace(pamts[position], _index))
                return true;
        }

        return false;
    }

    /// <summary>Whether some of a range lies in a TDMR but in none of its reserved areas.</summary>
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

    /// <summary>T7.2 and T7.3, word for word: the overlap that the module finds first.</summary>
    private readonly CompletionStatus FirstOverlap()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        for (int k = 0; k < _index; k++)
        {
            for (PageSize level = PageSize.Page4K; level <= PageSize.Page1G; level++)
            {
                AddressRange pamt = RangeOf(tdmr.GetPamt(level));
                for (PageSize other = PageSize.Page4K; other <= PageSize.Page1G; other++)
                {
                    if (pamt.Overlaps(RangeOf(_tdmrs[k].GetPamt(other))))
                        return Overlap(_index, level, k);
                }
            }
        }

        AddressRange range4K = RangeOf(tdmr.Pamt4K);
        AddressRange range2M = RangeOf(tdmr.Pamt2M);
        AddressRange range1G = RangeOf(tdmr.Pamt1G);
        if (range4K.Overlaps(range2M) || range4K.Overlaps(range1G))
            return Overlap(_index, PageSize.Page4K, _index);
        if (range2M.Overlaps(range1G))
            return Overlap(_index, PageSize.Page2M, _index);

        for (int k = 0; k <= _index; k++)
        {
            if (FirstInFreeSpace(_index, k) is { } level)
                return Overlap(_index, level, k);
            if (k < _index && FirstInFreeSpace(k, _index) is { } otherLevel)
                return Overlap(k, otherLevel, _index);
        }

        Debug.Fail("an overlap was seen in the sorted PAMTs and not found again");
        return default;
    }

    private readonly PageSize? FirstInFreeSpace(int owner, int k)
    {
        for (PageSize level = PageSize.Page4K; level <= PageSize.Page1G; level++)
        {
            if (OverlapsFreeSpace(RangeOf(_tdmrs[owner].GetPamt(level)), k))
                return level;
        }

        return null;
    }

    private static CompletionStatus Overlap(int tdmr, PageSize level, int other) =>
        new(CompletionCode.PamtOverlap, tdmr, (int)level, other);

    /// <summary>T7.4 and T8.</summary>
    private CompletionStatus CheckCmrs()
    {
        ref readonly TdmrInfoEntry tdmr = ref _tdmrs[_index];
        PageSize? outside =
            !AddressRangeSearch.OneContains(_runs, RangeOf(tdmr.Pamt1G)) ? PageSize.Page1G
            : !AddressRangeSearch.OneContains(_runs, RangeOf(tdmr.Pamt2M)) ? PageSize.Page2M
            : !AddressRangeSearch.OneContains(_runs, RangeOf(tdmr.Pamt4K)) ? PageSize.Page4K
            : null;
        if (outside is { } level)
            return new(CompletionCode.PamtOutsideCmrs, _index, (int)level);

        ulong position = tdmr.Base;
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
}
