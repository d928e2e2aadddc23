namespace TdxPamt.Planning;

/// <summary>What uses a reserved area of a TDMR.</summary>
/// <param name="Range">The addresses it reserves.</param>
/// <param name="Whole">The whole hole or chunk of PAMTs, which may reach beyond the TDMR.</param>
/// <param name="Source">Whether that is a hole or PAMTs.</param>
/// <param name="PamtsOf">The index of the TDMR whose PAMTs they are; null for a hole.</param>
/// <remarks>Immutable; <c>default</c> is an empty hole.</remarks>
public readonly record struct AreaUse(
    AddressRange Range, AddressRange Whole, ReservedAreaSource Source, int? PamtsOf)
{
    /// <summary>The use: <c>hole [0x0, 0x100000)</c>, or <c>PAMTs of TDMR 1 [0x100000000, 0x10f852000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => PamtsOf is { } tdmr ? $"PAMTs of TDMR {tdmr} {Range}" : $"hole {Range}";
}
