using System.Buffers;
using System.Globalization;
using System.Text.Json;
using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>Simulation documents: writes the results of simulations of a host as JSON.</summary>
/// <remarks>The same report gives the same bytes. Without state, so safe for many threads.</remarks>
public static class SimulationDocument
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="report"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="ArgumentException">The report holds null elsewhere than in its failure.</exception>
    public static void Write(SimulationReport report, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(report, nameof(report));
        Preconditions.NotNull(output, nameof(output));
        report.ThrowIfNull();
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, report.Name);
        writer.WriteString("kernel"u8, report.Kernel.Name);
        if (report.Failure is { } failure)
        {
            writer.WriteString("status"u8, "failed"u8);
            JsonText.WriteError(writer, failure);
        }
        else
        {
            WriteResults(writer, report);
        }

        JsonText.WriteWarnings(writer, report.Warnings);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteResults(Utf8JsonWriter writer, SimulationReport report)
    {
        bool linuxAlone = report.Points.All(static point => point.Allocator == AllocatorPolicy.Linux)
            && report.Thresholds.All(static threshold => threshold.Allocator == AllocatorPolicy.Linux);
        writer.WriteNumber("trials"u8, report.Trials);
        writer.WriteNumber("seed"u8, report.Seed);
        if (!report.IsComplete)
            writer.WriteBoolean("complete"u8, false);
        writer.WriteStartArray("points"u8);
        foreach (SimulationPoint point in report.Points)
        {
            writer.WriteStartObject();
            if (!linuxAlone)
                writer.WriteString("allocator"u8, point.Allocator.Name);
            WritePoint(writer, point.Unmovable, point.Result);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (report.Thresholds.Count == 0)
            return;
        writer.WriteStartArray("thresholds"u8);
        foreach (SimulationThreshold threshold in report.Thresholds)
        {
            writer.WriteStartObject();
            if (!linuxAlone)
                writer.WriteString("allocator"u8, threshold.Allocator.Name);
            WriteThreshold(writer, threshold.Found);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePoint(Utf8JsonWriter writer, double unmovable, SimulationResult result)
    {
        writer.WriteNumber("unmovable"u8, unmovable);
        writer.WriteNumber("trials"u8, result.Trials);
        writer.WriteNumber("successes"u8, result.Success.Successes);
        writer.WriteNumber("probability"u8, result.Success.Value);
        writer.WriteNumber("low"u8, result.Success.Low);
        writer.WriteNumber("high"u8, result.Success.High);
        writer.WriteNumber("offNode"u8, result.OffNodeShare);
        writer.WritePropertyName("failuresByTdmr"u8);
        string failures = string.Join(
            ", ", result.FailuresByTdmr.Select(static count => count.ToString(CultureInfo.InvariantCulture)));
        writer.WriteRawValue($"[{failures}]", skipInputValidation: true);
    }

    private static void WriteThreshold(Utf8JsonWriter writer, UnmovableThreshold found)
    {
        writer.WriteNumber("level"u8, found.Level);
        writer.WriteNumber("unmovable"u8, found.Unmovable);
        writer.WriteNumber("low"u8, found.Low);
        writer.WriteNumber("high"u8, found.High);
        writer.WriteBoolean("reachable"u8, found.IsReachable);
        writer.WriteNumber("trialsPerPoint"u8, found.TrialsPerPoint);
        writer.WriteNumber("fractionsTried"u8, found.Points);
        writer.WriteBoolean("complete"u8, found.IsComplete);
    }
}
