using TdxPamt.Cli;

using Stream standardInput = StandardStream.Input();
using Stream standardOutput = StandardStream.Output();
Terminal terminal = new(
    standardInput,
    standardOutput,
    StandardStream.Errors(),
    Screen.FromStandardOutput(),
    isTyped: !Console.IsInputRedirected,
    isWatched: !Console.IsErrorRedirected);
return Tool.Run(terminal, RawName.Decode(args));
