using System.Text;
using CsCheck;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Properties;

public class HostReaderProperties
{
    private static readonly string[] Pieces =
    [
        "BIOS-e820: ", "[mem 0x", "0000000000100000", "-0x", "00000000001fffff", "] ", "usable", "(usable)", " ==> ",
        "e820: update ", "e820: remove ", "SRAT: Node ", "1", " PXM ", "Early memory node ranges", "\n  node   0: ",
        "Fallback order for Node 0:", " 0", "tdx: CMR: [0x", "0x200000", ", ", ")", " KB allocated for PAMT",
        "initialization failed:", " : System RAM", "\n", "\r\n", "> ", "user: ", "{", "}", "\"memory\"", "\"start\"",
        ":", ",", "[", "]", "\"0x1000\"", "4096", "\u001b", "é", "BIOS-provided physical RAM map:", "-",
        "ffffffffffffffff", "module initialization failed (-", "\"node\":0",
    ];

    [Fact]
    public void any_text_is_read_or_refused_in_one_line_and_a_stream_of_it_alike() =>
        Gen.OneOf(Pieces).Array[0, 40].Select(string.Concat).Sample(
            text =>
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                string whole = Answer(() => HostReader.Read(bytes, "x.log"));

                whole.Should().NotContain("\n");
                Answer(() => HostReader.Read(new MemoryStream(bytes), "x.log")).Should().Be(whole);
            },
            iter: 5000,
            seed: "0000KOIPe822");

    [Fact]
    public void any_damage_to_a_document_is_read_or_refused_in_one_line()
    {
        byte[] document = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "hosts", "fox-creek-pass.json"));
        Gen.Select(Gen.Int[0, document.Length - 1], Gen.Byte, Gen.Int[0, 40]).Sample(
            (place, value, length) =>
            {
                byte[] rest = document[Math.Min(document.Length, place + length)..];
                byte[] damaged = [.. document[..place], value, .. rest];

                Answer(() => HostDocument.Parse(damaged, "x.json")).Should().NotContain("\n");
                Answer(() => HostReader.Read(damaged, "x.json")).Should().NotContain("\n");
                StreamSummary summary = PlanStream.Run(new MemoryStream(damaged), Stream.Null, "x.json");
                summary.Lines.Should().BeGreaterThan(0);
            },
            iter: 1000,
            seed: "0000KOIPe823");
    }

    private static string Answer(Func<HostDescription> read)
    {
        try
        {
            HostDescription host = read();
            return $"{host.Name} {host.Evidence} {host.Memory.Regions} {host.Memory.Cmrs} {host.Reported} "
                + string.Join(' ', host.Warnings);
        }
        catch (HostFormatException exception)
        {
            exception.Message.Should().NotMatchRegex(@"[\p{C}-[\p{Cs}]]").And.StartWith("x.");
            return exception.Message;
        }
    }
}
