using System.CommandLine;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary><c>tdxpamt schema</c>: the JSON Schema of a document.</summary>
internal sealed class SchemaCommand
{
    private static readonly string Names = string.Join('|', DocumentSchema.Names);

    private readonly Argument<string> _document = new("DOCUMENT")
    {
        HelpName = Names,
        Description = "Which document's schema to print.",
        CompletionSources = { DocumentSchema.Names.ToArray() },
    };

    private readonly Terminal _terminal;

    private SchemaCommand(Terminal terminal) => _terminal = terminal;

    internal static Command Create(Terminal terminal)
    {
        SchemaCommand schema = new(terminal);
        Command command = new("schema", "Prints the JSON Schema of a document.") { schema._document };
        command.SetAction(schema.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string name = parsed.GetValue(_document)!;
        if (!DocumentSchema.TryRead(name, out string? schema))
            return _terminal.Refuse($"DOCUMENT: {name} {Parse.NoneOf(name, DocumentSchema.Names)}");
        _terminal.Write(Encoding.UTF8.GetBytes(schema));
        return Terminal.Done;
    }
}
