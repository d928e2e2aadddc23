namespace TdxPamt.Hosts;

/// <summary>A range of bytes that ends somewhere.</summary>
internal interface IEndingRange
{
    /// <summary>The first byte after it.</summary>
    ulong End { get; }
}
