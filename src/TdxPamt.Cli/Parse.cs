using System.CommandLine.Parsing;
using System.Globalization;
using TdxPamt.Tdmr;

namespace TdxPamt.Cli;

/// <summary>How options are read, so that a mistake is told in one line that names the option.</summary>
internal static class Parse
{
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
}
