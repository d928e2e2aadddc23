using System.Buffers;
using System.Text.Json;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>Comparison documents: writes as JSON what each kernel and strategy makes of a host.</summary>
/// <remarks>Addresses and sizes are hex strings, counts are numbers; the same comparison gives the same bytes. Without
/// state, so safe for many threads.</remarks>
public static class ComparisonDocument
{
    /// <summary>Writes a comparison.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="comparison"/> or <paramref name="output"/>
    /// is null.</exception>
    public static void Write(HostComparison comparison, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(comparison, nameof(comparison));
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, comparison.Host.Name);
        writer.WriteStartArray("candidates"u8);
        foreach (PlanCandidate candidate in comparison.Plans.Candidates)
            WriteCandidate(writer, candidate, comparison);
        writer.WriteEndArray();
        if (comparison.Plans.Recommended is { } recommended)
            writer.WriteNumber("recommended"u8, recommended);
        else
            writer.WriteNull("recommended"u8);
        JsonText.WriteText(writer, "sentence"u8, comparison.Plans.Sentence);
        if (comparison.Headroom.Count > 0)
            WriteHeadroom(writer, comparison.Headroom);
        JsonText.WriteUnknown(writer, comparison.Host.Unknown);
        JsonText.WriteActions(writer, comparison.FindActions());
        JsonText.WriteWarnings(writer, comparison.Warnings);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteCandidate(Utf8JsonWriter writer, PlanCandidate candidate, HostComparison comparison)
    {
        writer.WriteStartObject();
        writer.WriteString("kernel"u8, candidate.Kernel.Name);
        writer.WriteString("strategy"u8, candidate.Strategies.Name());
        writer.WriteString("status"u8, candidate.NeedsCmrs ? "unknown"u8
            : candidate.Plan is null ? "failed"u8
            : "constructed"u8);
        if (candidate.Plan is { } plan)
        {
            writer.WriteString(
                "module"u8,
                candidate.IsAcceptable && plan.Verdict.IsAccepted ? "accepted"u8
                    : plan.IsAcceptable ? "unknown"u8
                    : "rejected"u8);
            if (candidate.Problem is { } problem)
                JsonText.WriteText(writer, "message"u8, problem);
            writer.WriteNumber("pamtPages"u8, plan.PamtPages);
            writer.WriteNumber("pamtKiB"u8, plan.PamtKiB);
            writer.WriteNumber("tdmrs"u8, plan.Tdmrs.Count);
            writer.WriteNumber("mostReservedAreas"u8, plan.MaxReservedAreasUsed);
            JsonText.WriteExcludedRam(writer, plan.ExcludedRam);
        }
        else if (candidate.NeedsCmrs)
        {
            writer.WriteString("message"u8, candidate.Problem);
        }
        else
        {
            JsonText.WriteError(writer, candidate.Failure!);
            HostMemory memory = comparison.Host.Memory;
            if (candidate.Strategies == PlanStrategies.None)
                WriteExplanation(writer, LayoutExplanation.Create(memory, candidate.Kernel, comparison.Module));
        }

        writer.WriteEndObject();
    }

    private static void WriteExplanation(Utf8JsonWriter writer, LayoutExplanation explanation)
    {
        writer.WriteStartArray("tdmrsNeeded"u8);
        foreach (TdmrUsage tdmr in explanation.Tdmrs)
        {
            writer.WriteStartObject();
            JsonText.WriteExtent(writer, tdmr.Range.Start, tdmr.Range.Size);
            writer.WriteNumber("holes"u8, tdmr.Holes);
            writer.WriteNumber("pamts"u8, tdmr.Pamts);
            writer.WriteNumber("left"u8, tdmr.Left);
            if (tdmr.HolesToRemove.Count > 0)
                JsonText.WriteRanges(writer, "holesToRemove"u8, tdmr.HolesToRemove);
            if (tdmr.RamToExclude.Count > 0)
                JsonText.WriteRanges(writer, "ramToGiveUp"u8, tdmr.RamToExclude);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteHeadroom(Utf8JsonWriter writer, ValueList<HeadroomRow> rows)
    {
        writer.WriteStartArray("headroom"u8);
        foreach (HeadroomRow row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("kernel"u8, row.Kernel.Name);
            writer.WriteString("resource"u8, row.Resource switch
            {
                HeadroomResource.Holes => "holes"u8,
                HeadroomResource.Nodes => "nodes"u8,
                _ => "GiB"u8,
            });
            writer.WriteNumber("used"u8, row.Used);
            writer.WriteNumber("allowed"u8, row.Allowed);
            writer.WriteNumber("left"u8, row.Left);
            if (row.Tdmr is { } tdmr)
            {
                writer.WriteStartObject("tdmr"u8);
                JsonText.WriteExtent(writer, tdmr.Start, tdmr.Size);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
