using System.CommandLine;

namespace TdxPamt.Cli;

/// <summary>The options <c>--quiet</c> and <c>--verbose</c>.</summary>
/// <param name="quietly">What the help says of <c>--quiet</c>.</param>
/// <param name="verbosely">What the help says of <c>--verbose</c>.</param>
internal sealed class Verbosity(string quietly, string verbosely)
{
    private readonly Option<bool> _quiet = Quiet(quietly);

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = verbosely };

    internal static Option<bool> Quiet(string description) => new("--quiet", "-q") { Description = description };

    internal void AddTo(Command command)
    {
        command.Options.Add(_quiet);
        command.Options.Add(_verbose);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_quiet) && result.GetValue(_verbose))
                result.AddError("--quiet and --verbose exclude one another");
        });
    }

    internal bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    internal bool IsVerbose(ParseResult parsed) => parsed.GetValue(_verbose);
}
