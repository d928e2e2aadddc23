using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt example</c>: a published machine to try the command on.</summary>
internal static class ExampleCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string?> name = new("NAME")
        {
            HelpName = "NAME",
            Description = "Which machine to print; none: lists them.",
            Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { static _ => PublishedHosts.Names },
        };
        Command command = new("example", "Prints the boot log or host document of a published machine.") { name };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is not { } wanted)
                terminal.Write(PublishedHostList.Create());
            else if (PublishedHosts.TryRead(wanted, out string? text))
                terminal.Write(Encoding.UTF8.GetBytes(text));
            else
                return terminal.Refuse($"NAME: {wanted} {Parse.NoneOf(wanted, PublishedHosts.Names)}");
            return Terminal.Done;
        });
        return command;
    }
}
