using System.CommandLine;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>The options that sum many hosts up, or give each of them a row.</summary>
internal sealed class FleetForm
{
    private readonly Option<bool> _csv = new("--csv") { Description = "One row a host, with a header." };

    private readonly Option<bool> _summary = new("--summary")
    {
        Description = "Only counts by status and cause, and percentiles; with --format text or json.",
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(_csv);
        command.Options.Add(_summary);
    }

    internal bool IsCsv(ParseResult parsed) => parsed.GetValue(_csv);

    internal bool IsSummary(ParseResult parsed) => parsed.GetValue(_summary);

    /// <summary>Whether a file is a drawing by its name.</summary>
    internal static bool IsChart(string? file) =>
        file is not null && file.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why options do not go together; null where they do.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isNdjson">Whether inputs are streams.</param>
    /// <param name="format">The format; null where none was asked for.</param>
    /// <param name="isSummed">Whether the hosts are summed up.</param>
    internal string? Contradiction(ParseResult parsed, bool isNdjson, string? format, bool isSummed) =>
        IsCsv(parsed) && IsSummary(parsed) ? "--csv and --summary exclude one another"
        : IsCsv(parsed) && format is not null ? "--csv is a format of its own, so --format does not apply"
        : isSummed && format is not (null or "text" or "json") ? "--summary is text or json"
        : isNdjson && format is not null && !isSummed ? Parse.LinesHaveNoFormat
        : null;

    /// <summary>Writes a summary as text or JSON.</summary>
    internal static void Write(Terminal terminal, FleetSummary summary, bool isJson, string? output)
    {
        if (isJson)
            terminal.Write(
                JsonAnswers.Create([summary], static (it, buffer) => SummaryDocument.Write(it, buffer)), output);
        else
            terminal.Write(SummaryText.Create(summary), output);
    }
}
