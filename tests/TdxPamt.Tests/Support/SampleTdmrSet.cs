using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>TDMRs, CMRs and parameters, made from a seed: as the module accepts them, then broken if wanted.</summary>
internal sealed class SampleTdmrSet
{
    private const ulong Page = 4096;
    private const ulong GiB = 1UL << 30;

    private readonly Random _random;
    private readonly ulong _limit;
    private readonly List<(ulong Start, ulong End)> _pamts = [];

    private SampleTdmrSet(int seed)
    {
        _random = new(seed);
        bool isDynamic = Chance(2);
        int addressBits = Chance(4) ? _random.Next(47, 53) : 52;
        int minKeyIdBits = isDynamic ? Math.Max(0, addressBits - 48) : 0;
        Module = new ModuleParameters
        {
            PhysicalAddressBits = addressBits,
            KeyIdBits = Chance(4) ? minKeyIdBits : _random.Next(minKeyIdBits, 10),
            DynamicPamt = isDynamic,
            PamtPageBitmapEntryBits = Chance(8) ? _random.Next(1, 20) : 1,
            PamtEntrySizes = Chance(6)
                ? new(_random.Next(1, 40), _random.Next(1, 3000), _random.Next(1, 65536))
                : PamtEntrySizes.Default,
        };
        _limit = 1UL << (Module.PhysicalAddressBits - Module.KeyIdBits);
        Tdmrs = [.. PlaceTdmrs()];
        PlacePamts();
        Reserve();
        Cmrs = [.. Cover()];
    }

    internal ModuleParameters Module { get; private set; }

    internal List<TdmrInfoEntry> Tdmrs { get; }

    internal List<CmrInfo> Cmrs { get; }

    internal static SampleTdmrSet Valid(int seed) => new(seed);

    internal static SampleTdmrSet Broken(int seed)
    {
        SampleTdmrSet set = new(seed);
        for (int i = set.Chance(2) ? 1 : set._random.Next(1, 5); i > 0; i--)
            set.Break();
        return set;
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private ulong Below(ulong limit) => (ulong)_random.NextInt64(0, (long)limit);

    private List<TdmrInfoEntry> PlaceTdmrs()
    {
        int count = Chance(50) ? 64 : _random.Next(1, 6);
        ulong[] sizes = [.. Enumerable.Range(0, count).Select(_ => GiB * (ulong)_random.Next(1, 4))];
        ulong[] gaps = [.. Enumerable.Range(0, count).Select(_ => GiB * (ulong)Math.Max(0, _random.Next(-3, 3)))];
        ulong total = sizes.Aggregate(0UL, (sum, size) => sum + size) + gaps.Aggregate(0UL, (sum, gap) => sum + gap);
        ulong position = Chance(4) ? _limit - total : Chance(4) ? 0 : GiB * Below(Math.Min(16, (_limit - total) / GiB));
        List<TdmrInfoEntry> tdmrs = [];
        for (int i = 0; i < count; i++)
        {
            position += gaps[i];
            tdmrs.Add(new TdmrInfoEntry { Base = position, Size = sizes[i] });
            position += sizes[i];
        }

        return tdmrs;
    }

    private void PlacePamts()
    {
        ulong low = Tdmrs[0].Base - Math.Min(Tdmrs[0].Base, 4 * GiB);
        ulong high = Math.Min(Tdmrs[^1].Base + Tdmrs[^1].Size + (4 * GiB), _limit);
        for (int i = 0; i < Tdmrs.Count; i++)
        {
            TdmrInfoEntry tdmr = Tdmrs[i];
            PamtSizes sizes = PamtSizes.Calculate(tdmr.Size, Module);
            bool oneChunk = Chance(2);
            ulong chunk = oneChunk ? Place(sizes.TotalBytes, low, high) : 0;
            ulong used = 0;
            foreach (PageSize level in PageSizes.All)
            {
                ulong size = sizes[level] + (!oneChunk && Chance(6) ? Page * Below(3) : 0);
                tdmr.SetPamt(level, new(oneChunk ? chunk + used : Place(size, low, high), size));
                used += size;
            }

            Tdmrs[i] = tdmr;
        }
    }

    private ulong Place(ulong size, ulong low, ulong high)
    {
        while (true)
        {
            // Beside another PAMT, at an edge of a TDMR, or anywhere.
            (ulong nearStart, ulong nearEnd) = _pamts.Count > 0 ? _pamts[_random.Next(_pamts.Count)] : (size, size);
            TdmrInfoEntry near = Tdmrs[_random.Next(Tdmrs.Count)];
            ulong start = _random.Next(12) switch
            {
                < 2 => nearStart - Math.Min(nearStart, size),
                < 4 => nearEnd,
                4 => near.Base,
                5 => near.Base + near.Size - Page,
                _ => low + (Page * Below((high - low) / Page)),
            };
            bool taken = _pamts.Exists(pamt => pamt.Start < start + size && start < pamt.End);
            if (taken || start < low || start + size > _limit)
                continue;
            _pamts.Add((start, start + size));
            return start;
        }
    }

    private void Reserve()
    {
        for (int i = 0; i < Tdmrs.Count; i++)
        {
            TdmrInfoEntry tdmr = Tdmrs[i];
            ulong end = tdmr.Base + tdmr.Size;
            List<(ulong Start, ulong End)> areas = [.. _pamts
                .Where(pamt => pamt.Start < end && tdmr.Base < pamt.End)
                .Select(pamt => (Math.Max(pamt.Start, tdmr.Base) - tdmr.Base, Math.Min(pamt.End, end) - tdmr.Base))];
            for (int holes = Chance(10) ? 20 : _random.Next(4); holes > 0; holes--)
            {
                ulong start = Page * Below(tdmr.Size / Page);
                ulong size = Page * (1 + Below(Chance(2) ? 4UL : 40000UL));
                areas.Add((start, Chance(20) ? tdmr.Size : Math.Min(tdmr.Size, start + size)));
            }

            areas = Merge(areas, Chance(2));
            while (areas.Count > 16)
            {
                int at = _random.Next(areas.Count - 1);
                areas[at] = (areas[at].Start, areas[at + 1].End);
                areas.RemoveAt(at + 1);
            }

            for (int j = 0; j < areas.Count; j++)
                tdmr.SetReservedArea(j, new(areas[j].Start, areas[j].End - areas[j].Start));
            for (int j = areas.Count; j < 16 && Chance(3); j++)
                tdmr.SetReservedArea(j, new(Chance(2) ? Page * Below(GiB) : ulong.MaxValue, 0));
            Tdmrs[i] = tdmr;
        }
    }

    private List<CmrInfo> Cover()
    {
        if (Chance(4))
            return [new(0, _limit)];
        List<(ulong Start, ulong End)> needed = [.. _pamts];
        foreach (TdmrInfoEntry tdmr in Tdmrs)
        {
            ulong position = tdmr.Base;
            for (int j = 0; j < 16 && tdmr.GetReservedArea(j).Size != 0; j++)
            {
                ulong start = tdmr.Base + tdmr.GetReservedArea(j).Offset;
                needed.Add((position, start));
                position = start + tdmr.GetReservedArea(j).Size;
            }

            needed.Add((position, tdmr.Base + tdmr.Size));
        }

        needed.RemoveAll(range => range.Start == range.End);
        List<CmrInfo> cmrs = [];
        foreach ((ulong start, ulong end) in Merge(needed, touching: true))
        {
            ulong middle = start + (Chance(3) ? Page * Below((end - start) / Page) : 0);
            if (middle > start)
                cmrs.Add(new(start, middle - start));
            if (Chance(4))
                cmrs.Add(new(Below(_limit), 0));
            cmrs.Add(new(middle, end - middle));
        }

        return cmrs;
    }

    private static List<(ulong Start, ulong End)> Merge(List<(ulong Start, ulong End)> ranges, bool touching)
    {
        List<(ulong Start, ulong End)> merged = [];
        foreach ((ulong start, ulong end) in ranges.Order())
        {
            if (merged.Count > 0 && (start < merged[^1].End || (touching && start == merged[^1].End)))
                merged[^1] = (merged[^1].Start, Math.Max(end, merged[^1].End));
            else
                merged.Add((start, end));
        }

        return merged;
    }

    private void Break()
    {
        if (Tdmrs.Count == 0)
            return;
        int i = _random.Next(Tdmrs.Count);
        int other = _random.Next(Tdmrs.Count);
        TdmrInfoEntry tdmr = Tdmrs[i];
        PageSize level = (PageSize)_random.Next(3);
        Pamt pamt = tdmr.GetPamt(level);
        int j = Chance(3) ? _random.Next(16) : _random.Next(4);
        ReservedEntry area = tdmr.GetReservedArea(j);
        switch (_random.Next(16))
        {
            case 0:
                tdmr.Base = Change(tdmr.Base);
                break;
            case 1:
                tdmr.Size = Change(tdmr.Size);
                break;
            case 2 or 3:
                tdmr.SetPamt(level, pamt with { Base = Change(pamt.Base) });
                break;
            case 4:
                tdmr.SetPamt(level, pamt with { Size = Change(pamt.Size) });
                break;
            case 5:
                tdmr.SetPamt(level, Tdmrs[other].GetPamt((PageSize)_random.Next(3)));
                break;
            case 6:
                tdmr.SetPamt(level, tdmr.GetPamt((PageSize)_random.Next(3)) with { Size = pamt.Size });
                break;
            case 7 or 8:
                tdmr.SetReservedArea(j, area with { Offset = Change(area.Offset) });
                break;
            case 9 or 10:
                tdmr.SetReservedArea(j, area with { Size = Change(area.Size) });
                break;
            case 11:
                tdmr.SetReservedArea(j, tdmr.GetReservedArea(_random.Next(16)));
                break;
            case 12:
                BreakList(i, other);
                return;
            case 13:
                BreakCmrs();
                return;
            case 14:
                Module = Module with { KeyIdBits = _random.Next(53) };
                return;
            default:
                tdmr.SetPamt(level, pamt with { Base = unchecked(Tdmrs[other].Base + (Page * Below(4))) });
                break;
        }

        Tdmrs[i] = tdmr;
    }

    private void BreakList(int i, int other)
    {
        switch (_random.Next(4))
        {
            case 0:
                (Tdmrs[i], Tdmrs[other]) = (Tdmrs[other], Tdmrs[i]);
                break;
            case 1:
                Tdmrs.RemoveAt(i);
                break;
            case 2:
                Tdmrs.Insert(other, Tdmrs[i]);
                break;
            default:
                Module = Module with { DynamicPamt = !Module.DynamicPamt, MaxTdmrs = _random.Next(1, 70) };
                break;
        }
    }

    private void BreakCmrs()
    {
        if (Cmrs.Count == 0)
            return;
        int i = _random.Next(Cmrs.Count);
        CmrInfo cmr = Cmrs[i];
        switch (_random.Next(6))
        {
            case 0:
                Cmrs.RemoveAt(i);
                break;
            case 1:
                Cmrs[i] = new(unchecked(cmr.Base + Page), cmr.Size < Page ? 0 : cmr.Size - Page);
                break;
            case 2:
                Cmrs[i] = cmr with { Size = cmr.Size < Page ? 0 : cmr.Size - Page };
                break;
            case 3:
                Cmrs[i] = cmr with { Size = cmr.Size / Page / 2 * Page };
                break;
            case 4:
                Cmrs[i] = cmr with { Base = Change(cmr.Base) };
                break;
            default:
                Cmrs[i] = cmr with { Size = Change(cmr.Size) };
                break;
        }
    }

    private ulong Change(ulong value)
    {
        ulong[] steps = [1, 8, Page, Page, 2UL << 20, GiB, GiB, 1UL << 52];
        ulong step = steps[_random.Next(steps.Length)];
        return _random.Next(12) switch
        {
            0 or 1 or 2 => unchecked(value + step),
            3 or 4 or 5 => unchecked(value - step),
            6 => 0,
            7 => 1UL << _random.Next(64),
            8 => unchecked((1UL << _random.Next(64)) - (Chance(2) ? Page : value)),
            9 => unchecked(0 - (Chance(2) ? step : value)),
            10 => value / 2,
            _ => unchecked((ulong)_random.NextInt64() << _random.Next(40)),
        };
    }
}
