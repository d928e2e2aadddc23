using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;

namespace TdxPamt.Cli;

/// <summary>What may stand at the end of an unfinished command line.</summary>
internal static class Suggestions
{
    private const string Asked = "[suggest:";

    /// <summary>Why a first argument that asks for completions is refused; null where it is not.</summary>
    internal static string? Refusal(string argument) =>
        argument.StartsWith(Asked, StringComparison.Ordinal) && argument.EndsWith(']') && !TryLength(argument, out _)
            ? FormattableString.Invariant($"{argument}: the position must be a whole number from 0 to {int.MaxValue}")
            : null;

    /// <summary>Answers a completion script, which asks with <c>[suggest:LENGTH] LINE</c>.</summary>
    /// <param name="root">The command as a whole.</param>
    /// <param name="args">The command line.</param>
    /// <returns>The words that may end the line, in alphabetical order; null for any other command line.</returns>
    internal static string[]? TryCreate(RootCommand root, string[] args)
    {
        if (args.Length != 2 || !args[0].StartsWith(Asked, StringComparison.Ordinal)
            || !TryLength(args[0], out int length))
        {
            return null;
        }

        string line = args[1][..Math.Clamp(length, 0, args[1].Length)];
        string[] words = line.Split(' ');
        string typed = words[^1];
        return [.. After(root, [.. words[..^1].Where(static word => word.Length > 0)], typed)
            .Where(word => word.StartsWith(typed, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static bool TryLength(string argument, out int length) => int.TryParse(
        argument.AsSpan()[Asked.Length..].TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out length);

    private static IEnumerable<string> After(RootCommand root, string[] words, string typed)
    {
        int at = Array.FindIndex(words, word => root.Subcommands.Any(known => known.Name == word));
        if (at < 0)
            return [.. root.Subcommands.Select(static known => known.Name), .. Names(root.Options, words)];
        Command command = root.Subcommands.First(known => known.Name == words[at]);
        Option[] options = [.. command.Options, .. root.Options.Where(static option => option.Recursive)];
        if (words.Contains("--"))
            return command.Arguments.SelectMany(Values);
        if (words[^1].StartsWith('-') && Find(options, words[^1]) is { } before && TakesValue(before))
            return List(before, typed);
        int equals = typed.IndexOf('=');
        if (equals > 0 && Find(options, typed[..equals]) is { } named && TakesValue(named))
            return List(named, typed[(equals + 1)..]).Select(value => typed[..(equals + 1)] + value);
        return [.. command.Arguments.SelectMany(Values), .. Names(options, words)];
    }

    /// <summary>The options that were not given yet.</summary>
    private static IEnumerable<string> Names(IEnumerable<Option> options, string[] words) => options
        .Where(option => !words.Any(word => Find([option], word.Split('=')[0]) is not null))
        .SelectMany(static option => option.Aliases.Append(option.Name));

    private static Option? Find(IEnumerable<Option> options, string name) =>
        options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0
        && option.ValueType != typeof(bool) && option.ValueType != typeof(bool?);

    /// <summary>The values of an option; after a comma, those of a list that are not in it.</summary>
    private static IEnumerable<string> List(Option option, string typed)
    {
        IEnumerable<string> values = Values(option);
        int comma = typed.LastIndexOf(',');
        return comma < 0 || option.HelpName?.Contains("[,", StringComparison.Ordinal) != true ? values
            : values.Except(typed[..comma].Split(','), StringComparer.Ordinal)
                .Select(value => typed[..(comma + 1)] + value);
    }

    private static IEnumerable<string> Values(Symbol symbol) =>
        symbol.GetCompletions(CompletionContext.Empty).Select(static item => item.Label);
}
