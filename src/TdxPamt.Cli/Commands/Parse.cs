using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TdxPamt.Planning;

namespace TdxPamt.Cli;

/// <summary>How options are read, so that a mistake is told in one line that names the option.</summary>
internal static class Parse
{
    private const NumberStyles Unsigned = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int MaxPoints = 10_000;

    /// <summary>By how much of a step the last point may miss the end.</summary>
    private const decimal Rounding = 0.000_001m;

    /// <summary>An option that takes one of some words, the first where it is not given.</summary>
    internal static Option<string> OneOf(string name, string description, params string[] words) => new(name)
    {
        HelpName = string.Join('|', words),
        Description = $"{description}.",
        DefaultValueFactory = _ => words[0],
        CompletionSources = { words },
        CustomParser = Option(text =>
            words.Contains(text) ? text : throw new FormatException($"must be one of {string.Join(", ", words)}")),
    };

    /// <summary>Reads an option's one value; a <see cref="FormatException"/> says what it must be.</summary>
    internal static Func<ArgumentResult, T?> Option<T>(Func<string, T> parse) => result =>
    {
        string text = result.Tokens[^1].Value;
        try
        {
            return parse(text);
        }
        catch (FormatException refused)
        {
            string name = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? "";
            result.AddError($"{name}: {text} {refused.Message}");
            return default;
        }
    };

    /// <summary>Reads a count that the module's parameters take.</summary>
    internal static Func<ArgumentResult, int?> Number(Func<int, ModuleParameters> set) => Option<int?>(text =>
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            throw new FormatException("is no whole number");
        try
        {
            set(value);
            return value;
        }
        catch (ArgumentOutOfRangeException refused)
        {
            string reason = refused.Message[refused.Message.IndexOf("must be", StringComparison.Ordinal)..];
            throw new FormatException(reason[..reason.IndexOf(" (Parameter", StringComparison.Ordinal)], refused);
        }
    });

    /// <summary>Reads a whole number of an interval.</summary>
    internal static Func<ArgumentResult, int> Whole(int low, int high) => Option(text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        && value >= low && value <= high
            ? value
            : throw new FormatException(FormattableString.Invariant($"must be a whole number from {low} to {high}")));

    /// <summary>Reads a number that a test takes.</summary>
    internal static Func<ArgumentResult, double> Real(Func<double, bool> isLegal, string interval) => Option(text =>
        double.TryParse(text, Unsigned, CultureInfo.InvariantCulture, out double value) && isLegal(value)
            ? value
            : throw new FormatException($"must be a number {interval}"));

    internal static IEnumerable<string> StrategyNames => PlanStrategyNames.Each.Select(static each => each.Name());

    /// <summary>Reads strategies by their names, joined by commas or, as they are printed, by plus signs.</summary>
    internal static PlanStrategies Strategies(string text) =>
        PlanStrategyNames.TryParse(text.Replace(',', '+'), out PlanStrategies strategies)
            ? strategies
            : throw new FormatException($"must be kernel or some of {string.Join(", ", StrategyNames)}");

    /// <summary>Reads FROM:TO:STEP: fractions in steps that are exact in decimal, TO among them up to
    /// rounding.</summary>
    internal static double[] Sweep(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length != 3 || !TryDecimal(parts[0], out decimal from) || !TryDecimal(parts[1], out decimal to)
            || !TryDecimal(parts[2], out decimal step) || from > to || to > 1)
        {
            throw new FormatException("must be FROM:TO:STEP with 0 <= FROM <= TO <= 1");
        }

        if (step <= 0)
            throw new FormatException("must have a STEP above 0");
        decimal steps = decimal.Floor(((to - from) / step) + Rounding);
        if (steps >= MaxPoints)
            throw new FormatException($"must have no more than {MaxPoints} points");
        return [.. Enumerable.Range(0, (int)steps + 1).Select(i => (double)Math.Min(from + (i * step), to))];
    }

    private static bool TryDecimal(string text, out decimal value) =>
        decimal.TryParse(text, Unsigned, CultureInfo.InvariantCulture, out value);
}
