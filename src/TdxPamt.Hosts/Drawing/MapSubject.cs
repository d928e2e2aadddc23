using TdxPamt.Planning;

namespace TdxPamt.Hosts.Drawing;

/// <summary>The items that a map shows of a plan.</summary>
internal sealed class MapSubject
{
    private readonly List<MapItem> _items = [];
    private readonly Dictionary<ulong, int> _ranks = [];
    private AddressRange _lastHole;

    internal MapSubject(HostPlan plan)
    {
        Plan = plan;
        AddMemory(plan);
        if (plan.IsConstructed)
            AddTdmrs(plan.Tdmrs);
        else
            AddExplanation(LayoutExplanation.Create(plan.Host.Memory, plan.Kernel, plan.Module));
        Shown = Union(_items);
        AddHoles();
        Items = [.. _items.OrderBy(static item => item.Kind).ThenBy(static item => item.Range.Start)];
        foreach (MapItem item in Items)
        {
            Rank(item, item.Range.Start);
            Rank(item, item.Range.End);
        }
    }

    internal HostPlan Plan { get; }

    /// <summary>What to draw, ascending within a kind.</summary>
    internal MapItem[] Items { get; }

    /// <summary>The addresses where there is an item, ascending.</summary>
    internal AddressRange[] Shown { get; }

    internal IEnumerable<MapItem> Of(MapKind kind) => Items.Where(item => item.Kind == kind);

    /// <summary>The priority of an address among labels: 0 where a TDMR begins or ends, 1 where PAMTs do,
    /// else 2.</summary>
    internal int RankOf(ulong edge) => _ranks[edge];

    private void Rank(MapItem item, ulong edge)
    {
        int rank = item.Kind switch { MapKind.Tdmr => 0, MapKind.Pamt => 1, _ => 2 };
        _ranks[edge] = _ranks.TryGetValue(edge, out int other) ? Math.Min(rank, other) : rank;
    }

    private void AddMemory(HostPlan plan)
    {
        foreach (MemoryRegion region in plan.Host.Memory.Regions)
        {
            AddressRange range = region.Range;
            if (AddressRange.TryCreate(
                range.Start, Math.Min(range.End, HostMemory.TdxMemoryStart), out AddressRange low))
            {
                _items.Add(new(MapKind.LowRam, low, $"RAM of node {region.Node} below 1 MiB"));
            }

            if (AddressRange.TryCreate(
                Math.Max(range.Start, HostMemory.TdxMemoryStart), range.End, out AddressRange block))
            {
                bool refused =
                    plan.Failure is { Code: TdmrFailureCode.MemoryNotConvertible } failure && failure.Range == block;
                _items.Add(new(MapKind.Ram, block, $"RAM of node {region.Node}")
                {
                    IsMarked = refused,
                    Note = refused ? "not TDX convertible memory" : null,
                });
            }
        }

        for (int i = 0; i < plan.Host.Memory.Cmrs.Count; i++)
            _items.Add(new(MapKind.Cmr, plan.Host.Memory.Cmrs[i], $"CMR {i}", $"CMR {i}"));
    }

    private void AddTdmrs(ValueList<TdmrInfo> tdmrs)
    {
        int? refused = Plan.Verdict is { IsRejected: true } verdict ? verdict.Tdmr : null;
        for (int t = 0; t < tdmrs.Count; t++)
        {
            TdmrInfo tdmr = tdmrs[t];
            int areas = tdmr.ReservedAreas.Count;
            string note = $"node {tdmr.Node}, {areas} of {Plan.Module.MaxReservedAreas} reserved areas";
            AddTdmr(t, tdmr.Range, note, areas, t == refused ? "the module rejects it" : null);
            if (tdmr.HasPamtChunk)
                AddPamt(t, tdmr.PamtChunk, $"4K {tdmr.Pamt4K}, 2M {tdmr.Pamt2M}, 1G {tdmr.Pamt1G}");
            else
                AddPamts(t, tdmr);
            for (int i = 0; i < areas; i++)
            {
                ReservedArea area = tdmr.ReservedAreas[i];
                ulong start = tdmr.Base + area.Offset;
                AddArea(t, i, AddressRange.Create(start, start + area.Size), area.Source);
            }
        }
    }

    private void AddExplanation(LayoutExplanation explanation)
    {
        foreach (TdmrUsage tdmr in explanation.Tdmrs)
        {
            string note = $"{tdmr.Areas.Count} of {tdmr.Allowed} reserved areas";
            string? fault = tdmr.Left < 0 ? "reserved areas exhausted"
                : Plan.Failure is { Code: TdmrFailureCode.TdmrsExhausted } && tdmr.Index >= explanation.TdmrsAllowed
                    ? "one too many"
                : Plan.Failure is { Code: TdmrFailureCode.PamtAllocationFailed } && Plan.Failure.TdmrIndex == tdmr.Index
                    ? "no room for its PAMTs"
                : null;
            AddTdmr(tdmr.Index, tdmr.Range, note, tdmr.Areas.Count, fault);
            HashSet<AddressRange> toBlame = [.. tdmr.HolesToRemove];
            for (int i = 0; i < tdmr.Areas.Count; i++)
            {
                AreaUse area = tdmr.Areas[i];
                AddArea(tdmr.Index, i, area.Range, area.Source, toBlame.Contains(area.Whole));
            }
        }

        IEnumerable<AreaUse> pamts = explanation.Tdmrs
            .SelectMany(static tdmr => tdmr.Areas)
            .Where(static area => area.PamtsOf is not null);
        foreach (IGrouping<AddressRange, AreaUse> pamt in pamts.GroupBy(static area => area.Whole))
            AddPamt(pamt.First().PamtsOf!.Value, pamt.Key, note: null);
    }

    private void AddTdmr(int index, AddressRange range, string note, int areas, string? fault)
    {
        string name = $"TDMR {index}";
        string size = Quantities.Size(range.Size);
        string[] labels = fault is null
            ? [$"{name}: {size}, {areas} of {Plan.Module.MaxReservedAreas} areas", $"{name}: {size}", name, $"T{index}"]
            :
            [
                $"{name}: {size}, {areas} of {Plan.Module.MaxReservedAreas} areas: {fault.ToUpperInvariant()}",
                $"{name}: {fault.ToUpperInvariant()}", $"{name} FAILS", name, $"T{index}",
            ];
        _items.Add(new(MapKind.Tdmr, range, name, labels)
        {
            IsMarked = fault is not null,
            Note = fault is null ? note : $"{note}, {fault}",
        });
    }

    private void AddPamt(int index, AddressRange chunk, string? note)
    {
        string label = $"PAMTs {index}: {Quantities.Size(chunk.Size)}";
        _items.Add(new(MapKind.Pamt, chunk, $"PAMTs of TDMR {index}", label, $"P{index}") { Note = note });
    }

    private void AddPamts(int index, TdmrInfo tdmr)
    {
        foreach (PageSize size in PageSizes.All)
            AddPamt(index, tdmr.GetPamt(size).Range, $"for {size.Label()} pages");
    }

    private void AddArea(int tdmr, int index, AddressRange range, ReservedAreaSource source, bool isToBlame = false)
    {
        bool isHole = source == ReservedAreaSource.Hole;
        // A kernel that takes RAM outside the CMRs for holes may place PAMTs there: the hole has the label.
        bool isInHole = !isHole && _lastHole.Overlaps(range);
        if (isHole)
            _lastHole = range;
        _items.Add(new(
            isHole ? MapKind.ReservedHole : MapKind.ReservedPamt,
            range,
            $"reserved area {index} of TDMR {tdmr}",
            isInHole ? [] : [$"{index}"])
        {
            IsMarked = isToBlame,
            Note = isToBlame ? "a hole to blame: without those marked so the TDMR would fit"
                : isHole ? "a hole"
                : "PAMTs",
        });
    }

    /// <summary>Adds what is shown and is not RAM.</summary>
    private void AddHoles()
    {
        AddressRange[] ram = [.. Plan.Host.Memory.Regions.Select(static region => region.Range)];
        foreach (AddressRange hole in AddressRanges.Subtract(Shown, ram))
            _items.Add(new(MapKind.Hole, hole, "hole"));
    }

    /// <summary>All pages of items, which may overlap.</summary>
    private static AddressRange[] Union(List<MapItem> items)
    {
        List<AddressRange> union = [];
        foreach (AddressRange range in items.Select(static item => item.Range).OrderBy(static range => range.Start))
        {
            if (union.Count > 0 && range.Start <= union[^1].End)
                union[^1] = AddressRange.Create(union[^1].Start, Math.Max(union[^1].End, range.End));
            else
                union.Add(range);
        }

        return [.. union];
    }
}
