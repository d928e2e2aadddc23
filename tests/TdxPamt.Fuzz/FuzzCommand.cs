using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TdxPamt.Fuzz.Grammar;
using TdxPamt.Fuzz.Targets;

namespace TdxPamt.Fuzz;

/// <summary>Tries hostile inputs at every door: real ones that are damaged, and made ones.</summary>
internal static class FuzzCommand
{
    private static readonly HostTarget Documents = new("document", Corpus.Documents, DocumentGrammar.Host);
    private static readonly PlanTarget Plans = new();

    /// <summary>The targets and their shares: what is slow to try gets few.</summary>
    private static readonly (Target Target, int Share)[] Targets =
    [
        (new HostTarget("log", Corpus.Logs, LogGrammar.Log), 10),
        (new HostTarget("iomem", Corpus.Iomems, LogGrammar.Iomem), 6),
        (Documents, 10),
        (Plans, 12),
        (new PageTypeInfoTarget(), 8),
        (new TdmrInfoTarget(), 11),
        (new SummaryTarget(), 4),
        (new OptionsTarget(), 2),
        (new StreamTarget(Documents, Plans), 2),
        (new CommandLineTarget(), 1),
    ];

    private static int Main(string[] args)
    {
        Option<long> inputs = new("--inputs")
        {
            DefaultValueFactory = static _ => 100_000,
            Description = "How many to try.",
        };
        Option<ulong> seed = new("--seed")
        {
            DefaultValueFactory = static _ => 1,
            Description = "What all chance is derived from.",
        };
        Option<long> from = new("--from") { Description = "The number of the first one." };
        Option<string?> target = new("--target") { Description = "One target instead of all." };
        target.AcceptOnlyFromAmong([.. Targets.Select(static pair => pair.Target.Name)]);
        Option<int> threads = new("--threads") { DefaultValueFactory = static _ => Environment.ProcessorCount };
        Option<string[]> tries = new("--try") { Description = "Kept inputs to try, instead of making any." };
        Option<string> save = new("--save")
        {
            DefaultValueFactory = static _ => "artifacts/fuzz",
            Description = "Where to keep inputs that fail.",
        };
        RootCommand command = new("Tries hostile inputs.") { inputs, seed, from, target, threads, tries, save };
        command.SetAction(parsed =>
        {
            (Target Target, int Share)[] chosen =
                [.. Targets.Where(pair => (parsed.GetValue(target) ?? pair.Target.Name) == pair.Target.Name)];
            Seed[] kept = [.. parsed.GetValue(tries) is { Length: > 0 } files ? files.Select(Seed.Read) : Seed.Kept()];
            long count = parsed.GetValue(tries) is { Length: > 0 } ? 0 : parsed.GetValue(inputs);
            TextWriter report = Console.Out;
            Stopwatch watch = Stopwatch.StartNew();
            Campaign campaign = new(chosen, parsed.GetValue(seed), Path.GetFullPath(parsed.GetValue(save)!), report);
            foreach ((Seed again, int index) in kept.Select(static (again, index) => (again, index)))
                campaign.Try(Targets.Single(pair => pair.Target.Name == again.Target).Target, again.Input, ~index);
            campaign.Run(parsed.GetValue(from), count, parsed.GetValue(threads));
            double rate = count / watch.Elapsed.TotalSeconds;
            report.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kept.Length} kept inputs, {rate:f0} inputs/s, seed {parsed.GetValue(seed)}"));
            report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"inputs {count}"));
            report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"crashes {campaign.Crashes}"));
            return campaign.Crashes > 0 ? 1 : 0;
        });
        return command.Parse(args).Invoke();
    }
}
