namespace TdxPamt.Tests.Support;

/// <summary>Tries every partition of a small machine into TDMRs with every combination of strategies for
/// its PAMTs and areas.</summary>
internal sealed class BruteForcePlanner(HostMemory host, ModuleParameters module)
{
    private const ulong GiB = 1UL << 30;

    private readonly AddressRange[] _kernelTdmrs = KernelTdmrs(host);
    private readonly AddressRange[] _ram =
        PlanCheck.Normalize(host.TdxMemoryBlocks.Select(static block => block.Range));

    /// <summary>The fewest pages, and the fewest changes with them; null where nothing works.</summary>
    public (ulong Pages, int Changes)? Best()
    {
        (ulong Pages, int Changes)? best = null;
        AddressRange[] cmrs = PlanCheck.Normalize(host.Cmrs);
        bool convertible = cmrs.Length == 0
            || PlanCheck.Bytes(PlanCheck.Intersect(_ram, cmrs)) == PlanCheck.Bytes(_ram);
        if (!convertible)
            return null;
        foreach ((AddressRange[] tdmrs, int changes) in Partitions())
        {
            for (int options = 0; options < 16; options++)
            {
                bool fromCmrs = (options & 1) != 0;
                if (fromCmrs && cmrs.Length == 0)
                    continue;
                (ulong, int)? cost = Try(
                    tdmrs, fromCmrs ? cmrs : _ram, (options & 2) != 0, (options & 4) != 0, (options & 8) != 0);
                if (cost is not { } found)
                    continue;
                found.Item2 += changes + (fromCmrs ? 1 : 0);
                if (best is null || found.CompareTo(best.Value) < 0)
                    best = found;
            }
        }

        return best;
    }

    /// <summary>Every partition that splits the kernel's TDMRs, or joins them where there are too many.</summary>
    private IEnumerable<(AddressRange[] Tdmrs, int Changes)> Partitions()
    {
        List<AddressRange> units = [];
        foreach (AddressRange tdmr in _kernelTdmrs)
        {
            for (ulong start = tdmr.Start; start < tdmr.End; start += GiB)
                units.Add(AddressRange.Create(start, start + GiB));
        }

        bool join = _kernelTdmrs.Length > module.MaxTdmrs;
        for (int cuts = 0; cuts < 1 << (units.Count - 1); cuts++)
        {
            List<AddressRange> tdmrs = [units[0]];
            bool keepsKernelCuts = true;
            bool cutsElsewhere = false;
            for (int i = 1; i < units.Count; i++)
            {
                bool cut = (cuts & (1 << (i - 1))) != 0;
                bool kernelCut = Array.Exists(_kernelTdmrs, tdmr => tdmr.Start == units[i].Start);
                keepsKernelCuts &= cut || !kernelCut;
                cutsElsewhere |= cut && !kernelCut;
                if (cut)
                    tdmrs.Add(units[i]);
                else
                    tdmrs[^1] = AddressRange.Create(tdmrs[^1].Start, units[i].End);
            }

            if (tdmrs.Count <= module.MaxTdmrs && (join || keepsKernelCuts))
                yield return ([.. tdmrs], (cutsElsewhere ? 1 : 0) + (keepsKernelCuts ? 0 : 1));
        }
    }

    private (ulong Pages, int Changes)? Try(
        AddressRange[] tdmrs, AddressRange[] noHoles, bool merge, bool bySize, bool byNode)
    {
        LinuxPageAllocator allocator = new(host);
        List<AddressRange> chunks = [];
        ulong pages = 0;
        Dictionary<(int, int), ulong> wanted = [];
        for (int t = 0; t < tdmrs.Length; t++)
        {
            FirstBlockNodeLookup.Instance.TryGetNode(host, tdmrs[t], out int node);
            PamtSizes sizes = PamtSizes.Calculate(tdmrs[t].Size, module);
            pages += sizes.TotalPages;
            foreach (PageSize size in PageSizes.All)
            {
                (int, int) key = (byNode ? node : 10_000 + t, bySize ? (int)size : 0);
                wanted[key] = wanted.GetValueOrDefault(key) + (sizes[size] / 4096);
            }
        }

        foreach (((int group, int _), ulong count) in wanted)
        {
            int node = group;
            if (!byNode)
                FirstBlockNodeLookup.Instance.TryGetNode(host, tdmrs[group - 10_000], out node);
            if (!allocator.TryAllocate(count, host.FallbackOrder(node), out ulong address))
                return null;
            chunks.Add(AddressRange.Create(address, address + (count * 4096)));
        }

        foreach (AddressRange tdmr in tdmrs)
        {
            if (Areas(tdmr, noHoles, chunks, merge) > module.MaxReservedAreas)
                return null;
        }

        return (pages, (merge ? 1 : 0) + (bySize ? 1 : 0) + (byNode ? 1 : 0));
    }

    private int Areas(AddressRange tdmr, AddressRange[] noHoles, List<AddressRange> chunks, bool merge)
    {
        List<AddressRange> areas = [];
        ulong position = tdmr.Start;
        foreach (AddressRange memory in PlanCheck.Intersect([tdmr], noHoles))
        {
            if (memory.Start > position)
                areas.Add(AddressRange.Create(position, memory.Start));
            position = memory.End;
        }

        if (position < tdmr.End)
            areas.Add(AddressRange.Create(position, tdmr.End));
        areas.AddRange(chunks.Select(tdmr.Intersect).Where(static chunk => chunk.Size > 0));
        if (!merge)
            return areas.Count;
        AddressRange[] merged = PlanCheck.Normalize(areas);
        int count = merged.Length;
        for (int i = 1; i < merged.Length; i++)
        {
            if (!Array.Exists(_ram, ram => ram.Start < merged[i].Start && ram.End > merged[i - 1].End))
                count--;
        }

        return count;
    }

    private static AddressRange[] KernelTdmrs(HostMemory host)
    {
        List<AddressRange> tdmrs = [];
        foreach (MemoryRegion block in host.TdxMemoryBlocks)
        {
            ulong start = block.Range.Start / GiB * GiB;
            ulong end = (block.Range.End + GiB - 1) / GiB * GiB;
            if (tdmrs.Count > 0)
                start = Math.Max(start, tdmrs[^1].End);
            if (start < end)
                tdmrs.Add(AddressRange.Create(start, end));
        }

        return [.. tdmrs];
    }
}
