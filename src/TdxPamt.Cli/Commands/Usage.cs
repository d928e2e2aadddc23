using System.CommandLine;
using System.CommandLine.Parsing;

namespace TdxPamt.Cli;

/// <summary>What is wrong with a command line, in one line.</summary>
internal static class Usage
{
    private const string SeeHelp = "see tdxpamt --help";

    /// <summary>Why a command line is refused; null where it is not.</summary>
    internal static string? Refusal(ParseResult parsed)
    {
        if (Misspelt(parsed) is { } option)
            return Unknown(option.Split('=')[0], "option", Options(parsed.CommandResult));
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string token = parsed.UnmatchedTokens[0];
            Command command = parsed.CommandResult.Command;
            return command.Subcommands.Count > 0
                ? Unknown(token, "command", command.Subcommands.Select(static other => other.Name))
                : $"{token}: one argument too many; {SeeHelp}";
        }

        if (parsed.Errors.Count == 0)
            return null;
        string reason = parsed.Errors[0].Message.TrimEnd('.');
        return reason.EndsWith('?') ? reason : $"{reason}; {SeeHelp}";
    }

    /// <summary>The first word before <c>--</c> that looks like an option and is none. Where a command takes files, the
    /// parser reads such a word as a file.</summary>
    private static string? Misspelt(ParseResult parsed)
    {
        Token[] values =
            [.. parsed.CommandResult.Children.OfType<OptionResult>().SelectMany(static option => option.Tokens)];
        return parsed.Tokens
            .TakeWhile(static token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && token.Value.Length > 1 && token.Value[0] == '-')
            .FirstOrDefault(token => !values.Contains(token, ReferenceEqualityComparer.Instance))?.Value;
    }

    private static string Unknown(string token, string kind, IEnumerable<string> known)
    {
        string hint = NearestWord.Hint(token, known) ?? SeeHelp;
        return $"{token}: no such {kind}; {hint}";
    }

    private static IEnumerable<string> Options(CommandResult? result)
    {
        for (bool isOwn = true; result is not null; result = result.Parent as CommandResult, isOwn = false)
        {
            foreach (Option option in result.Command.Options.Where(option => isOwn || option.Recursive))
                yield return option.Name;
        }
    }
}
