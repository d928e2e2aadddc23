namespace TdxPamt.Planning;

/// <summary>What a cover costs before its PAMTs are placed, the dearest first.</summary>
/// <param name="Pages">Pages of PAMTs.</param>
/// <param name="Tdmrs">TDMRs.</param>
/// <param name="MostAreas">Holes in the TDMR that has most.</param>
internal readonly record struct CoverCost(ulong Pages, int Tdmrs, int MostAreas)
{
    /// <summary>More than any cover costs.</summary>
    internal static CoverCost Infinite => new(ulong.MaxValue, int.MaxValue, int.MaxValue);

    public static CoverCost operator +(CoverCost left, CoverCost right) =>
        left == Infinite || right == Infinite
            ? Infinite
            : new(left.Pages + right.Pages, left.Tdmrs + right.Tdmrs, Math.Max(left.MostAreas, right.MostAreas));

    internal bool IsBelow(CoverCost other) => CompareTo(other) < 0;

    internal int CompareTo(CoverCost other) =>
        Pages != other.Pages ? Pages.CompareTo(other.Pages)
        : Tdmrs != other.Tdmrs ? Tdmrs.CompareTo(other.Tdmrs)
        : MostAreas.CompareTo(other.MostAreas);
}
