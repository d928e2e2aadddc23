namespace TdxPamt;

/// <summary>Why the module must not use a reserved area.</summary>
public enum ReservedAreaSource
{
    /// <summary>No memory is there, or none that is convertible.</summary>
    Hole,

    /// <summary>The PAMTs of this or another TDMR are there.</summary>
    Pamt,
}
