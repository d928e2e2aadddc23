using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TdxPamt.Planning;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>Reads options; a mistake is one line that names the option.</summary>
internal static class Parse
{
    /// <summary>Why --ndjson and --format do not go together.</summary>
    internal const string LinesHaveNoFormat =
        "--ndjson gives a line of JSON for each line, so --format does not apply";

    private const NumberStyles Unsigned = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int MaxPoints = 10_000;

    /// <summary>Shorter values are near too many words to guess one.</summary>
    private const int MinGuessed = 3;

    /// <summary>The highest number before the unit of a size: in each unit it is less than 2^63 bytes.</summary>
    private const decimal MaxSize = 1 << 22;

    /// <summary>The share of a step by which the last point may miss the end.</summary>
    private const decimal Rounding = 0.000_001m;

    /// <summary>The names of the strategies, without <c>kernel</c>.</summary>
    internal static IEnumerable<string> StrategyNames => PlanStrategyNames.Each.Select(static each => each.Name());

    /// <summary>An option that takes one of some words; the first is its default.</summary>
    internal static Option<string> OneOf(string name, string description, params string[] words) => new(name)
    {
        HelpName = string.Join('|', words),
        Description = $"{description}.",
        DefaultValueFactory = _ => words[0],
        CompletionSources = { words },
        CustomParser = Option<string>(text => words.Contains(text)
            ? text
            : OptionValue<string>.Refuse(NoneOf(text, words))),
    };

    /// <summary>Whether an option stands on the command line.</summary>
    internal static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>What a word must be that is none of those, and which of them it may stand for.</summary>
    internal static string NoneOf(string text, IEnumerable<string> words)
    {
        string hint = text.Length >= MinGuessed && NearestWord.Hint(text, words) is { } near ? $"; {near}" : "";
        return $"must be one of {string.Join(", ", words)}{hint}";
    }

    /// <summary>Reads an option's one value.</summary>
    internal static Func<ArgumentResult, T?> Option<T>(Func<string, OptionValue<T>> parse) => result =>
    {
        string text = result.Tokens[^1].Value;
        OptionValue<T> read = parse(text);
        if (read.Requirement is not null)
        {
            string name = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? "";
            result.AddError($"{name}: {text} {read.Requirement}");
        }

        return read.Value;
    };

    /// <summary>Reads a whole number of an interval.</summary>
    internal static Func<ArgumentResult, int> Whole(int low, int high) => Option<int>(text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        && value >= low && value <= high
            ? value
            : OptionValue<int>.Refuse(Invariant($"must be a whole number from {low} to {high}")));

    /// <summary>Reads a number of 64 bits.</summary>
    internal static OptionValue<ulong> Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : OptionValue<ulong>.Refuse("must be a whole number from 0 to 2^64 - 1");

    /// <summary>Reads an amount of memory, such as 512GiB or 1.5TiB, in bytes.</summary>
    internal static OptionValue<ulong> Size(string text)
    {
        (string Unit, decimal Bytes)[] units = [("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40)];
        foreach ((string unit, decimal bytes) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && TryDecimal(text[..^3], out decimal number)
                && number <= MaxSize && number * bytes % 1 == 0)
            {
                return (ulong)(number * bytes);
            }
        }

        return OptionValue<ulong>.Refuse("must be a size such as 512GiB or 1.5TiB");
    }

    /// <summary>Reads a number that a test accepts.</summary>
    internal static Func<ArgumentResult, double> Real(Func<double, bool> isLegal, string interval) =>
        Option<double>(text =>
            double.TryParse(text, Unsigned, CultureInfo.InvariantCulture, out double value) && isLegal(value)
                ? value
                : OptionValue<double>.Refuse($"must be a number {interval}"));

    /// <summary>Reads strategies by their names, joined by commas or, as they are printed, by plus signs.</summary>
    internal static OptionValue<PlanStrategies> Strategies(string text) =>
        PlanStrategyNames.TryParse(text.Replace(',', '+'), out PlanStrategies strategies)
            ? strategies
            : OptionValue<PlanStrategies>.Refuse($"must be kernel or some of {string.Join(", ", StrategyNames)}"
                + HintFor(text.Split(',', '+')));

    /// <summary>Reads FROM:TO:STEP: fractions in steps that are exact in decimal. The last step ends at TO where it
    /// misses TO only by rounding.</summary>
    internal static OptionValue<double[]> Sweep(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length != 3 || !TryDecimal(parts[0], out decimal from) || !TryDecimal(parts[1], out decimal to)
            || !TryDecimal(parts[2], out decimal step) || from > to || to > 1)
        {
            return OptionValue<double[]>.Refuse("must be FROM:TO:STEP with 0 <= FROM <= TO <= 1");
        }

        if (step <= 0)
            return OptionValue<double[]>.Refuse("must have a STEP above 0");
        decimal steps = decimal.Floor(((to - from) / step) + Rounding);
        return steps < MaxPoints
            ? Enumerable.Range(0, (int)steps + 1).Select(i => (double)Math.Min(from + (i * step), to)).ToArray()
            : OptionValue<double[]>.Refuse(Invariant($"must have no more than {MaxPoints} points"));
    }

    /// <summary>Which strategy the first word that is none may stand for.</summary>
    private static string HintFor(string[] words)
    {
        string[] names = ["kernel", .. StrategyNames];
        string? hint = NearestWord.Hint(words.FirstOrDefault(word => !names.Contains(word)) ?? "", names);
        return hint is null ? "" : $"; {hint}";
    }

    private static bool TryDecimal(string text, out decimal value) =>
        decimal.TryParse(text, Unsigned, CultureInfo.InvariantCulture, out value);
}
