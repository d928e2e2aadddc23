namespace TdxPamt.Planning;

/// <summary>Tells combinations of strategies that cannot work from the number of TDMRs and holes alone.</summary>
internal sealed class PlanSieve
{
    private readonly PlanHost _host;
    private readonly bool _isConvertible;
    private readonly (int Tdmr, int GiB)?[] _mostHoles = new (int, int)?[2];

    internal PlanSieve(PlanHost host)
    {
        _host = host;
        _isConvertible = host.NotConvertible().Length == 0;
    }

    /// <summary>Whether a combination may work.</summary>
    internal bool MayWork(PlanStrategies strategies)
    {
        bool cmrHoles = strategies.Has(PlanStrategies.HolesFromCmrs);
        if (cmrHoles && _host.Memory.Cmrs.Count == 0)
            return false;
        if (strategies.Has(PlanStrategies.ExcludeRam))
            return true;
        if (!_isConvertible)
            return false;
        if (_host.KernelCover.Length > _host.Module.MaxTdmrs && !strategies.Has(PlanStrategies.JoinTdmrs))
            return false;
        // A PAMT may happen to fill the gap between two holes.
        if (strategies.Has(PlanStrategies.MergeAreas))
            return true;
        ref (int Tdmr, int GiB)? most = ref _mostHoles[cmrHoles ? 1 : 0];
        most ??= MostHoles(_host.Holes(cmrHoles, merged: false));
        int holes = strategies.Has(PlanStrategies.SplitTdmrs) ? most.Value.GiB : most.Value.Tdmr;
        return holes <= _host.Module.MaxReservedAreas;
    }

    private (int Tdmr, int GiB) MostHoles(AddressRange[] holes) =>
        (Most(_host.KernelCover, holes), Most(CoverUnits.Of(_host.KernelCover, holes), holes));

    private static int Most(AddressRange[] ranges, AddressRange[] holes)
    {
        int most = 0;
        foreach (AddressRange range in ranges)
        {
            int first = AddressRanges.FirstEndingAbove(holes, range.Start);
            int end = first;
            while (end < holes.Length && holes[end].Start < range.End)
                end++;
            most = Math.Max(most, end - first);
        }

        return most;
    }
}
