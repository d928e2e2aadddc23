namespace TdxPamt.Planning;

/// <summary>The units of a machine that TDMRs are put together from, with the RAM and the holes of each.</summary>
internal sealed class RamExclusionUnits
{
    private readonly AddressRange[] _holes;
    private readonly int[] _firstHole;
    private readonly int[] _holeEnd;
    private readonly ulong[] _gapRam;

    /// <param name="host">The machine.</param>
    /// <param name="holes">The holes, ascending.</param>
    /// <param name="split">Whether TDMRs may be split.</param>
    internal RamExclusionUnits(ReducedHost host, AddressRange[] holes, bool split)
    {
        Module = host.Module;
        _holes = holes;
        Ranges = split ? PartitionUnits.Create(host.KernelTdmrs, holes) : host.KernelTdmrs;
        Ram = Array.ConvertAll(Ranges, unit => host.RamBytes(unit));
        StartsTdmr = PartitionUnits.StartTdmrs(Ranges, host.KernelTdmrs);
        _firstHole = PartitionUnits.AreasBelowStart(Ranges, holes);
        _holeEnd = PartitionUnits.AreasBelowEnd(Ranges, holes);
        _gapRam = new ulong[Math.Max(0, holes.Length - 1)];
        for (int i = 0; i < _gapRam.Length; i++)
            _gapRam[i] = host.RamBytes(AddressRange.Create(holes[i].End, holes[i + 1].Start));
    }

    /// <summary>The limits, and what PAMTs cost.</summary>
    internal ModuleParameters Module { get; }

    /// <summary>The units, ascending.</summary>
    internal AddressRange[] Ranges { get; }

    /// <summary>How much RAM each has, in bytes.</summary>
    internal ulong[] Ram { get; }

    /// <summary>Whether each is the first of one of the kernel's TDMRs.</summary>
    internal bool[] StartsTdmr { get; }

    /// <summary>How many units there are.</summary>
    internal int Count => Ranges.Length;

    /// <summary>How many holes there are.</summary>
    internal int HoleCount => _holes.Length;

    /// <summary>The first hole that reaches into a unit or lies above it.</summary>
    internal int FirstHole(int unit) => _firstHole[unit];

    /// <summary>The first hole above a unit.</summary>
    internal int HoleEnd(int unit) => _holeEnd[unit];

    /// <summary>Takes more holes into a TDMR; false where even with all gaps closed there are too many.</summary>
    internal bool TryAddHoles(OpenGaps gaps, int from, int to)
    {
        for (int hole = from; hole < to; hole++)
        {
            if (gaps.HasHole)
                gaps.Add(_gapRam[hole - 1]);
            gaps.HasHole = true;
        }

        return !gaps.HasHole || Module.MaxReservedAreas > 0;
    }

    /// <summary>The gaps of a TDMR that are closed, ascending: all but the largest, one fewer than
    /// areas are allowed.</summary>
    internal IEnumerable<AddressRange> ClosedGaps(int first, int end)
    {
        int from = _firstHole[first];
        int gaps = Math.Max(from, _holeEnd[end - 1]) - from - 1;
        int tooMany = gaps - (Module.MaxReservedAreas - 1);
        return tooMany <= 0
            ? []
            : Enumerable.Range(from, gaps)
                .OrderBy(gap => _gapRam[gap])
                .Take(tooMany)
                .Select(gap => AddressRange.Create(_holes[gap].End, _holes[gap + 1].Start))
                .OrderBy(static gap => gap.Start);
    }
}
