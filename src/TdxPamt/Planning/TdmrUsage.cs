namespace TdxPamt.Planning;

/// <summary>What uses the reserved areas of a TDMR, how many are left, and what would make it fit.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#tdmr_add_rsvd_area.</remarks>
public sealed record TdmrUsage
{
    internal TdmrUsage(int index, AddressRange range, ValueList<AreaUse> areas, int allowed)
    {
        Index = index;
        Range = range;
        Areas = areas;
        Allowed = allowed;
    }

    /// <summary>Its index among the TDMRs, from 0.</summary>
    public int Index { get; }

    /// <summary>The memory it covers.</summary>
    public AddressRange Range { get; }

    /// <summary>The areas that it needs, in ascending order; more than are allowed where it does not fit.</summary>
    public ValueList<AreaUse> Areas { get; }

    /// <summary>The maximum number of areas of a TDMR.</summary>
    public int Allowed { get; }

    /// <summary>How many areas are left; negative where there are too many, by that number.</summary>
    public int Left => Allowed - Areas.Count;

    /// <summary>How many areas are holes.</summary>
    public int Holes => Areas.Count(static area => area.Source == ReservedAreaSource.Hole);

    /// <summary>How many areas are PAMTs, its own or another TDMR's.</summary>
    public int Pamts => Areas.Count - Holes;

    /// <summary>The smallest holes without which it would fit, in ascending order: the machine without them was
    /// planned, and no TDMR there has too many areas. Their number is found by doubling and bisection; fewer can do
    /// where PAMTs then lie elsewhere. None where it fits, where holes are not the cause, or after 20 million
    /// comparisons for other TDMRs; the one that makes the kernel fail comes first.</summary>
    public ValueList<AddressRange> HolesToRemove { get; internal init; }

    /// <summary>Ranges with little RAM without which it would fit, because the holes around each become one, in
    /// ascending order; the whole TDMR where that is less RAM. The machine without them was planned, and no TDMR there
    /// has too many areas. None where it fits, where that does not help, or after 20 million comparisons.</summary>
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
