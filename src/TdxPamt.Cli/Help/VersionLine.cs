using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace TdxPamt.Cli;

/// <summary><c>--version</c>: the version, and the commit it was built from where that is known.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        string[] version = typeof(VersionLine).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
        string commit = version.Length > 1 ? $", commit {version[1]}" : "";
        parseResult.InvocationConfiguration.Output.Write($"tdxpamt {version[0]}{commit}\n");
        return Terminal.Done;
    }
}
