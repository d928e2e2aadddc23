using System.Text.RegularExpressions;

namespace TdxPamt.Tests.Readme;

/// <summary>Who pastes what documents show, block after block, into an empty program.</summary>
public partial class PastedBlocksTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="TESTS/TdxPamt.dll;TESTS/TdxPamt.Hosts.dll" />
            <Reference Include="TESTS/Microsoft.Extensions.Logging.Abstractions.dll" />
          </ItemGroup>
        </Project>
        """;

    [Theory]
    [InlineData(new[] { "src/README.nuget.md" }, "4-node-1TiB-6.5: * KB allocated for PAMT")]
    [InlineData(
        new[] { "README.md", "docs/embedding.md", "docs/planning.md" },
        "4-node-1TiB-6.5: * KB allocated for PAMT\n*\n0 pages in use\nmainline works*")]
    [InlineData(new[] { "docs/module.md" }, "virt/tdx: *TDX-Module initialized\n*page 0x201000: TDX_SUCCESS 0x0, *")]
    public void the_blocks_of_documents_run_one_after_the_other(string[] documents, string output) =>
        Command.InFolder(folder =>
        {
            File.WriteAllText(
                Path.Combine(folder, "Pasted.csproj"), Project.Replace("TESTS", AppContext.BaseDirectory.TrimEnd('/')));
            string program = "";
            foreach (string block in documents.SelectMany(Documents.Blocks))
            {
                if (Type().Match(block) is { Success: true } type)
                    File.WriteAllText(Path.Combine(folder, $"{type.Groups["name"]}.cs"), block);
                else
                    program = Paste(program, block);
            }

            File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
            Command.Result built = Shell.Run($"dotnet build '{folder}' -o '{folder}/out' --nologo -v quiet");
            built.ExitCode.Should().Be(0, "{0}", built.Output);
            Command.Result result = Shell.Run($"dotnet '{folder}/out/Pasted.dll'");
            (result.ExitCode, result.Errors).Should().Be((0, ""));
            result.Output.Should().Match($"*{output}*");
        });

    /// <summary>Behind the program; new <c>using</c> lines go to its top, where C# wants them.</summary>
    private static string Paste(string program, string block)
    {
        foreach (Match line in Using().Matches(block))
        {
            if (!program.Contains(line.Value, StringComparison.Ordinal))
                program = line.Value + program;
        }

        return program + Using().Replace(block, "");
    }

    [GeneratedRegex(
        @"^internal (sealed|static) class (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Type();

    [GeneratedRegex(@"^using [\w.]+;\n", RegexOptions.Multiline)]
    private static partial Regex Using();
}
