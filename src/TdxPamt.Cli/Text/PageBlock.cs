namespace TdxPamt.Cli;

/// <summary>A part of a <see cref="Page"/>: a <see cref="PageLine"/> or a <see cref="PageTable"/>.</summary>
internal abstract class PageBlock;
