namespace TdxPamt.Planning;

/// <summary>What a cover costs before its PAMTs are placed, the dearest first.</summary>
/// <param name="Excess">Areas beyond the limit, in GiBs that cannot be split further.</param>
/// <param name="Pages">Pages of PAMTs.</param>
/// <param name="Tdmrs">TDMRs.</param>
/// <param name="MostAreas">Holes in the TDMR that has most.</param>
internal readonly record struct CoverCost(int Excess, ulong Pages, int Tdmrs, int MostAreas) : IComparable<CoverCost>
{
    /// <summary>More than any cover costs.</summary>
    internal static CoverCost Infinite => new(int.MaxValue, ulong.MaxValue, int.MaxValue, int.MaxValue);

    public static bool operator <(CoverCost left, CoverCost right) => left.CompareTo(right) < 0;

    public static bool operator >(CoverCost left, CoverCost right) => left.CompareTo(right) > 0;

    public static bool operator <=(CoverCost left, CoverCost right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CoverCost left, CoverCost right) => left.CompareTo(right) >= 0;

    public static CoverCost operator +(CoverCost left, CoverCost right) =>
        left == Infinite || right == Infinite
            ? Infinite
            : new(
                left.Excess + right.Excess,
                left.Pages + right.Pages,
                left.Tdmrs + right.Tdmrs,
                Math.Max(left.MostAreas, right.MostAreas));

    public int CompareTo(CoverCost other) =>
        Excess != other.Excess ? Excess.CompareTo(other.Excess)
        : Pages != other.Pages ? Pages.CompareTo(other.Pages)
        : Tdmrs != other.Tdmrs ? Tdmrs.CompareTo(other.Tdmrs)
        : MostAreas.CompareTo(other.MostAreas);
}
