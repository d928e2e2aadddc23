namespace TdxPamt.Planning;

/// <summary>What the reserved areas of a TDMR are used by, how far it is from the limit, and what would make it fit.
/// </summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record TdmrUsage
{
    internal TdmrUsage(int index, AddressRange range, ValueList<AreaUse> areas, int allowed)
    {
        Index = index;
        Range = range;
        Areas = areas;
        Allowed = allowed;
    }

    /// <summary>Its position among the TDMRs.</summary>
    public int Index { get; }

    /// <summary>The memory it covers.</summary>
    public AddressRange Range { get; }

    /// <summary>The areas that it needs, in ascending order; more than are allowed where it does not fit.</summary>
    public ValueList<AreaUse> Areas { get; }

    /// <summary>How many areas a TDMR can have.</summary>
    public int Allowed { get; }

    /// <summary>How many areas are left; below 0 where there are that many too many.</summary>
    public int Left => Allowed - Areas.Count;

    /// <summary>How many areas are holes.</summary>
    public int Holes => Areas.Count(static area => area.Source == ReservedAreaSource.Hole);

    /// <summary>How many areas are PAMTs, its own or another TDMR's.</summary>
    public int Pamts => Areas.Count - Holes;

    /// <summary>Where it does not fit: the fewest holes, and among them the smallest, without which it would; in
    /// ascending order. Verified by planning the machine without them. None where it fits, or where no holes are to
    /// blame.</summary>
    public ValueList<AddressRange> HolesToRemove { get; internal init; }

    /// <summary>Where it does not fit: the ranges with the least RAM that would have to become holes too, so that the
    /// holes around them are one; or all of the TDMR where that is no help. In ascending order.</summary>
    public ValueList<AddressRange> RamToExclude { get; internal init; }

    /// <summary>The usage in a sentence without a full stop.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string text = $"TDMR {Range} needs {Areas.Count} of {Allowed} reserved areas, "
            + $"{Holes} for holes and {Pamts} for PAMTs";
        if (HolesToRemove.Count > 0)
            text += $"; it would fit without {(HolesToRemove.Count == 1 ? "the hole" : "the holes")} {HolesToRemove}";
        if (RamToExclude.Count > 0)
            text += $"{(HolesToRemove.Count > 0 ? ", or" : "; it would fit")} with {RamToExclude} excluded";
        return text;
    }
}
