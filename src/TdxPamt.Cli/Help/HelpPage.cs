using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TdxPamt.Cli;

/// <summary>A command's help, which ends in examples.</summary>
internal sealed class HelpPage(RootCommand root) : SynchronousCommandLineAction
{
    /// <summary>Help is laid out for at least this many columns; a narrower terminal breaks its lines.</summary>
    private const int MinWidth = 40;

    private readonly HelpAction _symbols = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _symbols.MaxWidth = Math.Max(MinWidth, _symbols.MaxWidth);
        _symbols.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        string[] examples = [.. Examples(command == root ? root.HelpName! : command.Name)];
        if (examples.Length == 0)
            return Terminal.Done;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.Write("Examples:\n");
        foreach (string example in examples)
            output.Write($"  {example}\n");
        return Terminal.Done;
    }

    /// <summary>The lines below the command's name in brackets.</summary>
    private static IEnumerable<string> Examples(string command) => EmbeddedText.Read("Help", "examples")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .SkipWhile(line => line != $"[{command}]")
        .Skip(1)
        .TakeWhile(static line => line[0] != '[');
}
