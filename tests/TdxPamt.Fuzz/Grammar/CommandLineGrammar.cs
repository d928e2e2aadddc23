namespace TdxPamt.Fuzz.Grammar;

/// <summary>Makes command lines over the files of a folder.</summary>
internal static class CommandLineGrammar
{
    internal static readonly string[] Files =
    [
        "host.json", "host.log", "broken.json", "plan.json", "tdmrs.bin", "pagetypeinfo", "lines.ndjson",
        "transcript.txt", "broken.txt", "-", "none", ".", "",
    ];

    private static readonly string[] Strange =
    [
        "--", "-", "--quiet", "--verbose", "-q", "-v", "--help", "-h", "-?", "--version", "[suggest]", "[diagram]",
        "[suggest:-1]", "[suggest:99999999999]", "[suggest:7]", new string('x', 5000), "--" + new string('y', 5000),
        "\udcff", "@host.json", "--format", "--format=json", "--max-tdmrs=", "-x",
        "--kernel:v5", "\u001b[2J", "\u202e", "\ud800", "\n", "--\n", "=", "''", "\"", "plan", "check", "\0",
    ];

    internal static List<string> Make(Chance chance)
    {
        string command = chance.Of(
            "plan", "plan", "check", "compare", "simulate", "draw", "replay", "help", "completion");
        List<string> line = [command];
        bool mayBeHeavy = command == "simulate";
        for (int options = chance.Below(4); options > 0; options--)
        {
            line.AddRange(command switch
            {
                "plan" => Plan(chance),
                "check" => Check(chance),
                "compare" => Compare(chance),
                "simulate" => Simulate(chance),
                "replay" => ["--format", chance.Of("text", "json", "csv")],
                "draw" => ["-o", chance.Of("out.svg", "out.html", "out.png", ".svg", "-")],
                _ => [chance.Of("bash", "kernels", "plan", "examples", "x")],
            });
        }

        // What takes long on a sound host is tried on none; options are read before files are.
        for (int files = chance.Of(0, 1, 1, 1, 2); files > 0; files--)
        {
            line.Insert(
                chance.From(1, line.Count),
                mayBeHeavy ? chance.Of("broken.json", "none", "")
                : command == "replay" ? chance.Of("transcript.txt", "broken.txt", chance.Of<string>(Files))
                : chance.Of<string>(Files));
        }

        for (; chance.OneIn(4);)
            line.Insert(chance.Below(line.Count + 1), chance.Of<string>(Strange));
        if (chance.OneIn(8))
            line.RemoveAt(chance.Below(line.Count));
        return line;
    }

    /// <summary>A simulation that is done at once.</summary>
    internal static List<string> Simulation(Chance chance)
    {
        List<string> line = ["simulate", chance.Of("host.json", "host.log", "-"), "--trials", "1", "--threads", "1"];
        line.AddRange(chance.Of<string[]>(
            [], ["--unmovable", "0.5"], ["--sweep", "0:1:0.5"], ["--pagetypeinfo", "pagetypeinfo"],
            ["--unmovable", "1"], ["--run-length", "1e300"]));
        if (chance.OneIn(2))
            line.AddRange(["--allocator", chance.Of("linux", "all", "best-fit,last-fit")]);
        if (chance.OneIn(2))
            line.AddRange(["--format", chance.Of("json", "csv", "text")]);
        if (chance.OneIn(4))
            line.AddRange(["-o", "out.svg"]);
        return line;
    }

    private static string[] Plan(Chance chance) => chance.Below(6) switch
    {
        0 => ["--format", chance.Of("text", "json", "binary", "csv")],
        1 => ["--ndjson"],
        2 => ["-o", chance.Of("out", "out.bin", "none/out", ".", "-")],
        3 => ["--kernel", chance.Of("v5", "mainline", "cmr-holes", "6")],
        4 =>
        [
            "--strategy",
            chance.Of("split-tdmrs", "exclude-ram,merge-areas", "kernel", "holes-from-cmrs+join-tdmrs", ","),
        ],
        _ => Module(chance),
    };

    private static string[] Check(Chance chance) => chance.Below(7) switch
    {
        0 => ["--format", chance.Of("text", "json", "svg")],
        1 => ["--ndjson"],
        2 or 3 => ["--binary", chance.Of<string>(Files), "--host", chance.Of<string>(Files)],
        4 => ["--module-release", chance.Of("1.5.05", "1.5.16", "1.5.25", "2.0.18", "1.5.5")],
        5 => ["--physical-address-bits", chance.OneIn(2) ? chance.Of("32", "46", "52") : Number(chance)],
        _ => Module(chance),
    };

    private static string[] Compare(Chance chance) => chance.Below(4) switch
    {
        0 => ["--format", chance.Of("text", "json")],
        1 => ["--headroom"],
        2 => ["--ndjson"],
        _ => Module(chance),
    };

    private static string[] Simulate(Chance chance) => chance.Below(6) switch
    {
        0 => [chance.Of("--unmovable", "--run-length", "--threshold", "--trials", "--seed", "--threads"),
            Number(chance)],
        1 => ["--sweep", $"{Number(chance)}:{Number(chance)}:{Number(chance)}"],
        2 => ["--pagetypeinfo", chance.Of<string>(Files)],
        3 => ["--allocator", chance.Of("all", "linux,linux", "", ",", "best-fit,", "none")],
        4 => ["--ndjson"],
        _ => Module(chance),
    };

    private static string[] Module(Chance chance) => chance.Below(3) switch
    {
        0 => ["--dynamic-pamt"],
        1 => ["--max-tdmrs", Number(chance)],
        _ => ["--max-reserved-areas", Number(chance)],
    };

    private static string Number(Chance chance) =>
        chance.OneIn(2)
            ? chance.Of<string>(Mutator.EdgeNumbers)
            : chance.Of("0", "1", "0.5", "0.001", "1e-5", "7", "20", "1e28", "-0.5", "1e-28", ".5");
}
