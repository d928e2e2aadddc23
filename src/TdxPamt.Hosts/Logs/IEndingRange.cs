namespace TdxPamt.Hosts;

/// <summary>A range of bytes that can be searched for by its end.</summary>
internal interface IEndingRange
{
    /// <summary>The first byte after it.</summary>
    ulong End { get; }
}
