using System.Buffers;
using System.Text.Json;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Verdict documents: writes as JSON what the TDX module says of a set of TDMRs.</summary>
/// <remarks>The same verdict gives the same bytes. Without state, so safe for many threads.</remarks>
public static class VerdictDocument
{
    /// <summary>Writes a verdict.</summary>
    /// <param name="name">The name of the set of TDMRs.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write(string name, ModuleVerdict verdict, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        Write(name, verdict, writer);
        writer.Flush();
    }

    /// <summary>Writes a verdict.</summary>
    /// <param name="name">The name of the set of TDMRs.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="writer">Where to write the object.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write(string name, ModuleVerdict verdict, Utf8JsonWriter writer)
    {
        Preconditions.NotNull(name, nameof(name));
        Preconditions.NotNull(verdict, nameof(verdict));
        Preconditions.NotNull(writer, nameof(writer));
        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, name);
        WriteMembers(verdict, writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the verdict on a set, or that its plan failed.</summary>
    internal static void Write(CheckedSet answer, Utf8JsonWriter writer)
    {
        if (answer.Failure is not { } failure)
        {
            Write(answer.Name, answer.Verdict, writer);
            return;
        }

        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, answer.Name);
        writer.WriteString("status"u8, "failed"u8);
        JsonText.WriteText(writer, "message"u8, failure);
        writer.WriteEndObject();
    }

    internal static void WriteMembers(ModuleVerdict verdict, Utf8JsonWriter writer)
    {
        switch (verdict.Answer)
        {
            case ModuleAnswer.Accepted:
                writer.WriteString("status"u8, "accepted"u8);
                writer.WriteString("completion"u8, "0x0"u8);
                break;
            case ModuleAnswer.Rejected:
                WriteRejection(verdict, writer);
                break;
            default:
                writer.WriteString("status"u8, "unknown"u8);
                writer.WriteString("message"u8, verdict.Answer == ModuleAnswer.CmrsUnknown
                    ? "the CMRs are not known" : verdict.Message);
                break;
        }
    }

    private static void WriteRejection(ModuleVerdict verdict, Utf8JsonWriter writer)
    {
        writer.WriteString("status"u8, "rejected"u8);
        writer.WriteString("completion"u8, $"0x{verdict.Status.Value:X16}");
        writer.WriteString("code"u8, verdict.Status.Name);
        if (verdict.Tdmr is { } tdmr)
            writer.WriteNumber("tdmr"u8, tdmr);
        if (verdict.Status.Level is { } level)
            writer.WriteString("level"u8, level.Label());
        if (verdict.Status.ReservedArea is { } area)
            writer.WriteNumber("reservedArea"u8, area);
        if (verdict.Other is { } other)
            writer.WriteNumber("other"u8, other);
        JsonText.WriteText(writer, "message"u8, verdict.Message);
    }
}
