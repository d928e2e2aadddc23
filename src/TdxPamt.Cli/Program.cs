using System.CommandLine;
using TdxPamt.Cli;

using Stream standardInput = Console.OpenStandardInput();
using Stream standardOutput = Console.OpenStandardOutput();
Terminal terminal = new(standardInput, standardOutput, Console.Error);
RootCommand root = new("Models how a Linux host gives memory to Intel's TDX module.")
{
    PlanCommand.Create(terminal),
    CheckCommand.Create(terminal),
    CompareCommand.Create(terminal),
    SimulateCommand.Create(terminal),
    DrawCommand.Create(terminal),
};
return terminal.Run(() =>
{
    ParseResult parsed = root.Parse(args);
    if (parsed.UnmatchedTokens.Count > 0)
        return terminal.Refuse($"{parsed.UnmatchedTokens[0]}: no such command or option; see tdxpamt --help");
    return parsed.Errors.Count > 0
        ? terminal.Refuse($"{parsed.Errors[0].Message.TrimEnd('.')}; see tdxpamt --help")
        : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
});
