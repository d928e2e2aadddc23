using System.Text;
using TdxPamt.Cli;
using TdxPamt.Fuzz.Grammar;

namespace TdxPamt.Fuzz.Targets;

/// <summary>Command lines, run in this process over a folder of sound and broken files.</summary>
/// <remarks>The process works in that folder from then on. Arguments are kept from naming anything outside it, and
/// what is written from replacing what is read.</remarks>
internal sealed class CommandLineTarget : Target
{
    private readonly Lazy<byte[]> _input = new(Prepare);

    internal override string Name => "command-line";

    internal override byte[] Make(Chance chance)
    {
        if (chance.OneIn(20))
            return Join(CommandLineGrammar.Simulation(chance));
        byte[] input = Join(CommandLineGrammar.Make(chance));
        return input.AsSpan().IndexOf("simulate"u8) >= 0 || !chance.OneIn(3)
            ? input
            : Mutator.Mutate(input, [input], chance);
    }

    internal override void Try(byte[] input)
    {
        using MemoryStream standardInput = new(_input.Value);
        using MemoryStream output = new();
        using StringWriter errors = new();
        string[] args = Confine(Encoding.UTF8.GetString(input).Split('\0'));
        int code = Tool.Run(new Terminal(standardInput, output, errors, screen: null), args);
        string said = errors.ToString();
        Law.Holds(code is Terminal.Done or Terminal.Negative or Terminal.Refused, "the exit code is 0, 1 or 2");
        Law.Holds(!said.Contains("internal error", StringComparison.Ordinal), said);
        if (code == Terminal.Refused && said.Length == 0)
        {
            Law.Holds(
                Encoding.UTF8.GetString(output.ToArray()).Contains("\"invalid\"", StringComparison.Ordinal),
                "a refusal is told on stderr, or is one answer of several");
        }

        if (said.Length == 0)
            return;
        Law.Holds(said.EndsWith('\n'), "errors are lines");
        foreach (string line in said[..^1].Split('\n'))
            Law.IsPrintable(line, "errors");
    }

    private static byte[] Join(List<string> args) => Encoding.UTF8.GetBytes(string.Join('\0', args));

    private static string[] Confine(string[] args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            string arg = args[i].Replace('/', '_').Replace("..", "_", StringComparison.Ordinal);
            bool isOutput = i > 0 && args[i - 1] is "-o" or "--output";
            bool attachesOutput = arg.Length > 2 && (arg.StartsWith("-o", StringComparison.Ordinal)
                || arg.StartsWith("--output", StringComparison.Ordinal));
            args[i] = isOutput && arg != "-" ? "out" + arg : attachesOutput ? "--output" : arg;
        }

        return args;
    }

    /// <summary>Makes the folder and what standard input has.</summary>
    private static byte[] Prepare()
    {
        string folder = Directory.CreateTempSubdirectory("tdxpamt-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        (string Name, byte[] Content)[] files =
        [
            ("host.json", Corpus.Documents[0]),
            ("host.log", Corpus.Logs[0]),
            ("broken.json", "{\"memory\":[{\"start\":1}]}"u8.ToArray()),
            ("plan.json", Corpus.Plans[0]),
            ("tdmrs.bin", Corpus.TdmrInfos[0]),
            ("pagetypeinfo", Corpus.PageTypeInfos[0]),
            ("transcript.txt", Corpus.Transcript),
            ("broken.txt", [.. Corpus.Transcript, .. "call 24\n"u8]),
            ("lines.ndjson", [.. Corpus.Documents[1], (byte)'\n', .. Corpus.Plans[1], (byte)'\n']),
        ];
        foreach ((string name, byte[] content) in files)
            File.WriteAllBytes(Path.Combine(folder, name), content);
        Environment.CurrentDirectory = folder;
        Console.SetOut(TextWriter.Null);
        return Corpus.Documents[1];
    }
}
