namespace TdxPamt.Module;

/// <summary>Why a region's pair of pages could not be added or removed.</summary>
/// <param name="Region">The address of the 2M region, in bytes.</param>
/// <param name="Status">The module's status; success where no page was left and the module was not called.</param>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record DynamicPamtFailure(ulong Region, CompletionStatus Status)
{
    /// <summary>Whether the page source had no page left.</summary>
    public bool IsOutOfPages => Status.IsSuccess;

    /// <summary>The region and the reason.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsOutOfPages
        ? $"2M region 0x{Region:x}: no pages left for its PAMT entries"
        : $"2M region 0x{Region:x}: {Status}";
}
