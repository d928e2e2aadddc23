using System.Diagnostics;
using System.Text;

namespace TdxPamt.Tests.Cli;

/// <summary>Large and strange input: bounded memory, no more read than is needed, one line of refusal.</summary>
public sealed class HostileInputTests
{
    private const long MaxMemory = 200L << 20;
    private const int Mega = 1_000_000;

    /// <summary>The limit of a document, and what a pipe and a buffer hold beyond it.</summary>
    private const long MaxReadBeforeRefusal = 33L << 20;

    private const string Memory = "\"memory\":[{\"start\":1048576,\"end\":2147483648,\"node\":0}]";

    public static TheoryData<string, string, int, string, string, string> LargeInputs { get; } = new()
    {
        { "plan -", "CMR: [0x100000, 0x80000000)\n", 12 * Mega,
            "[    1.234567] usb 1-1: new high-speed USB device number 2 using xhci_hcd, and what it is\n", "", "" },
        { "plan -", "CMR: [0x100000, 0x80000000)\n", 100 * Mega, "x", "\n", "" },
        { "plan --ndjson -", "", 100 * Mega, "x", "\n", "" },
        { "check --ndjson -", "", 100 * Mega, "x", "\n", "" },
        { "plan -", "{\"memory\":[", Mega, "{\"start\":4096,\"end\":8192,\"node\":0},", "{}]}",
            "it has 32 MiB or more" },
        { "plan -", "{\"memory\":[", Mega / 2, "{\"start\":4096,\"end\":8192,\"node\":0},", "{}]}",
            "memory[500000].start: it is missing" },
        { "plan -", $"{{{Memory},\"cmrs\":[", 800_000, "{\"start\":4096,\"end\":8192},", "{}]}",
            "it has more than 524288 objects" },
        { "plan -", $"{{{Memory},\"fallbackOrder\":[", 10 * Mega, "[],", "[]]}",
            "fallbackOrder[1024]: there are more than 1024 rows, for nodes 0 to 1023" },
        { "plan -", $"{{{Memory},\"distances\":[[", 15 * Mega, "0,", "0]]}",
            "distances[0][1024]: there are more than 1024 numbers, for nodes 0 to 1023" },
        { "plan -", $"{{{Memory},\"name\":\"", 30 * Mega, "x", "\"}", "it has a text of more than 65536 bytes" },
        { "plan -", $"{{{Memory},\"", 30 * Mega, "x", "\":1}", "it has a text of more than 65536 bytes" },
        { "plan -", "{\"memory\":", 100_000, "[", "", "memory[0]: it must be an object" },
        { "check -", "{\"x\":", 100_000, "[", "", "not valid JSON: *depth of 64*" },
        { "check -", "{\"cmrs\":[],\"tdmrs\":[", Mega, "{\"base\":0,\"size\":0},", "{}]}",
            "it has more than 131072 objects" },
        { "check -", "{\"tdmrs\":[],\"cmrs\":[", 10 * Mega, "{},", "{}]}", "it has more than 131072 objects" },
        { "check -", "", 1024 * 1024,
            "                                                                                ", "",
            "it has 32 MiB or more" },
        { "check --host hosts/fox-creek-pass.json --binary -", "", 1024 * 1024,
            "TDMR_INFOs of zeros, or of anything else that comes to many megabytes", "", "it has 32 MiB or more" },
        { "simulate hosts/fox-creek-pass.json --pagetypeinfo -", "", Mega, "Node 0, zone Normal 1\n", "",
            "it has 8 MiB or more" },
    };

    [Theory]
    [MemberData(nameof(LargeInputs))]
    public async Task large_input_is_answered_or_refused_in_bounded_memory_and_not_read_past_its_limit(
        string command, string start, int times, string part, string end, string refusal)
    {
        using Process process = Process.Start(Command.Start(command.Split(' ')))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<long> feeding = Task.Run(() => Feed(process.StandardInput.BaseStream, start, times, part, end));
        long memory = 0;
        while (!process.WaitForExit(5))
        {
            try
            {
                process.Refresh();
                memory = Math.Max(memory, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has just ended.
            }
        }

        long fed = await feeding;
        memory.Should().BeLessThan(MaxMemory);
        if (refusal.Length == 0)
        {
            fed.Should().Be(start.Length + ((long)times * part.Length) + end.Length, "all of it is read");
            (await output).Length.Should().BeInRange(1, 10_000);
            return;
        }

        fed.Should().BeLessThan(MaxReadBeforeRefusal);
        process.ExitCode.Should().Be(2);
        (await output).Should().BeEmpty();
        string refused = await errors;
        refused.Should().Match($"tdxpamt: stdin:*{refusal}*\n");
        refused.Count(static character => character == '\n').Should().Be(1);
    }

    [Fact]
    public void a_map_changed_again_and_again_is_refused()
    {
        StringBuilder log = new();
        for (ulong i = 0; i < 60_000; i++)
            log.Append(FormattableString.Invariant(
                $"BIOS-e820: [mem 0x{(i + 256) << 13:x}-0x{((i + 256) << 13) + 0xfff:x}] usable\n"));
        for (int i = 0; i < 20_000; i++)
            log.Append("e820: update [mem 0x0-0xffffffffff] usable ==> usable\n");
        Command.RunWithInput(Encoding.ASCII.GetBytes(log.ToString()), "plan", "-").Errors
            .Should().Match("tdxpamt: stdin:*: the e820 map is changed more often than any kernel does\n");
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("compare")]
    [InlineData("simulate --trials 1")]
    public void a_name_does_nothing_to_the_terminal(string command)
    {
        string document = $$"""{"name":"a\u001b[2J\nb\u202e\u0085😀",{{Memory}}}""";
        Command.RunWithInput(Encoding.UTF8.GetBytes(document), [.. command.Split(' '), "-"]).Output
            .Should().StartWith("a?[2J?b??😀, ").And.NotMatchRegex(@"[\p{Cc}\p{Cf}-[\n]]");
    }

    [Theory]
    [InlineData("", "tdxpamt: : no such file\n")]
    [InlineData("a\u001b[2J", "tdxpamt: a?[2J: no such file\n")]
    public void a_strange_file_name_is_no_file(string name, string refusal)
    {
        Command.Result result = Command.Run("plan", name);
        result.ExitCode.Should().Be(2);
        result.Errors.Should().Be(refusal);
    }

    [Fact]
    public void standard_input_is_read_only_once() =>
        Command.Run("plan", "-", "-").Errors.Should().Match("tdxpamt: stdin: *\n");

    [Fact]
    public async Task the_fuzzer_finds_nothing()
    {
        ProcessStartInfo start = Command.Start();
        start.ArgumentList.Clear();
        string dll = start.WorkingDirectory.Replace("TdxPamt.Tests", "TdxPamt.Fuzz",
            StringComparison.Ordinal) + "TdxPamt.Fuzz.dll";
        foreach (string argument in (string[])[dll, "--inputs", "20000", "--seed", "7"])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        (await process.StandardOutput.ReadToEndAsync()).Should().EndWith("inputs 20000\ncrashes 0\n");
        (await errors).Should().BeEmpty();
    }

    /// <summary>Writes until all is written or nobody reads any more.</summary>
    /// <returns>How many bytes were written.</returns>
    private static long Feed(Stream input, string start, int times, string part, string end)
    {
        const int portion = 1 << 16;
        long fed = 0;
        try
        {
            Write(Encoding.ASCII.GetBytes(start));
            int parts = Math.Min(times, Math.Max(1, portion / part.Length));
            byte[] many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(part, parts)));
            for (; times >= parts; times -= parts)
                Write(many);
            Write(many.AsSpan(0, times * part.Length));
            Write(Encoding.ASCII.GetBytes(end));
            input.Close();
        }
        catch (IOException)
        {
            // It was refused before its end.
        }

        return fed;

        void Write(ReadOnlySpan<byte> bytes)
        {
            input.Write(bytes);
            fed += bytes.Length;
        }
    }
}
