namespace TdxPamt.Hosts.Drawing;

/// <summary>Says in which node's band a stretch of addresses is drawn: RAM in its node's; what is no RAM beside RAM of
/// the same TDMR, if it can be, the RAM before it first.</summary>
/// <remarks>Asked for stretches in ascending order.</remarks>
internal sealed class MapNodes(MapSubject subject)
{
    private readonly ValueList<MemoryRegion> _regions = subject.Plan.Host.Memory.Regions;
    private readonly AddressRange[] _tdmrs = [.. subject.Of(MapKind.Tdmr).Select(static tdmr => tdmr.Range)];
    private int _region;
    private int _tdmr;

    internal int NodeOf(AddressRange stretch)
    {
        while (_region < _regions.Count && _regions[_region].Range.End <= stretch.Start)
            _region++;
        while (_tdmr < _tdmrs.Length && _tdmrs[_tdmr].End <= stretch.Start)
            _tdmr++;
        MemoryRegion? before = _region > 0 ? _regions[_region - 1] : null;
        MemoryRegion? after = _region < _regions.Count ? _regions[_region] : null;
        if (after?.Range.Overlaps(stretch) == true)
            return after.Value.Node;
        AddressRange tdmr = _tdmr < _tdmrs.Length && _tdmrs[_tdmr].Overlaps(stretch) ? _tdmrs[_tdmr] : stretch;
        if (before?.Range.Overlaps(tdmr) != true && after?.Range.Overlaps(tdmr) == true)
            return after.Value.Node;
        return (before ?? after)?.Node ?? 0;
    }
}
