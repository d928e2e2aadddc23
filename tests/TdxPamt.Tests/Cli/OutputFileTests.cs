using TdxPamt.Cli;

namespace TdxPamt.Tests.Cli;

/// <summary>What becomes of a file that an answer is written to, as root and as any user.</summary>
public class OutputFileTests
{
    private const string Host = "tests/hosts/fox-creek-pass.json";

    /// <summary>What is done in a folder $d before the answer goes to $d/out, and what is found there after.</summary>
    public static TheoryData<string, string, string> Targets { get; } = new()
    {
        { "", "stat -c %F $d/out", "regular file" },
        { "umask 027", "stat -c %a $d/out", "640" },
        { "echo old > $d/out; chmod 604 $d/out", "stat -c %a $d/out", "604" },
        { "echo old > $d/file; ln -s file $d/out", "readlink $d/out; stat -c %F $d/file", "file\nregular file" },
        { "ln -s file $d/out", "readlink $d/out; stat -c %F $d/file", "file\nregular file" },
        { "mkdir $d/in; ln -s in/file $d/out", "stat -c %F $d/in/file; ls -A $d/in", "regular file\nfile" },
        { "mkfifo $d/out; cat $d/out > $d/read & reader=$!", "wait $reader; stat -c %F $d/out; stat -c %F $d/read",
            "fifo\nregular file" },
        { "ln -s /dev/null $d/out", "readlink $d/out; stat -c %F /dev/null", "/dev/null\ncharacter special file" },
        { "echo old > $d/fd; exec 7> $d/fd; ln -s /dev/fd/7 $d/out", "readlink $d/out", "/dev/fd/7" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void what_is_no_regular_file_stays_what_it_is_and_a_regular_one_keeps_its_mode(
        string before, string after, string expected)
    {
        Command.Result result = InShell($"{before}\n{Plan("$d/out")}\n{after}");
        result.Errors.Should().BeEmpty();
        result.Output.Should().Be(expected + "\n");
    }

    [Theory]
    [InlineData("out", "cat $d/out")]
    [InlineData("fifo", "cat $d/fifo & ", "mkfifo $d/fifo")]
    public void all_of_the_answer_is_in_it(string file, string read, string before = "true")
    {
        string script = read.EndsWith("& ", StringComparison.Ordinal)
            ? $"{before}\n{read}\n{Plan($"$d/{file}")}\nwait"
            : $"{before}\n{Plan($"$d/{file}")}\n{read}";
        InShell(script).Output.Should().Be(InShell($"tdxpamt plan -q {Host}").Output);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdout")]
    public void a_dash_and_dev_stdout_are_standard_output(string name) =>
        InShell(Plan(name)).Output.Should().Be(InShell($"tdxpamt plan -q {Host}").Output);

    [Fact]
    public void a_picture_goes_to_standard_output_for_a_dash() => InShell($"tdxpamt draw {Host} -o -")
        .Output.Should().StartWith("<?xml").And.EndWith("</svg>");

    /// <summary>Device nodes of its own, which root alone can make.</summary>
    [Fact]
    public void a_device_is_written_to()
    {
        Command.Result result = InShell(
            $"""
            mknod $d/null c 1 3 2>/dev/null && : 2>/dev/null > $d/null || exit 77
            {Plan("$d/null")}
            stat -c %F $d/null
            """);
        Assert.SkipWhen(result.ExitCode == 77, "no device node can be made here: that takes root");
        result.Output.Should().Be("character special file\n");
    }

    [Fact]
    public void the_owner_stays_where_root_writes()
    {
        Command.Result result = InShell(
            $"""
            echo old > $d/out; chown 1234:4321 $d/out 2>/dev/null || exit 77
            {Plan("$d/out")}
            stat -c %u:%g $d/out
            """);
        Assert.SkipWhen(result.ExitCode == 77, "no file can be given away here: that takes root");
        result.Output.Should().Be("1234:4321\n");
    }

    [Theory]
    [InlineData("$d/no/out", "there is no such folder")]
    [InlineData("$d", "it is a folder")]
    [InlineData("/dev/full", "no space left on device")]
    [InlineData("$d/loop", "too many levels of symbolic links")]
    [InlineData("$d/$(printf '%0300d' 1)", "its name is too long")]
    [InlineData("''", "it is no file name")]
    public void what_cannot_be_written_says_why(string file, string reason)
    {
        Command.Result result = InShell($"ln -s loop $d/loop; {Plan(file)}");
        result.Errors.Should().Contain("cannot be written: ").And.EndWith(reason + "\n");
        result.ExitCode.Should().Be(2);
    }

    [Fact]
    public void a_name_as_long_as_the_file_system_takes_is_written() =>
        InShell($"f=$d/$(printf '%0250d' 1); {Plan("$f")}; ls -A $d | wc -l").Output.Trim().Should().Be("1");

    [Fact]
    public void files_that_a_killed_process_left_go_with_the_next_and_those_in_use_stay() => Command.InFolder(folder =>
    {
        string left = Path.Combine(folder, ".tdxpamt-left.tmp");
        string used = Path.Combine(folder, ".tdxpamt-used.tmp");
        string other = Path.Combine(folder, "other.tmp");
        File.WriteAllText(left, "half");
        File.WriteAllText(other, "mine");
        using FileStream open = new(used, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
        OutputFile.Write(Path.Combine(folder, "out"), "all"u8);
        Directory.GetFiles(folder).Should().BeEquivalentTo([used, other, Path.Combine(folder, "out")]);
    });

    [Fact]
    public void no_planted_link_is_followed() => Command.InFolder(folder =>
    {
        string victim = Path.Combine(folder, "victim");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(Path.Combine(folder, ".tdxpamt-planted.tmp"), victim);
        File.CreateSymbolicLink(Path.Combine(folder, $"out.{Environment.ProcessId}.tmp"), victim);
        OutputFile.Write(Path.Combine(folder, "out"), "all"u8);
        File.ReadAllText(victim).Should().Be("precious");
    });

    [Fact]
    public void an_interrupted_sweep_leaves_the_chart_that_was_there() => Command.InFolder(folder =>
    {
        string chart = Path.Combine(folder, "chart.svg");
        File.WriteAllText(chart, "good");
        Command.Result result = Command.Interrupt(
            "simulate", "hosts/fox-creek-pass.json", "--kernel", "cmr-holes", "--sweep", "0:0.5:0.0001",
            "--trials", "1000000", "-o", chart);
        result.ExitCode.Should().Be(130);
        result.Errors.Should().Be($"tdxpamt: {chart}: not written, because the sweep was interrupted\n");
        File.ReadAllText(chart).Should().Be("good");
    });

    private static string Plan(string file) => $"tdxpamt plan -q {Host} -o {file}";

    private static Command.Result InShell(string script) =>
        Shell.Run($"d=$(mktemp -d); trap 'rm -rf $d' EXIT\n{script}");
}
