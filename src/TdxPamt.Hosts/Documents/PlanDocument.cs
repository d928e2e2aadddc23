using System.Buffers;
using System.Text.Json;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>Plan documents: writes a plan as JSON, and reads its TDMRs back for the TDX module to judge.</summary>
/// <remarks>Addresses and sizes are hex strings, counts are numbers; the same plan gives the same bytes. Without state,
/// so safe for many threads.</remarks>
public static class PlanDocument
{
    private const int MaxObjects = 1 << 17;

    /// <summary>Writes a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> or <paramref name="output"/>
    /// is null.</exception>
    public static void Write(HostPlan plan, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        Write(plan, writer);
        writer.Flush();
    }

    /// <summary>Writes a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="writer">Where to write the object.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> or <paramref name="writer"/>
    /// is null.</exception>
    public static void Write(HostPlan plan, Utf8JsonWriter writer) => Write(plan, writer, withActions: true);

    /// <summary>Writes a plan; in a stream without what to do, which takes far longer to find than a plan.</summary>
    internal static void Write(HostPlan plan, Utf8JsonWriter writer, bool withActions)
    {
        Preconditions.NotNull(plan, nameof(plan));
        Preconditions.NotNull(writer, nameof(writer));
        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, plan.Host.Name);
        writer.WriteString("kernel"u8, plan.Kernel.Name);
        if (plan.KernelReason is { } reason)
            writer.WriteString("kernelReason"u8, reason);
        if (plan.Strategies != PlanStrategies.None)
            writer.WriteString("strategy"u8, plan.Strategies.Name());
        writer.WriteString("status"u8, StatusName(plan));
        if (plan.IsConstructed)
        {
            writer.WriteNumber("pamtPages"u8, plan.PamtPages);
            writer.WriteNumber("pamtKiB"u8, plan.PamtKiB);
            JsonText.WriteExcludedRam(writer, plan.ExcludedRam);
        }

        JsonText.WriteHex(writer, "ram"u8, plan.Host.Memory.TdxMemoryBytes);
        writer.WriteString("evidence"u8, EvidenceName(plan.Host.Evidence));
        writer.WriteBoolean("dynamicPamt"u8, plan.Module.DynamicPamt);
        if (plan.Host.KernelVersion is { } kernelVersion)
            JsonText.WriteText(writer, "kernelVersion"u8, kernelVersion);
        if (plan.Host.ModuleVersion is { } moduleVersion)
            JsonText.WriteText(writer, "moduleVersion"u8, moduleVersion);
        if (plan.Host.IsIncomplete)
            WriteMissing(writer);
        JsonText.WriteRanges(writer, "cmrs"u8, plan.Host.Memory.Cmrs);
        JsonText.WriteUnknown(writer, plan.Host.Unknown);
        if (plan.UnknownBecause is { } because)
            writer.WriteString("unknownBecause"u8, because);
        if (plan.Module != ModuleParameters.Default)
            JsonText.WriteModule(writer, plan.Module);
        if (plan.IsConstructed)
            WriteTdmrs(writer, plan.Tdmrs);
        if (plan.Failure is { } failure && !plan.Host.IsIncomplete)
            JsonText.WriteError(writer, failure);
        if (plan.Verdict.Answer is ModuleAnswer.Accepted or ModuleAnswer.Rejected)
        {
            writer.WriteStartObject("check"u8);
            VerdictDocument.WriteMembers(plan.Verdict, writer);
            writer.WriteEndObject();
        }

        if (plan.Host.Reported is { } reported)
            WriteReported(writer, reported, plan);
        if (withActions)
            JsonText.WriteActions(writer, plan.FindActions());
        JsonText.WriteWarnings(writer, plan.Warnings, always: true);
        writer.WriteEndObject();
    }

    /// <summary>Reads the TDMRs and CMRs of a plan document, or of one written by hand in its shape. Other properties
    /// are ignored.</summary>
    /// <param name="utf8Json">The document in UTF-8, with or without a byte order mark, below 32 MiB.</param>
    /// <param name="fileName">The file's name, for messages and where the document has no name.</param>
    /// <param name="line">The line that the document is on, from 1, where a file has one per line;
    /// null otherwise.</param>
    /// <returns>The TDMRs as given, whatever their number, and the CMRs, at most 32. The document of a plan that failed
    /// has none, and <see cref="TdmrSet.Failure"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> is null.</exception>
    /// <exception cref="HostFormatException">It is not such a document; the message names the property.</exception>
    public static TdmrSet Parse(ReadOnlySpan<byte> utf8Json, string fileName, long? line = null)
    {
        Preconditions.NotNull(fileName, nameof(fileName));
        if (utf8Json.Length >= HostDocument.MaxBytes)
            throw HostDocument.TooLarge(fileName, line);
        ReadOnlySpan<byte> document = JsonInput.SkipByteOrderMark(utf8Json);
        Utf8JsonReader reader = new(document);
        try
        {
            JsonInput.CheckSize(document, MaxObjects);
            return TdmrSetShape.Read(ref reader).ToSet(fileName);
        }
        catch (Exception exception) when (JsonRefusal.IsOf(exception))
        {
            throw JsonRefusal.Create(fileName, line, linesBefore: 0, exception, document, reader.TokenStartIndex);
        }
    }

    private static ReadOnlySpan<byte> StatusName(HostPlan plan) =>
        plan.Host.IsIncomplete ? "incomplete"u8 : plan.IsConstructed ? "constructed"u8 : "failed"u8;

    private static void WriteMissing(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("missing"u8);
        writer.WriteStringValue("memory map"u8);
        writer.WriteEndArray();
    }

    internal static ReadOnlySpan<byte> EvidenceName(MemoryEvidence evidence) => evidence switch
    {
        MemoryEvidence.NodeRanges => "nodeRanges"u8,
        MemoryEvidence.E820WithSrat => "e820WithSrat"u8,
        MemoryEvidence.E820 => "e820"u8,
        MemoryEvidence.Iomem => "iomem"u8,
        MemoryEvidence.Cmrs => "cmrs"u8,
        MemoryEvidence.None => "none"u8,
        _ => "document"u8,
    };

    private static void WriteTdmrs(Utf8JsonWriter writer, ValueList<TdmrInfo> tdmrs)
    {
        writer.WriteStartArray("tdmrs"u8);
        foreach (TdmrInfo tdmr in tdmrs)
        {
            writer.WriteStartObject();
            JsonText.WriteExtent(writer, tdmr.Base, tdmr.Size);
            writer.WriteNumber("node"u8, tdmr.Node);
            writer.WriteStartObject("pamt"u8);
            WritePamt(writer, "4K"u8, tdmr.Pamt4K);
            WritePamt(writer, "2M"u8, tdmr.Pamt2M);
            WritePamt(writer, "1G"u8, tdmr.Pamt1G);
            writer.WriteEndObject();
            JsonText.WriteReservedAreas(writer, tdmr.ReservedAreas);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePamt(Utf8JsonWriter writer, ReadOnlySpan<byte> size, Pamt pamt)
    {
        writer.WriteStartObject(size);
        JsonText.WriteExtent(writer, pamt.Base, pamt.Size);
        writer.WriteEndObject();
    }

    private static void WriteReported(Utf8JsonWriter writer, ReportedOutcome reported, HostPlan plan)
    {
        writer.WriteStartObject("reported"u8);
        if (reported.PamtKiB is { } pamtKiB)
            writer.WriteNumber("pamtKiB"u8, pamtKiB);
        else
            writer.WriteNull("pamtKiB"u8);
        JsonText.WriteText(writer, "error"u8, reported.Error);
        if (plan.AgreesWithReport is { } matches)
            writer.WriteBoolean("matches"u8, matches);
        else
            writer.WriteNull("matches"u8);
        if (reported.StopReason is { } reason)
            WriteStopped(writer, reported, reason);
        if (plan.ExplainReported() is { } explanation)
            JsonText.WriteText(writer, "explanation"u8, explanation.ToString());
        writer.WriteEndObject();
    }

    private static void WriteStopped(Utf8JsonWriter writer, ReportedOutcome reported, string reason)
    {
        writer.WriteStartObject("stopped"u8);
        JsonText.WriteText(writer, "reason"u8, reason);
        if (reported.Completion is { } completion)
            writer.WriteString("completion"u8, FormattableString.Invariant($"0x{completion.Value:X16}"));
        if (reported.LeafName is { } leaf)
            JsonText.WriteText(writer, "leaf"u8, leaf);
        writer.WriteEndObject();
    }
}
