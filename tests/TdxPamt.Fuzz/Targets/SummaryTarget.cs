using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;

namespace TdxPamt.Fuzz.Targets;

/// <summary>Summaries as JSON, to be shown, drawn and added up.</summary>
internal sealed class SummaryTarget : Target
{
    internal override string Name => "summary";

    internal override byte[] Make(Chance chance) => Mutator.Mutate(Corpus.Summary, [Corpus.Summary], chance);

    internal override void Try(byte[] input)
    {
        FleetSummary summary;
        try
        {
            summary = SummaryDocument.Parse(input, Law.File);
        }
        catch (HostFormatException refusal)
        {
            Law.IsRefusal(refusal);
            return;
        }

        byte[] written = Law.WritesJson(buffer => SummaryDocument.Write(summary, buffer)).ToArray();
        FleetSummary again = SummaryDocument.Parse(written, Law.File);
        Law.Holds(
            Law.WritesJson(buffer => SummaryDocument.Write(again, buffer)).SequenceEqual(written),
            "a summary that was read is the one that was written");
        again.Add(summary);
        Law.Holds(again.Hosts == 2 * summary.Hosts, "sums have the hosts of both");
        FleetChart.Write(again, Stream.Null);
    }
}
