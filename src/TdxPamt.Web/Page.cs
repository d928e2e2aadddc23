using System.Buffers;
using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Report;
using TdxPamt.Planning;

namespace TdxPamt.Web;

/// <summary>What the page in the browser asks of the model: it loads an input once, and asks about it with one set of
/// options after the other.</summary>
[SupportedOSPlatform("browser")]
internal static partial class Page
{
    private static HostDescription? _host;
    private static string _name = "";

    /// <summary>Reads an input.</summary>
    /// <param name="input">Its bytes.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>An empty text, or why it cannot be read.</returns>
    [JSExport]
    internal static string Load(byte[] input, string name)
    {
        try
        {
            _host = null;
            _host = HostReader.Read(input, name).ThrowIfIncomplete(name);
            _name = name;
            return "";
        }
        catch (HostFormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Answers a question about the input.</summary>
    /// <param name="question">Which: a command's name, <c>report</c>, or <c>document</c>.</param>
    /// <param name="options">The command's options as JSON.</param>
    /// <returns>The answer: JSON, or for a report a page; behind a <c>!</c>, why there is none.</returns>
    [JSExport]
    internal static string Ask(string question, string options)
    {
        try
        {
            using MemoryStream output = new();
            ArrayBufferWriter<byte> buffer = new();
            Answer(question, Encoding.UTF8.GetBytes(options), buffer, output);
            return Encoding.UTF8.GetString(buffer.WrittenSpan) + Encoding.UTF8.GetString(output.ToArray());
        }
        catch (HostFormatException exception)
        {
            return $"!{exception.Message}";
        }
    }

    /// <summary>What the page offers to choose from, and which version it is.</summary>
    /// <returns>JSON.</returns>
    [JSExport]
    internal static string Facts()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("version", ReportText.Version);
            WriteNames(writer, "kernels", KernelModel.All.Select(static kernel => kernel.Name));
            writer.WriteStartArray("strategies");
            foreach (PlanStrategyInfo strategy in PlanStrategyInfo.All.Skip(1))
            {
                writer.WriteStartObject();
                writer.WriteString("name", strategy.Name);
                writer.WriteString("summary", strategy.Summary);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            WriteNames(writer, "examples", PublishedHosts.Names);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A published machine, to try the page on.</summary>
    /// <param name="name">One of the names in <see cref="Facts"/>.</param>
    /// <returns>The text of its log or document.</returns>
    [JSExport]
    internal static string Example(string name) =>
        PublishedHosts.TryRead(name, out string? text) ? text : throw new ArgumentException(name, nameof(name));

    private static void Answer(string question, byte[] options, IBufferWriter<byte> output, Stream page)
    {
        HostDescription host = _host ?? throw new InvalidOperationException("nothing is loaded");
        switch (question)
        {
            case "plan":
                PlanDocument.Write(Read(options).Plan(host, _name), output);
                break;
            case "report":
                HtmlReport.Write(Read(options).Plan(host.ThrowIfTooLarge(_name), _name), page);
                break;
            case "cost":
                CostDocument.Write(OptionsJson.Read<CostOptionsShape>(options).Cost(host), output);
                break;
            case "doctor":
                CheckupDocument.Write(Read(options).CheckUp(host), output);
                break;
            case "document":
                HostDocument.Write(host, output);
                break;
            default:
                throw new ArgumentException($"there is no question {question}", nameof(question));
        }
    }

    private static PlanOptionsShape Read(byte[] options) => OptionsJson.Read<PlanOptionsShape>(options);

    private static void WriteNames(Utf8JsonWriter writer, string property, IEnumerable<string> names)
    {
        writer.WriteStartArray(property);
        foreach (string name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}
