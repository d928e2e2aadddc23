namespace TdxPamt.Tests.Support;

/// <summary>The pipeline from RAM to reserved areas, in nested loops over bare numbers.</summary>
internal static class PipelineModel
{
    private const ulong GiB = 1UL << 30;

    public static ModelAnswer Run(ModelHost host, ModelModule module, string kernel, IModelAllocator allocator)
    {
        bool testsConvertible = kernel is "v5" or "cmr-holes" || (kernel is "cmr-holes-2024" && host.Cmrs.Length == 0);
        string exhausted = kernel is "v5" ? "E2BIG" : "ENOSPC";

        // Memory blocks.
        List<(ulong Start, ulong End, int Node)> blocks = [];
        foreach ((ulong start, ulong end, int node) in host.Ram())
        {
            if (end > 0x100000)
                blocks.Add((Math.Max(start, 0x100000), end, node));
        }

        if (blocks.Count == 0)
            return new ModelAnswer { Code = "NoTdxMemory", Errno = "EINVAL" };

        // Convertible?
        if (testsConvertible)
        {
            foreach ((ulong start, ulong end, _) in blocks)
            {
                bool inside = false;
                foreach ((ulong cmrStart, ulong cmrEnd) in host.Cmrs)
                    inside |= start >= cmrStart && end <= cmrEnd;
                if (!inside)
                {
                    return new ModelAnswer
                    {
                        Code = "MemoryNotConvertible",
                        Errno = "EINVAL",
                        Message = $"memory region [0x{start:x}, 0x{end:x}) is not TDX convertible memory",
                        FailedAt = (start, end),
                    };
                }
            }
        }

        // Cover.
        List<ModelTdmr> tdmrs = [];
        foreach ((ulong start, ulong end, _) in blocks)
        {
            ulong low = start / GiB * GiB;
            ulong high = (end + GiB - 1) / GiB * GiB;
            if (tdmrs.Count > 0)
            {
                ModelTdmr last = tdmrs[^1];
                if (low >= last.Start && high <= last.End)
                    continue;
                if (low < last.End)
                    low = last.End;
            }

            tdmrs.Add(new ModelTdmr { Start = low, End = high });
        }

        if (tdmrs.Count > module.MaxTdmrs)
        {
            return new ModelAnswer
            {
                Code = "TdmrsExhausted",
                Errno = exhausted,
                Message = "TDMRs exhausted",
                Tdmr = module.MaxTdmrs,
                Needed = tdmrs.Count,
                Allowed = module.MaxTdmrs,
            };
        }

        // Nodes and PAMTs.
        for (int i = 0; i < tdmrs.Count; i++)
        {
            ModelTdmr tdmr = tdmrs[i];
            for (int b = blocks.Count - 1; b >= 0; b--)
            {
                if (blocks[b].End > tdmr.Start)
                    tdmr.Node = blocks[b].Node;
            }

            ulong size = tdmr.End - tdmr.Start;
            ulong bytes4K = module.Dynamic
                ? (size / 4096 * (ulong)module.BitmapBits + 7) / 8
                : size / 4096 * (ulong)module.Entry4K;
            tdmr.Size4K = Pages(bytes4K) * 4096;
            tdmr.Size2M = Pages(size / (2 << 20) * (ulong)module.Entry2M) * 4096;
            tdmr.Size1G = Pages(size / GiB * (ulong)module.Entry1G) * 4096;
            if (allocator.Allocate(tdmr.ChunkPages, host.FallbackOrder(tdmr.Node)) is not { } address)
            {
                for (int k = 0; k < i; k++)
                    allocator.Free(tdmrs[k].Chunk, tdmrs[k].ChunkPages);
                return new ModelAnswer
                {
                    Code = "PamtAllocationFailed",
                    Errno = "ENOMEM",
                    Tdmr = i,
                    FailedAt = (tdmr.Start, tdmr.End),
                    Needed = (long)tdmr.ChunkPages,
                };
            }

            tdmr.Chunk = address;
        }

        // Reserved areas.
        for (int i = 0; i < tdmrs.Count; i++)
        {
            ModelTdmr tdmr = tdmrs[i];
            List<(ulong Start, ulong End)> memory = [];
            if (kernel is "cmr-holes" or "cmr-holes-2024")
            {
                memory.AddRange(host.Cmrs);
            }
            else
            {
                foreach ((ulong start, ulong end, _) in blocks)
                    memory.Add((start, end));
            }

            foreach ((ulong start, ulong end) in HolesOf(tdmr, memory))
                tdmr.Areas.Add((start - tdmr.Start, end - start, "hole"));
            foreach (ModelTdmr other in tdmrs)
            {
                ulong start = Math.Max(tdmr.Start, other.Chunk);
                ulong end = Math.Min(tdmr.End, other.Chunk + other.ChunkPages * 4096);
                if (start < end)
                    tdmr.Areas.Add((start - tdmr.Start, end - start, "pamt"));
            }

            tdmr.Areas.Sort(static (left, right) => left.Offset != right.Offset
                ? left.Offset.CompareTo(right.Offset)
                : string.CompareOrdinal(left.Source, right.Source));
            if (tdmr.Areas.Count > module.MaxReserved)
            {
                foreach (ModelTdmr allocated in tdmrs)
                    allocator.Free(allocated.Chunk, allocated.ChunkPages);
                return new ModelAnswer
                {
                    Code = "ReservedAreasExhausted",
                    Errno = exhausted,
                    Message = $"TDMR [0x{tdmr.Start:x}, 0x{tdmr.End:x}): reserved areas exhausted",
                    Tdmr = i,
                    FailedAt = (tdmr.Start, tdmr.End),
                    Needed = tdmr.Areas.Count,
                    Allowed = module.MaxReserved,
                    AreasOfTheFailed = tdmr.Areas,
                };
            }
        }

        return new ModelAnswer { Tdmrs = tdmrs };
    }

    /// <summary>Every stretch between neighbouring borders that no memory holds, neighbours joined.</summary>
    private static List<(ulong Start, ulong End)> HolesOf(ModelTdmr tdmr, List<(ulong Start, ulong End)> memory)
    {
        SortedSet<ulong> borders = [tdmr.Start, tdmr.End];
        foreach ((ulong start, ulong end) in memory)
        {
            if (start > tdmr.Start && start < tdmr.End)
                borders.Add(start);
            if (end > tdmr.Start && end < tdmr.End)
                borders.Add(end);
        }

        List<(ulong Start, ulong End)> holes = [];
        ulong from = tdmr.Start;
        foreach (ulong to in borders)
        {
            bool isMemory = false;
            foreach ((ulong start, ulong end) in memory)
                isMemory |= from >= start && to <= end;
            if (from < to && !isMemory)
            {
                if (holes.Count > 0 && holes[^1].End == from)
                    holes[^1] = (holes[^1].Start, to);
                else
                    holes.Add((from, to));
            }

            from = to;
        }

        return holes;
    }

    private static ulong Pages(ulong bytes) => (bytes + 4095) / 4096;
}
