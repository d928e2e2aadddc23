namespace TdxPamt.Hosts.Report;

/// <summary>A reserved area as a report shows it.</summary>
/// <param name="Range">The addresses it reserves.</param>
/// <param name="Cause">What is there.</param>
internal readonly record struct ReportArea(AddressRange Range, string Cause);
