using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class PlanStreamTests
{
    private const string One = """{"memory":[{"start":"0x100000","end":"0x30000000","node":0}]}""";

    private const string None = """{"name":"none","memory":[]}""";

    [Fact]
    public void each_line_is_answered_with_the_plan_of_its_host()
    {
        (string[] lines, StreamSummary summary) = Run($"{One}\n{None}\r\n \t{One}");

        lines.Should().Equal(
            Texts.Json(HostPlan.Create(HostDocument.Parse(Encoding.UTF8.GetBytes(One), "-"))),
            Texts.Json(HostPlan.Create(Texts.Document(None))),
            lines[0]);
        summary.Should().Be(new StreamSummary(3, 0, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"memory\":[{}]}\n[]\nnull\n{\n}\n")]
    public void a_line_that_is_no_host_is_invalid_and_does_not_stop_the_rest(string text)
    {
        (string[] lines, StreamSummary summary) = Run($"{text}{One}\n");

        int count = text.Count(character => character == '\n');
        summary.Should().Be(new StreamSummary(count + 1, count, 0));
        for (int i = 0; i < count; i++)
        {
            lines[i].Should().StartWith($$"""{"status":"invalid","line":{{i + 1}},"message":""");
            JsonDocument.Parse(lines[i]).RootElement.GetProperty("message").GetString().Should().NotBeEmpty();
        }

        lines[count].Should().Contain("\"constructed\"");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void of_blank_lines_one_after_another_the_first_is_answered_however_they_arrive(int portion)
    {
        string blanks = string.Concat(Enumerable.Repeat("\n \t\r\n", 20_000));
        MemoryStream output = new();

        StreamSummary summary = PlanStream.Run(
            new PortionStream(Encoding.UTF8.GetBytes($"{blanks}{One}\n\n\n{One}\n\n"), portion), output, "-");

        summary.Should().Be(new StreamSummary(40_005, 40_003, 0));
        Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(static line => line.Contains("invalid")).Should().Equal(
                """{"status":"invalid","line":1,"message":"it is blank"}""",
                """{"status":"invalid","line":40002,"message":"it is blank"}""",
                """{"status":"invalid","line":40005,"message":"it is blank"}""");
    }

    [Fact]
    public void no_more_is_read_than_a_few_jobs_while_the_output_waits()
    {
        byte[] line = Encoding.UTF8.GetBytes(One + "\n");
        using EndlessStream input = new(line);
        using StuckStream output = new(() => input.Given < 1_000_000);

        Action run = () => PlanStream.Run(input, output, "-");

        run.Should().Throw<IOException>().WithMessage("full");
        input.Given.Should().BeLessThan(
            (2 * Environment.ProcessorCount * 16 * 1024) + 400_000, "that many jobs are under way, and a buffer");
    }

    [Fact]
    public void a_failing_output_ends_the_run_while_the_input_waits()
    {
        using WaitingStream input = new(Encoding.UTF8.GetBytes(One + "\n"));
        using StuckStream output = new(static () => false);

        Action run = () => PlanStream.Run(input, output, "-");

        run.Should().Throw<IOException>().WithMessage("full");
    }

    [Fact]
    public void what_a_caller_throws_is_no_invalid_line()
    {
        Action run = () => PlanStream.Run(
            new MemoryStream(Encoding.UTF8.GetBytes(One)), Stream.Null, "-", progress: new Refusing());

        run.Should().Throw<HostFormatException>().WithMessage("mine: no");
    }

    [Fact]
    public void the_reason_names_the_property() => Run("""{"memory":[{"start":1,"end":2}]}""").Lines.Should().Equal(
        """{"status":"invalid","line":1,"message":"memory[0].node: it is missing"}""");

    [Fact]
    public void what_a_caller_asks_for_wins_over_the_documents()
    {
        (string[] lines, _) = Run(
            """{"memory":[{"start":"0x100000","end":"0x30000000","node":0}],"kernel":"v5","module":{"maxTdmrs":7}}""",
            KernelModel.Mainline,
            module => module with { DynamicPamt = true });

        JsonElement plan = JsonDocument.Parse(lines[0]).RootElement;
        plan.GetProperty("kernel").GetString().Should().Be("mainline");
        plan.GetProperty("module").GetProperty("maxTdmrs").GetInt32().Should().Be(7);
        plan.GetProperty("pamtKiB").GetInt32().Should().Be(44);
    }

    [Fact]
    public void no_input_gives_no_output()
    {
        (string[] lines, StreamSummary summary) = Run("");

        lines.Should().BeEmpty();
        summary.Should().Be(default(StreamSummary));
    }

    [Fact]
    public void a_line_of_any_length_is_read_or_else_invalid()
    {
        string blanks = new(' ', 300_000);
        MemoryStream input = new();
        input.Write(Encoding.UTF8.GetBytes($"{blanks}{One}\n"));
        byte[] tooLong = new byte[40_000_000];
        Array.Fill(tooLong, (byte)' ');
        input.Write(tooLong);
        input.Write(Encoding.UTF8.GetBytes($"\n{One}\n"));
        input.Position = 0;
        MemoryStream output = new();

        PlanStream.Run(input, output, "-").Should().Be(new StreamSummary(3, 1, 0));

        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        lines[1].Should().Be("""{"status":"invalid","line":2,"message":"it has 32 MiB or more"}""");
        lines[2].Should().Be(lines[0]);
    }

    [Fact]
    public void memory_does_not_grow_with_the_stream()
    {
        byte[] line = Encoding.UTF8.GetBytes(One + "\n");
        MemoryStream input = new([.. Enumerable.Repeat(line, 2000).SelectMany(part => part)]);
        CountingStream output = new();

        PlanStream.Run(input, output, "-").Lines.Should().Be(2000);

        output.Largest.Should().BeLessThan(200_000);
        output.Lines.Should().Be(2000);
    }

    [Fact]
    public void a_run_can_be_stopped()
    {
        using CancellationTokenSource source = new();
        source.Cancel();

        Action run = () => PlanStream.Run(
            new MemoryStream(Encoding.UTF8.GetBytes(One)), new MemoryStream(), "-", cancellationToken: source.Token);

        run.Should().Throw<OperationCanceledException>();
    }

    private static (string[] Lines, StreamSummary Summary) Run(
        string text, KernelModel? kernel = null, Func<ModuleParameters, ModuleParameters>? module = null)
    {
        MemoryStream output = new();
        StreamSummary summary = PlanStream.Run(
            new MemoryStream(Encoding.UTF8.GetBytes(text)), output, "-", kernel, module);
        string written = Encoding.UTF8.GetString(output.ToArray());
        written.Should().Match(all => all.Length == 0 || all.EndsWith('\n'));
        return (written.Split('\n', StringSplitOptions.RemoveEmptyEntries), summary);
    }

    private sealed class CountingStream : MemoryStream
    {
        internal int Largest { get; private set; }

        internal int Lines { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Largest = Math.Max(Largest, buffer.Length);
            Lines += buffer.Count((byte)'\n');
        }
    }

    private sealed class Refusing : IProgress<HostPlan>
    {
        public void Report(HostPlan value) => throw new HostFormatException("mine", null, null, "no");
    }

    /// <summary>Gives a text in portions.</summary>
    private sealed class PortionStream(byte[] text, int portion) : MemoryStream(text)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, portion));
    }

    /// <summary>Gives a line again and again, and counts the bytes.</summary>
    private sealed class EndlessStream(byte[] line) : MemoryStream
    {
        private long _read;

        internal long Given => Interlocked.Read(ref _read);

        public override int Read(byte[] buffer, int offset, int count)
        {
            int length = Math.Min(count, line.Length);
            line.AsSpan(0, length).CopyTo(buffer.AsSpan(offset));
            Interlocked.Add(ref _read, length);
            return length;
        }
    }

    /// <summary>Gives a line and then nothing for as long as it is open.</summary>
    private sealed class WaitingStream(byte[] line) : MemoryStream(line)
    {
        private readonly ManualResetEventSlim _closed = new();

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            if (read == 0)
                _closed.Wait();
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            _closed.Set();
            base.Dispose(disposing);
        }
    }

    /// <summary>Takes nothing, and fails once nothing changes any more.</summary>
    private sealed class StuckStream(Func<bool> mayWait) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            for (int i = 0; i < 100 && mayWait(); i++)
                Thread.Sleep(5);
            throw new IOException("full");
        }
    }
}
