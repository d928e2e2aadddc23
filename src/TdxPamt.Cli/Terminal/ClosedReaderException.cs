namespace TdxPamt.Cli;

/// <summary>Nobody reads standard output any more: there is nothing left to do.</summary>
internal sealed class ClosedReaderException() : IOException("stdout: nobody reads it");
