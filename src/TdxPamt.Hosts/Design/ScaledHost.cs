using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Hosts;

/// <summary>A known machine with more or less memory; docs/planning.md#new-machines.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class ScaledHost
{
    /// <summary>Holes below this size keep it: firmware leaves them. Larger ones are gaps between sockets.</summary>
    private const ulong Gap = 1UL << 30;

    /// <summary>Scales a machine's memory, node by node. What lies below 4 GiB and holes of less than 1 GiB stay as
    /// they are, as do smaller ranges, and the starts of ranges behind larger holes as far as there is room.</summary>
    /// <param name="like">The machine; pages that are in use on it are left out.</param>
    /// <param name="memoryBytes">The memory that it is to have, in bytes: whole GiB, enough for the holes of each node
    /// and at most <see cref="HostDesign.MaxBytes"/>.</param>
    /// <param name="host">The machine with that memory, and kernel and module of the other one; or null.</param>
    /// <param name="problem">What does not fit together, with the legal interval, in one line without a full stop;
    /// null otherwise.</param>
    /// <returns>Whether it can be built.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="like"/> is null.</exception>
    public static bool TryCreate(
        HostDescription like,
        ulong memoryBytes,
        [NotNullWhen(true)] out HostDescription? host,
        [NotNullWhen(false)] out string? problem)
    {
        Preconditions.NotNull(like, nameof(like));
        host = null;
        LowMemory low = LowMemory.Of(like.Memory);
        ScaledPart[] parts = Parts(like.Memory);
        problem = parts.All(static part => part.Span < Gap)
            ? $"{like.Name} has no range of 1 GiB or more above 4 GiB to scale"
            : HostDesign.WhyNot(
                "memory", memoryBytes, SetSpans(parts, like.Memory, low, memoryBytes), HostDesign.MaxBytes);
        if (problem is not null)
            return false;
        Place(parts);
        if (parts[^1].End > AddressRange.Limit)
        {
            problem = $"{like.Name} with {Quantities.ExactSize(memoryBytes)} would end at 0x{parts[^1].End:x}, "
                + "and addresses end at 2^52";
            return false;
        }

        host = new($"{like.Name}-{HostDesign.Short(memoryBytes)}", Memory(like.Memory, low, parts))
        {
            Kernel = like.Kernel,
            Module = like.Module,
            LacksDynamicPamt = like.LacksDynamicPamt,
            MaxTds = like.MaxTds,
        };
        return true;
    }

    /// <summary>Gives each part its span: a node gets its share of the memory, less what is not scaled.</summary>
    /// <returns>The least memory that leaves room for all holes, in bytes.</returns>
    private static ulong SetSpans(ScaledPart[] parts, HostMemory memory, LowMemory low, ulong memoryBytes)
    {
        int first = memory.Regions[0].Node;
        decimal total = low.Size + parts.Sum(static part => (decimal)part.Span);
        decimal least = 0;
        foreach (IGrouping<int, ScaledPart> node in parts.GroupBy(static part => part.Node))
        {
            decimal above = node.Where(static part => part.Span >= Gap).Sum(static part => (decimal)part.Span);
            decimal share = ((node.Key == first ? low.Size : 0) + node.Sum(static part => (decimal)part.Span)) / total;
            decimal rest = (share * total) - above;
            decimal scaled = Math.Max(0, (share * memoryBytes) - rest);
            foreach (ScaledPart part in node)
            {
                part.ScaledSpan = part.Span < Gap ? part.Span
                    : (ulong)decimal.Round(part.Span / above * scaled / HostDesign.Step) * HostDesign.Step;
                if (part.Span >= Gap)
                    least = Math.Max(least, (rest + (Needed(part) / part.Span * above)) / share);
            }
        }

        return LowMemory.RoundUp((ulong)least);

        static decimal Needed(ScaledPart part) => part.Hole + (2 * HostDesign.Step);
    }

    private static ScaledPart[] Parts(HostMemory memory)
    {
        List<ScaledPart> parts = [];
        AddressRange[] high = [AddressRange.Create(LowMemory.End, AddressRange.Limit)];
        (AddressRange Range, int Node)[] ranges =
        [
            .. memory.Regions.SelectMany(region => AddressRanges.Intersect([region.Range], high)
                .Select(range => (range, region.Node))),
        ];
        for (int i = 0; i < ranges.Length; i++)
        {
            AddressRange range = ranges[i].Range;
            ulong end = LowMemory.RoundUp(range.End);
            if (i + 1 < ranges.Length && ranges[i + 1].Range.Start - range.End < Gap)
                end = ranges[i + 1].Range.Start;
            bool isJoined = i > 0 && range.Start - ranges[i - 1].Range.End < Gap;
            parts.Add(new(range, ranges[i].Node, end - range.Start, isJoined));
        }

        return [.. parts];
    }

    private static void Place(ScaledPart[] parts)
    {
        ulong free = LowMemory.End;
        foreach (ScaledPart part in parts)
        {
            part.Start = part.IsJoined ? free : Math.Max(free, part.Range.Start);
            free = part.Start + part.ScaledSpan;
        }
    }

    private static HostMemory Memory(HostMemory like, LowMemory low, ScaledPart[] parts)
    {
        AddressRange[] lowest = [AddressRange.Create(0, LowMemory.End)];
        IEnumerable<MemoryRegion> below = like.Regions.SelectMany(region =>
            AddressRanges.Intersect([region.Range], lowest).Select(range => new MemoryRegion(range, region.Node)));
        IEnumerable<MemoryRegion> above =
            parts.Select(static part => new MemoryRegion(AddressRange.Create(part.Start, part.End), part.Node));
        AddressRange[] high = [AddressRange.Create(LowMemory.End, AddressRange.Limit)];
        IEnumerable<AddressRange> highCmrs = like.Cmrs.Count == 0
            ? above.Select(static region => region.Range)
            : AddressRanges.Intersect(like.Cmrs.Span, high)
                .Select(cmr => (Start: Map(cmr.Start, parts), End: Map(cmr.End, parts)))
                .Where(static cmr => cmr.Start < cmr.End)
                .Select(static cmr => AddressRange.Create(cmr.Start, cmr.End));
        int nodes = like.Nodes.Count == 0 ? 0 : like.Nodes[^1] + 1;
        NodeFallback fallback = NodeFallback.Create(
            Enumerable.Range(0, nodes).Select(node => like.FallbackOrder(node).ToArray()));
        return HostMemory.Create(below.Concat(above), low.Cmrs.Concat(highCmrs), fallback: fallback);
    }

    /// <summary>Where an address is in the scaled machine; what lies before the first part stays.</summary>
    private static ulong Map(ulong address, ScaledPart[] parts)
    {
        int part = Array.FindLastIndex(parts, part => part.Range.Start <= address);
        if (part < 0)
            return address;
        ulong mapped = parts[part].Map(address);
        return part + 1 < parts.Length ? Math.Min(mapped, parts[part + 1].Start) : Math.Min(mapped, AddressRange.Limit);
    }
}
