using System.Buffers;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Support;

/// <summary>Short ways from text to a host and back.</summary>
internal static class Texts
{
    internal static HostDescription Read(string text) => HostReader.Read(Encoding.UTF8.GetBytes(text), "some/log.txt");

    internal static HostDescription ReadFile(string name) =>
        HostReader.Read(File.ReadAllBytes(PathOf(name)), PathOf(name));

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "hosts", name);

    /// <summary>The RAM as <c>node 0: [0x1000, 0x9f000), ...</c>.</summary>
    internal static string Ram(string text) => Read(text).Memory.Regions.ToString();

    internal static HostDescription Document(string json) =>
        HostDocument.Parse(Encoding.UTF8.GetBytes(json), "some/host.json");

    internal static string Json(HostDescription host)
    {
        ArrayBufferWriter<byte> buffer = new();
        HostDocument.Write(host, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static string Json(HostPlan plan, bool indented = false)
    {
        ArrayBufferWriter<byte> buffer = new();
        PlanDocument.Write(plan, buffer, indented);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Checks that something is refused with this message, which is one line.</summary>
    internal static HostFormatException ShouldBeRefused(Action reading, string message)
    {
        HostFormatException exception = reading.Should().Throw<HostFormatException>().Which;
        exception.Message.Should().Match(message).And.NotMatchRegex(@"[\p{C}-[\p{Cs}]]");
        return exception;
    }
}
