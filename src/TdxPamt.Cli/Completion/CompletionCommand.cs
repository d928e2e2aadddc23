using System.CommandLine;
using System.Text;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt completion</c>: a script that has the shell ask the command for candidates.</summary>
/// <remarks>What is completed is what this very version takes, see <see cref="Suggestions"/>. Files are left to
/// the shell.</remarks>
internal static class CompletionCommand
{
    private static readonly string[] Shells = EmbeddedText.Names("Completion");

    internal static Command Create(Terminal terminal)
    {
        Argument<string> shell = new("SHELL")
        {
            HelpName = string.Join('|', Shells),
            CompletionSources = { Shells },
            Description = "The shell that is to run the script.",
        };
        Command command = new("completion", "Prints a script that completes commands, options and values in a shell.")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shell)!;
            if (!Shells.Contains(name))
                return terminal.Refuse($"{name}: no such shell; must be one of {string.Join(", ", Shells)}");
            terminal.Write(Encoding.UTF8.GetBytes(EmbeddedText.Read("Completion", name)));
            return Terminal.Done;
        });
        return command;
    }
}
