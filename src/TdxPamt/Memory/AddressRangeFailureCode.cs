namespace TdxPamt;

/// <summary>Why two addresses make no range.</summary>
public enum AddressRangeFailureCode
{
    /// <summary>The end is below the start.</summary>
    EndsBeforeStart = 1,

    /// <summary>The end is the start.</summary>
    Empty = 2,

    /// <summary>The end is above <see cref="AddressRange.Limit"/>.</summary>
    AboveLimit = 3,

    /// <summary>One of the addresses is no multiple of 4096.</summary>
    NotWholePages = 4,
}
