namespace TdxPamt.Simulation;

/// <summary>The largest run of free pages that each trial had before PAMTs were allocated, over all trials.</summary>
/// <param name="MinBytes">The smallest of them, in bytes; 0 without trials.</param>
/// <param name="MeanBytes">Their mean, in bytes; 0 without trials.</param>
/// <param name="MaxBytes">The largest of them, in bytes; 0 without trials.</param>
/// <remarks>A run lies in one zone. Immutable; <c>default</c> is that of no trials.</remarks>
public readonly record struct LargestRuns(ulong MinBytes, double MeanBytes, ulong MaxBytes);
