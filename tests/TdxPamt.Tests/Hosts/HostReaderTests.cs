using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class HostReaderTests
{
    private const string Iomem = """
        00000000-00000fff : Reserved
        00001000-0009ffff : System RAM
        000a0000-000fffff : PCI Bus 0000:00
          000f0000-000fffff : System ROM
        00100000-5d168fff : System RAM
          01000000-01e02557 : Kernel code
        100000000-107fffffff : System RAM
        1080000000-10ffffffff : System RAM (kmem)
        """;

    [Fact]
    public void iomem_gives_ram_on_node_0_with_a_warning()
    {
        HostDescription host = Texts.Read(Iomem);

        host.Evidence.Should().Be(MemoryEvidence.Iomem);
        host.NodesKnown.Should().BeFalse();
        host.Memory.Regions.ToString().Should().Be(
            "node 0: [0x1000, 0xa0000), node 0: [0x100000, 0x5d169000), node 0: [0x100000000, 0x1080000000)");
        host.Warnings.Should().HaveCount(2).And.Contain("the nodes are not known: all memory is taken to be on node 0")
            .And.ContainMatch("2 GiB of RAM were added after boot (kmem)*");
    }

    [Fact]
    public void iomem_read_without_root_is_refused()
    {
        IEnumerable<string> hidden = Iomem.Split('\n')
            .Select(line => "00000000-00000000" + line[line.LastIndexOf(" :", StringComparison.Ordinal)..]);

        Texts.ShouldBeRefused(
            () => Texts.Read(string.Join('\n', hidden)),
            "some/log.txt: every address is 0: /proc/iomem must be read as root");
    }

    [Theory]
    [InlineData(' ', 100_000)]
    [InlineData(' ', 9_000_000)]
    [InlineData('\n', 9_000_000)]
    public void a_document_may_stand_after_any_number_of_blanks(char blank, int count)
    {
        byte[] text = Encoding.UTF8.GetBytes(
            new string(blank, count) + """{"memory":[{"start":1048576,"end":4294967296,"node":0}]}""");
        using MemoryStream stream = new(text);
        HostReader.Read(stream, "x").Memory.Should().BeEquivalentTo(HostReader.Read(text, "x").Memory);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData(" \r\n\t\n", "it is empty")]
    [InlineData("\ufeff\n", "it is empty")]
    [InlineData("just\nsome text\n", "no line of a boot log or of /proc/iomem that says what memory there is")]
    [InlineData("[1, 2]", "no line of a boot log or of /proc/iomem that says what memory there is")]
    [InlineData("one\0two", "it has bytes of 0, so it is no text in UTF-8")]
    [InlineData(
        "BIOS-e820: [mem 0x1000-0x1fff] reserved",
        "the e820 map has no usable memory, and there are neither node ranges nor CMRs")]
    public void what_says_nothing_of_memory_is_refused(string text, string reason)
    {
        Texts.ShouldBeRefused(() => Texts.Read(text), $"some/log.txt: {reason}");
        Texts.ShouldBeRefused(
            () => HostReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "-"), $"-: {reason}");
    }

    [Theory]
    [InlineData(new byte[] { 0x1f, 0x8b, 8, 0 }, "gzip: read what zcat prints of it")]
    [InlineData(new byte[] { 0x28, 0xb5, 0x2f, 0xfd }, "zstd: read what zstdcat prints of it")]
    [InlineData(new byte[] { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0 }, "xz: read what xzcat prints of it")]
    [InlineData(new byte[] { 0x42, 0x5a, 0x68, 0x39 }, "bzip2: read what bzcat prints of it")]
    public void a_compressed_file_is_refused_by_the_name_of_its_format(byte[] start, string reason)
    {
        byte[] file = [.. start, .. new byte[100]];
        string message = $"log: it is compressed with {reason}";
        Texts.ShouldBeRefused(() => HostReader.Read(file, "log"), message);
        Texts.ShouldBeRefused(() => HostReader.Read(new MemoryStream(file), "log"), message);
    }

    [Fact]
    public void a_file_is_read_by_its_path_and_names_its_host()
    {
        string path = RealHosts.PathOf(RealHosts.FoxCreekPass);

        HostDescription host = HostReader.ReadFile(path);

        host.Name.Should().Be(Path.GetFileNameWithoutExtension(path));
        host.Memory.Regions.Should().Equal(HostReader.Read(File.ReadAllBytes(path), path).Memory.Regions);
        FluentActions.Invoking(() => HostReader.ReadFile(path + ".none")).Should().Throw<FileNotFoundException>();
        FluentActions.Invoking(() => HostReader.ReadFile(null!)).Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [InlineData("-", "stdin")]
    [InlineData("/dev/stdin", "stdin")]
    [InlineData("/dev/fd/63", "pipe-63")]
    [InlineData("/proc/self/fd/11", "pipe-11")]
    [InlineData("logs/my.host.log", "my.host")]
    [InlineData("dmesg", "dmesg")]
    [InlineData(".log", ".log")]
    public void a_host_without_a_name_is_called_after_its_file(string file, string name) =>
        HostReader.Read("CMR: [0x1000, 0x2000)"u8, file).Name.Should().Be(name);

    [Fact]
    public void content_decides_not_the_file_name()
    {
        Texts.Read("\ufeff \n {\"memory\":[]}").Evidence.Should().Be(MemoryEvidence.Document);
        Texts.Read("\ufeffBIOS-e820: [mem 0x1000-0x1fff] usable").Evidence.Should().Be(MemoryEvidence.E820);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void a_stream_gives_what_the_whole_text_gives(int portion)
    {
        foreach (string file in Directory.GetFiles(Texts.PathOf(""), "*.*o*"))
        {
            HostDescription whole = HostReader.Read(File.ReadAllBytes(file), file);
            HostDescription streamed = HostReader.Read(new SlowStream(File.ReadAllBytes(file), portion), file);

            Texts.Json(streamed).Should().Be(Texts.Json(whole));
            streamed.Warnings.Should().Equal(whole.Warnings);
            streamed.Reported.Should().Be(whole.Reported);
        }
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(20_000)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 - 1)]
    [InlineData(200_000)]
    public void lines_keep_their_numbers_whatever_their_length(int length)
    {
        string text = $"{new string('x', length)}\nCMR: [0x1000, 0x2000) {new string('x', length)}\n"
            + "BIOS-e820: [mem 0x100000-0x1fffff] usable\nCMR: [0x1000, 0x30";

        Texts.ShouldBeRefused(() => Texts.Read(text), "some/log.txt:4: *");
        Texts.ShouldBeRefused(() => HostReader.Read(new SlowStream(Encoding.UTF8.GetBytes(text), 5000), "-"), "-:4: *");
        string cut = text[..text.LastIndexOf('\n')];
        HostDescription host = Texts.Read(cut);
        host.Memory.Cmrs.Count.Should().Be(length <= 10_000 ? 1 : 0);
        HostDescription streamed = HostReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(cut)), "-");
        streamed.Memory.Cmrs.Should().Equal(host.Memory.Cmrs);
    }

    [Fact]
    public void a_line_of_100_mb_is_passed_over_and_a_document_of_as_much_refused_in_little_memory()
    {
        byte[] start = Encoding.UTF8.GetBytes("BIOS-e820: [mem 0x100000-0x1fffff] usable\n");
        long before = GC.GetAllocatedBytesForCurrentThread();

        HostReader.Read(new EndlessStream(start, 100_000_000), "-").Memory.RamBytes.Should().Be(0x100000);
        Texts.ShouldBeRefused(
            () => HostReader.Read(new EndlessStream("{\"name\":\""u8.ToArray(), 100_000_000), "-"),
            "-: it has 32 MiB or more");

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100_000_000);
    }

    [Fact]
    public void a_long_log_is_read_in_constant_memory()
    {
        byte[] log = Encoding.UTF8.GetBytes(string.Concat(
            Enumerable.Repeat(File.ReadAllText(Texts.PathOf("snc-4-node-320GiB.log")), 1000)));
        Texts.ReadFile("snc-4-node-320GiB.log");
        long before = GC.GetAllocatedBytesForCurrentThread();

        HostDescription host = HostReader.Read(new MemoryStream(log), "-");

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(200_000);
        host.Memory.Regions.Should().Equal(Texts.ReadFile("snc-4-node-320GiB.log").Memory.Regions);
    }

    /// <summary>Hands out a few bytes at a time.</summary>
    private sealed class SlowStream(byte[] content, int portion) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, portion));
    }

    /// <summary>A text and then as many times x as are wanted.</summary>
    private sealed class EndlessStream(byte[] start, long length) : MemoryStream(start)
    {
        private long _left = length;

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            if (read > 0)
                return read;
            read = (int)Math.Min(_left, count);
            _left -= read;
            Array.Fill(buffer, (byte)'x', offset, read);
            return read;
        }
    }
}
