using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace TdxPamt.Cli;

/// <summary>The command as a whole: arguments in, an exit code out.</summary>
internal static class Tool
{
    internal static int Run(Terminal terminal, string[] args)
    {
        RootCommand root = new("Models how a Linux host prepares its memory for Intel's TDX module.")
        {
            CollectCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            PlanCommand.Create(terminal),
            CheckCommand.Create(terminal),
            CompareCommand.Create(terminal),
            SimulateCommand.Create(terminal),
            DrawCommand.Create(terminal),
            ReplayCommand.Create(terminal),
            CostCommand.Create(terminal),
            NewCommand.Create(terminal),
            ExampleCommand.Create(terminal),
            SummaryCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        root.HelpName = "tdxpamt";
        root.Directives.Clear();
        root.Add(HelpCommand.Create(terminal, root));
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPage(root);
        foreach (string alias in (string[])["/h", "-?", "/?"])
            help.Aliases.Remove(alias); // A path may begin with a slash.
        root.Options.OfType<VersionOption>().Single().Action = new VersionLine();
        return terminal.Run(() =>
        {
            if (args.Length > 0 && Suggestions.Refusal(args[0]) is { } directive)
                return terminal.Refuse(directive);
            if (Suggestions.TryCreate(root, args) is { } suggestions)
            {
                terminal.Write(Encoding.UTF8.GetBytes(string.Concat(suggestions.Select(static word => word + "\n"))));
                return Terminal.Done;
            }

            // A file's name may begin with @, so there are no response files.
            ParserConfiguration configuration = new() { ResponseFileTokenReplacer = null };
            ParseResult parsed = root.Parse(Arrange(root, args), configuration);
            if (Usage.Refusal(parsed) is { } refusal)
                return terminal.Refuse(refusal);
            using StringWriter text = new();
            int exitCode = parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = text,
            });
            if (text.GetStringBuilder().Length > 0)
                terminal.Write(Encoding.UTF8.GetBytes(text.ToString()));
            return exitCode;
        });
    }

    /// <summary>Without arguments, help; options before the command go behind it, where they belong to it.</summary>
    private static string[] Arrange(RootCommand root, string[] args)
    {
        if (args.Length == 0)
            return ["--help"];
        int command = Array.FindIndex(args, arg => root.Subcommands.Any(known => known.Name == arg));
        return command > 0 && args[0].StartsWith('-') && args[0] is not ("--" or "--version")
            ? [args[command], .. args[..command], .. args[(command + 1)..]]
            : args;
    }
}
