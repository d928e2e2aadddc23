using TdxPamt.Cli;

using Stream standardInput = Console.OpenStandardInput();
using Stream standardOutput = Console.OpenStandardOutput();
return Tool.Run(new Terminal(standardInput, standardOutput, Console.Error, Screen.FromStandardOutput()), args);
