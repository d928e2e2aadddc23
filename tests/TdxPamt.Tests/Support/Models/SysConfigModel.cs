using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>The checks of TDH.SYS.CONFIG as the table lists them, row by row, in 128 bits and with nested loops; it
/// shares nothing with the library but the values it is given.</summary>
internal static class SysConfigModel
{
    private static readonly UInt128 TwoTo52 = UInt128.One << 52;
    private static readonly UInt128 TwoTo64 = UInt128.One << 64;
    private static readonly UInt128 GiB = UInt128.One << 30;

    internal static ulong Check(TdmrInfoEntry[] tdmrs, CmrInfo[] cmrs, ModuleParameters module)
    {
        if (CmrsInvalid(cmrs))
            return 0xC0000A2200000000;
        if (tdmrs.Length > module.MaxTdmrs || tdmrs.Length < 1)
            return 0xC000010000000002;
        List<(UInt128 Start, UInt128 End)> runs = Runs(cmrs);
        // Dynamic PAMT: pairs of pages have addresses of 48 bits.
        if (module.DynamicPamt && module.PhysicalAddressBits - module.KeyIdBits > 48)
            return 0xC000010000000008;

        for (int i = 0; i < tdmrs.Length; i++)
        {
            ulong status = CheckOne(tdmrs, i, runs, module);
            if (status != 0)
                return status;
        }

        return 0;
    }

    private static bool CmrsInvalid(CmrInfo[] cmrs)
    {
        UInt128 previousEnd = 0;
        foreach (CmrInfo cmr in cmrs)
        {
            if (cmr.Size == 0)
                continue;
            UInt128 end = (UInt128)cmr.Base + cmr.Size;
            if (cmr.Base % 4096 != 0 || cmr.Size % 4096 != 0 || end > TwoTo52 || cmr.Base < previousEnd)
                return true;
            previousEnd = end;
        }

        return false;
    }

    private static List<(UInt128 Start, UInt128 End)> Runs(CmrInfo[] cmrs)
    {
        List<(UInt128 Start, UInt128 End)> runs = [];
        foreach (CmrInfo cmr in cmrs.Where(cmr => cmr.Size != 0))
        {
            if (runs.Count > 0 && runs[^1].End == cmr.Base)
                runs[^1] = (runs[^1].Start, (UInt128)cmr.Base + cmr.Size);
            else
                runs.Add((cmr.Base, (UInt128)cmr.Base + cmr.Size));
        }

        return runs;
    }

    private static ulong CheckOne(
        TdmrInfoEntry[] tdmrs, int i, List<(UInt128 Start, UInt128 End)> runs, ModuleParameters module)
    {
        UInt128 b = tdmrs[i].Base;
        UInt128 s = tdmrs[i].Size;
        ulong invalidTdmr = 0xC0000A0000000000 + (ulong)i;
        ulong nonOrderedTdmr = 0xC0000A0100000000 + (ulong)i;

        // TDMR range
        if (b + s >= TwoTo64)
            return invalidTdmr;

        // TDMR order: start
        if (i > 0 && b < tdmrs[i - 1].Base)
            return nonOrderedTdmr;

        // TDMR order: overlap
        if (i > 0 && b < (UInt128)tdmrs[i - 1].Base + tdmrs[i - 1].Size)
            return nonOrderedTdmr;

        // TDMR alignment
        if (b % GiB != 0 || s % GiB != 0 || s == 0)
            return invalidTdmr;

        // TDMR address
        if (b >= TwoTo52 || b + s - 1 >= TwoTo52 || HasKeyId(b, module) || HasKeyId(b + s - 1, module))
            return invalidTdmr;

        // reserved areas
        for (int j = 0; j < 16; j++)
        {
            ulong area = CheckReserved(tdmrs[i], i, j);
            if (area != 0)
                return area;
        }

        // PAMT range
        foreach (int level in new[] { 2, 1, 0 })
        {
            (UInt128 start, UInt128 size) = PamtOf(tdmrs[i], level);
            if (start + size >= TwoTo64 || start % 4096 != 0 || size % 4096 != 0 || size == 0
                || start >= TwoTo52 || start + size - 1 >= TwoTo52
                || HasKeyId(start, module) || HasKeyId(start + size - 1, module)
                || size < Required(s, level, module))
            {
                return 0xC0000A1000000000 + (ulong)i + ((ulong)level << 8);
            }
        }

        // PAMT with PAMT
        for (int k = 0; k < i; k++)
        {
            for (int level = 0; level < 3; level++)
            {
                for (int other = 0; other < 3; other++)
                {
                    if (Overlap(PamtOf(tdmrs[i], level), PamtOf(tdmrs[k], other)))
                        return PamtOverlap(i, level, k);
                }
            }
        }

        if (Overlap(PamtOf(tdmrs[i], 0), PamtOf(tdmrs[i], 1)))
            return PamtOverlap(i, 0, i);
        if (Overlap(PamtOf(tdmrs[i], 0), PamtOf(tdmrs[i], 2)))
            return PamtOverlap(i, 0, i);
        if (Overlap(PamtOf(tdmrs[i], 1), PamtOf(tdmrs[i], 2)))
            return PamtOverlap(i, 1, i);

        // PAMT with free space
        for (int k = 0; k <= i; k++)
        {
            for (int level = 0; level < 3; level++)
            {
                if (Free(tdmrs[k]).Exists(free => Overlap(PamtOf(tdmrs[i], level), free)))
                    return PamtOverlap(i, level, k);
            }

            for (int level = 0; k < i && level < 3; level++)
            {
                if (Free(tdmrs[i]).Exists(free => Overlap(PamtOf(tdmrs[k], level), free)))
                    return PamtOverlap(k, level, i);
            }
        }

        // PAMT in CMRs
        foreach (int level in new[] { 2, 1, 0 })
        {
            if (!Inside(PamtOf(tdmrs[i], level), runs))
                return 0xC0000A1100000000 + (ulong)i + ((ulong)level << 8);
        }

        // TDMR in CMRs
        return Free(tdmrs[i]).Exists(free => !Inside(free, runs)) ? 0xC0000A0200000000 + (ulong)i : 0;
    }

    private static ulong CheckReserved(TdmrInfoEntry tdmr, int i, int j)
    {
        ulong operands = (ulong)i + ((ulong)j << 8);
        ulong invalid = 0xC0000A2000000000 + operands;
        ulong nonOrdered = 0xC0000A2100000000 + operands;
        UInt128 offset = tdmr.GetReservedArea(j).Offset;
        UInt128 size = tdmr.GetReservedArea(j).Size;
        if (size == 0)
            return j < 15 && tdmr.GetReservedArea(j + 1).Size != 0 ? nonOrdered : 0;

        // range
        if (offset + size >= TwoTo64)
            return invalid;

        // order
        if (j > 0 && offset < tdmr.GetReservedArea(j - 1).Offset)
            return nonOrdered;
        if (j > 0 && offset < (UInt128)tdmr.GetReservedArea(j - 1).Offset + tdmr.GetReservedArea(j - 1).Size)
            return nonOrdered;

        // alignment
        if (offset % 4096 != 0 || size % 4096 != 0)
            return invalid;

        // inside: overflow
        if (tdmr.Base + offset >= TwoTo64 || tdmr.Base + offset + size >= TwoTo64)
            return invalid;

        // inside: the end
        return tdmr.Base + offset + size > (UInt128)tdmr.Base + tdmr.Size ? invalid : 0;
    }

    private static bool HasKeyId(UInt128 address, ModuleParameters module)
    {
        int top = module.PhysicalAddressBits;
        for (int bit = Math.Max(0, top - module.KeyIdBits); bit < top; bit++)
        {
            if ((address >> bit & 1) != 0)
                return true;
        }

        return false;
    }

    private static UInt128 Required(UInt128 tdmrSize, int level, ModuleParameters module) => level switch
    {
        2 => tdmrSize / (UInt128.One << 30) * (UInt128)module.PamtEntrySizes.Page1G,
        1 => tdmrSize / (UInt128.One << 21) * (UInt128)module.PamtEntrySizes.Page2M,
        _ => module.DynamicPamt
            ? tdmrSize / 4096 * (UInt128)module.PamtPageBitmapEntryBits / 8
            : tdmrSize / 4096 * (UInt128)module.PamtEntrySizes.Page4K,
    };

    private static (UInt128 Start, UInt128 Size) PamtOf(TdmrInfoEntry tdmr, int level)
    {
        Pamt pamt = level == 2 ? tdmr.Pamt1G : level == 1 ? tdmr.Pamt2M : tdmr.Pamt4K;
        return (pamt.Base, pamt.Size);
    }

    private static bool Overlap((UInt128 Start, UInt128 Size) one, (UInt128 Start, UInt128 Size) other) =>
        one.Start < other.Start + other.Size && other.Start < one.Start + one.Size;

    private static bool Inside(
        (UInt128 Start, UInt128 Size) range, List<(UInt128 Start, UInt128 End)> runs) =>
        runs.Exists(run => range.Start >= run.Start && range.Start + range.Size <= run.End);

    /// <summary>What the reserved areas of a TDMR leave, without empty gaps.</summary>
    private static List<(UInt128 Start, UInt128 Size)> Free(TdmrInfoEntry tdmr)
    {
        List<(UInt128 Start, UInt128 Size)> free = [];
        UInt128 position = tdmr.Base;
        for (int j = 0; j < 16; j++)
        {
            ReservedEntry area = tdmr.GetReservedArea(j);
            if (area.Size == 0)
                continue;
            UInt128 start = (UInt128)tdmr.Base + area.Offset;
            if (start > position)
                free.Add((position, start - position));
            position = start + area.Size;
        }

        UInt128 end = (UInt128)tdmr.Base + tdmr.Size;
        if (end > position)
            free.Add((position, end - position));
        return free;
    }

    private static ulong PamtOverlap(int i, int level, int k) =>
        0xC0000A1200000000 + (ulong)i + ((ulong)level << 8) + ((ulong)k << 16);
}
