using System.CommandLine;
using System.CommandLine.Help;

namespace TdxPamt.Cli;

/// <summary>The command as a whole: arguments in, an exit code out.</summary>
internal static class Tool
{
    internal static int Run(Terminal terminal, string[] args)
    {
        RootCommand root = new("Models how a Linux host prepares its memory for Intel's TDX module.")
        {
            CollectCommand.Create(terminal),
            PlanCommand.Create(terminal),
            CheckCommand.Create(terminal),
            CompareCommand.Create(terminal),
            SimulateCommand.Create(terminal),
            DrawCommand.Create(terminal),
            ReplayCommand.Create(terminal),
            CostCommand.Create(terminal),
            SummaryCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        root.HelpName = "tdxpamt";
        root.Add(HelpCommand.Create(terminal, root));
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPage(root);
        foreach (string alias in (string[])["/h", "-?", "/?"])
            help.Aliases.Remove(alias); // A path may begin with a slash.
        root.Options.OfType<VersionOption>().Single().Action = new VersionLine();
        return terminal.Run(() =>
        {
            // A file's name may begin with @, so there are no response files.
            ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return Usage.Refusal(root, parsed) is { } refusal
                ? terminal.Refuse(refusal)
                : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        });
    }
}
