using System.Text;
using TdxPamt.Cli;

namespace TdxPamt.Tests.Support;

/// <content>Apart from the rest, which tests without a reference to the command have too.</content>
internal static partial class Command
{
    static partial void RunHere(byte[] input, string[] arguments, ref Result? result)
    {
        if (Path.GetFullPath(".") != Path.TrimEndingDirectorySeparator(Folder))
            return;
        using MemoryStream standardInput = new(input);
        using MemoryStream output = new();
        using StringWriter errors = new() { NewLine = "\n" };
        int exitCode = Tool.Run(new Terminal(standardInput, output, errors, screen: null), arguments);
        result = new(exitCode, Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length), errors.ToString());
    }
}
