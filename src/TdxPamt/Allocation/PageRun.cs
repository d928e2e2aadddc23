namespace TdxPamt;

/// <summary>Pages in a row, by page frame number, half-open.</summary>
internal readonly record struct PageRun(ulong Start, ulong End)
{
    internal ulong Length => End - Start;
}
