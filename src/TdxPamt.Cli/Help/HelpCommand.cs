using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt help</c>: what the inputs look like, and what the answers mean.</summary>
internal static class HelpCommand
{
    private static readonly string[] Topics =
        [.. EmbeddedText.Names("Help").Where(static name => name != "examples")];

    internal static Command Create(Terminal terminal, RootCommand root)
    {
        Argument<string?> topic = new("TOPIC")
        {
            HelpName = "TOPIC",
            CompletionSources =
            {
                _ => Words(root).Select(static word => new CompletionItem(word)),
            },
            Description = "A topic or a command; none: lists both.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = new("help", "Explains the inputs, kernels, strategies and exit codes.") { topic };
        command.SetAction(parsed =>
        {
            string? name = parsed.GetValue(topic);
            if (name is not null && root.Subcommands.Any(other => other.Name == name))
                return root.Parse([name, "--help"]).Invoke(parsed.InvocationConfiguration);
            if (name is not null && !Topics.Contains(name))
            {
                string? hint = NearestWord.Hint(name, Words(root));
                return terminal.Refuse($"{name}: no such topic; {hint ?? "tdxpamt help lists them"}");
            }

            terminal.Write(Encoding.UTF8.GetBytes(name is null ? List(root) : Read(name)));
            return Terminal.Done;
        });
        return command;
    }

    /// <summary>What can be asked about: topics and commands.</summary>
    private static IEnumerable<string> Words(RootCommand root) =>
        [.. Topics, .. root.Subcommands.Select(static command => command.Name)];

    private static string Read(string topic) =>
        EmbeddedText.Read("Help", topic) + (topic == "strategies" ? StrategyList.Create() : "");

    /// <summary>Every command and topic with what it is about, which is in the first line of a topic's text behind the
    /// topic's name and a colon.</summary>
    private static string List(RootCommand root)
    {
        int width = Words(root).Max(static word => word.Length);
        StringBuilder text = new("Commands, for tdxpamt COMMAND --help:\n\n");
        foreach (Command command in root.Subcommands)
            text.Append($"  {command.Name.PadRight(width)}  {command.Description}\n");
        text.Append("\nTopics, for tdxpamt help TOPIC:\n\n");
        foreach (string name in Topics)
        {
            string title = EmbeddedText.Read("Help", name).Split('\n')[0][(name.Length + 2)..];
            text.Append($"  {name.PadRight(width)}  {title}\n");
        }

        return text.ToString();
    }
}
