namespace TdxPamt.Module;

/// <summary>What a status of TDH.SYS.CONFIG means for the TDMRs it was about, in words.</summary>
/// <remarks>Nothing here may throw: the TDMRs hold any 64-bit values, and may not be those of the status. Sums are
/// therefore printed with all their 65 bits, and compared only where they cannot wrap.</remarks>
internal static class CompletionText
{
    /// <summary>What the status of a release means, which may lack Dynamic PAMT and refuses CMRs
    /// at TDH.SYS.INIT.</summary>
    internal static string Describe(
        CompletionStatus status,
        ReadOnlySpan<TdmrInfoEntry> tdmrs,
        ReadOnlySpan<CmrInfo> cmrs,
        ModuleParameters module,
        TdxModuleRelease? release)
    {
        if (release is null)
            return Describe(status, tdmrs, cmrs, module);
        ModuleParameters restricted = SysConfig.Restrict(module, release);
        return status.Code switch
        {
            CompletionCode.CmrListInvalid when CmrList.Check(cmrs).IsSuccess =>
                $"a CMR {AboveAddresses(restricted)}",
            CompletionCode.OperandInvalid when status.Info0 == (int)SeamcallRegister.R8
                && SysConfig.RefusesDynamicPamt(module, release) => $"module {release} has no Dynamic PAMT",
            _ => Describe(status, tdmrs, cmrs, restricted),
        };
    }

    internal static string Describe(
        CompletionStatus status, ReadOnlySpan<TdmrInfoEntry> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters module)
    {
        if (status.Tdmr >= tdmrs.Length || status.Other >= tdmrs.Length)
            return Unspecific(status);
        // Of more TDMRs than 8 bits tell apart, the checks say which ones the status is about.
        SysConfigFinding finding =
            tdmrs.Length > byte.MaxValue + 1 && SysConfig.Find(tdmrs, cmrs, module, release: null) is var found
                && found.Status == status ? found : new(status);
        int i = finding.Tdmr;
        int j = status.Info1;
        return status.Code switch
        {
            CompletionCode.Success => "the TDMRs are accepted",
            CompletionCode.TdmrAlreadyInitialized => "the TDMR is already initialised",
            CompletionCode.SysNotReady => "the module is not configured and keyed",
            CompletionCode.SysConfigNotPending => "the module is already configured",
            CompletionCode.CmrListInvalid => "the CMRs are not 4 KiB aligned, below 2^52, ascending and apart",
            CompletionCode.OperandInvalid
                when status.Info0 == (int)SeamcallRegister.Rdx && !CountIsLegal(tdmrs.Length, module) =>
                $"there are {tdmrs.Length} TDMRs, not from 1 to {module.MaxTdmrs}",
            CompletionCode.OperandInvalid when status.Info0 == (int)SeamcallRegister.R8 && module.DynamicPamt =>
                $"Dynamic PAMT needs key ids from bit {SysConfig.MaxFirstKeyIdBitForDynamicPamt} or below on, and they "
                + $"begin at bit {module.PhysicalAddressBits - module.KeyIdBits}",
            CompletionCode.InvalidTdmr => $"{Name(tdmrs, i)}, {Invalid(tdmrs[i], module)}",
            CompletionCode.NonOrderedTdmr when i > 0 => NonOrdered(tdmrs, i),
            CompletionCode.TdmrOutsideCmrs => OutsideCmrs(tdmrs, i, cmrs),
            CompletionCode.InvalidPamt when status.Level is { } level =>
                $"{Name(tdmrs, i, level)}, {InvalidPamt(tdmrs[i], level, module)}",
            CompletionCode.PamtOutsideCmrs when status.Level is { } level =>
                $"{Name(tdmrs, i, level)}, is not inside one CMR or touching ones",
            CompletionCode.PamtOverlap when status.Level is { } level => Overlap(tdmrs, i, level, finding.Other),
            CompletionCode.InvalidReservedInTdmr when j < TdmrInfoEntry.MaxReservedAreas =>
                $"{Name(tdmrs, i, j)}, {InvalidReserved(tdmrs[i], j)}",
            CompletionCode.NonOrderedReservedInTdmr when j < TdmrInfoEntry.MaxReservedAreas =>
                NonOrderedReserved(tdmrs, i, j),
            _ => Unspecific(status),
        };
    }

    private static bool CountIsLegal(int count, ModuleParameters module) =>
        SysConfig.CheckCount(count, module).IsSuccess;

    private static string Unspecific(CompletionStatus status) => status.Tdmr is { } tdmr
        ? $"{status.Name}, TDMR {tdmr}"
        : $"{status.Name}, operands {status.Info0}, {status.Info1}, {status.Info2}";

    private static string Range(ulong start, ulong size) => $"[0x{start:x}, {Sum(start, size)})";

    private static string Sum(ulong a, ulong b) =>
        a > ulong.MaxValue - b ? $"0x1{unchecked(a + b):x16}" : $"0x{a + b:x}";

    private static string Name(ReadOnlySpan<TdmrInfoEntry> tdmrs, int i) =>
        $"TDMR {i}, {Range(tdmrs[i].Base, tdmrs[i].Size)}";

    private static string Name(ReadOnlySpan<TdmrInfoEntry> tdmrs, int i, PageSize level)
    {
        Pamt pamt = tdmrs[i].GetPamt(level);
        return $"PAMT {level.Label()} of TDMR {i}, {Range(pamt.Base, pamt.Size)}";
    }

    private static string Name(ReadOnlySpan<TdmrInfoEntry> tdmrs, int i, int j)
    {
        ReservedEntry area = tdmrs[i].GetReservedArea(j);
        return $"reserved area {j} of TDMR {i}, +{Range(area.Offset, area.Size)}";
    }

    private static string AboveAddresses(ModuleParameters module) =>
        $"does not end below 2^{Math.Max(0, module.PhysicalAddressBits - module.KeyIdBits)}, "
        + "where addresses without a key id end";

    private static string Invalid(in TdmrInfoEntry tdmr, ModuleParameters module) =>
        tdmr.Base > ulong.MaxValue - tdmr.Size ? "does not end below 2^64"
        : tdmr.Size == 0 ? "is empty"
        : (tdmr.Base | tdmr.Size) % TdmrInfo.Alignment != 0 ? "is not a whole number of aligned GiB"
        : AboveAddresses(module);

    private static string NonOrdered(ReadOnlySpan<TdmrInfoEntry> tdmrs, int i) => tdmrs[i].Base < tdmrs[i - 1].Base
        ? $"{Name(tdmrs, i)}, starts below {Name(tdmrs, i - 1)}"
        : $"{Name(tdmrs, i)}, overlaps {Name(tdmrs, i - 1)}";

    private static string InvalidPamt(in TdmrInfoEntry tdmr, PageSize level, ModuleParameters module)
    {
        Pamt pamt = tdmr.GetPamt(level);
        ulong required = tdmr.Size <= AddressRange.Limit ? SysConfigChecker.RequiredBytes(tdmr.Size, level, module) : 0;
        return pamt.Base > ulong.MaxValue - pamt.Size ? "does not end below 2^64"
            : pamt.Size == 0 ? "is empty"
            : (pamt.Base | pamt.Size) % AddressRange.PageBytes != 0 ? "is not a whole number of 4 KiB pages"
            : pamt.Size < required ? $"has 0x{pamt.Size:x} bytes and needs 0x{required:x}"
            : AboveAddresses(module);
    }

    private static string InvalidReserved(in TdmrInfoEntry tdmr, int j)
    {
        ReservedEntry area = tdmr.GetReservedArea(j);
        return area.Offset > ulong.MaxValue - area.Size ? "does not end below 2^64"
            : (area.Offset | area.Size) % AddressRange.PageBytes != 0 ? "is not a whole number of 4 KiB pages"
            : $"ends above the TDMR, {Range(tdmr.Base, tdmr.Size)}";
    }

    private static string NonOrderedReserved(ReadOnlySpan<TdmrInfoEntry> tdmrs, int i, int j) =>
        tdmrs[i].GetReservedArea(j).Size == 0
            ? $"reserved area {j} of TDMR {i} is empty, and one that is not follows it"
        : j == 0 ? Unspecific(new(CompletionCode.NonOrderedReservedInTdmr, i, j))
        : tdmrs[i].GetReservedArea(j).Offset < tdmrs[i].GetReservedArea(j - 1).Offset
            ? $"{Name(tdmrs, i, j)}, starts below {Name(tdmrs, i, j - 1)}"
            : $"{Name(tdmrs, i, j)}, overlaps {Name(tdmrs, i, j - 1)}";

    private static string Overlap(ReadOnlySpan<TdmrInfoEntry> tdmrs, int i, PageSize level, int k)
    {
        Pamt pamt = tdmrs[i].GetPamt(level);
        foreach (PageSize other in PageSizes.All)
        {
            Pamt otherPamt = tdmrs[k].GetPamt(other);
            if ((i != k || other != level) && Overlaps(pamt.Base, pamt.Size, otherPamt.Base, otherPamt.Size))
                return $"{Name(tdmrs, i, level)}, overlaps {Name(tdmrs, k, other)}";
        }

        foreach ((ulong start, ulong size) in FreeRanges(tdmrs[k]))
        {
            if (Overlaps(pamt.Base, pamt.Size, start, size))
                return $"{Name(tdmrs, i, level)}, overlaps free space of TDMR {k}, {Range(start, size)}";
        }

        return $"{Name(tdmrs, i, level)}, overlaps {Name(tdmrs, k)}";
    }

    private static string OutsideCmrs(ReadOnlySpan<TdmrInfoEntry> tdmrs, int i, ReadOnlySpan<CmrInfo> cmrs)
    {
        if (!cmrs.IsEmpty && CmrList.Check(cmrs).IsSuccess)
        {
            ReadOnlySpan<AddressRange> runs = CmrList.MergeTouching(cmrs, new AddressRange[cmrs.Length]);
            foreach ((ulong start, ulong size) in FreeRanges(tdmrs[i]))
            {
                if (!AddressRange.TryCreate(start, unchecked(start + size), out AddressRange range)
                    || !AddressRanges.AnyContains(runs, range))
                {
                    return $"free space of TDMR {i}, {Range(start, size)}, is not inside one CMR or touching ones";
                }
            }
        }

        return $"free space of {Name(tdmrs, i)}, is not inside one CMR or touching ones";
    }

    /// <summary>What the reserved areas of a TDMR leave, as far as they ascend.</summary>
    private static List<(ulong Start, ulong Size)> FreeRanges(TdmrInfoEntry tdmr)
    {
        List<(ulong Start, ulong Size)> ranges = [];
        ulong position = 0;
        for (int j = 0; j < TdmrInfoEntry.MaxReservedAreas; j++)
        {
            ReservedEntry area = tdmr.GetReservedArea(j);
            if (area.Size == 0 || area.Offset < position || area.Offset > ulong.MaxValue - area.Size)
                break;
            if (area.Offset > position)
                ranges.Add((unchecked(tdmr.Base + position), area.Offset - position));
            position = area.Offset + area.Size;
        }

        if (position < tdmr.Size)
            ranges.Add((unchecked(tdmr.Base + position), tdmr.Size - position));
        return ranges;
    }

    private static bool Overlaps(ulong start, ulong size, ulong otherStart, ulong otherSize) =>
        start <= otherStart ? otherStart - start < size && otherSize > 0 : start - otherStart < otherSize && size > 0;
}
