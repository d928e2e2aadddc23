using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using TdxPamt.Module;

namespace TdxPamt.Tests.Readme;

public partial class ReadmeTests
{
    internal static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void its_samples_are_compiled()
    {
        string sources = string.Concat(Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "tests/TdxPamt.Tests/Readme"), "*Sample.cs")
            .Order(StringComparer.Ordinal)
            .Select(static file => WithoutIndentation(File.ReadAllText(file))));
        MatchCollection samples = Samples().Matches(Readme);
        samples.Should().NotBeEmpty();
        foreach (Match sample in samples)
        {
            string body = string.Concat(WithoutIndentation(sample.Groups["code"].Value)
                .Split('\n')
                .Where(static line => !line.StartsWith("using ", StringComparison.Ordinal) || line.Contains('='))
                .Select(static line => line + "\n")).Trim();
            sources.Should().Contain(body);
        }
    }

    [Fact]
    public void its_embedding_sample_runs()
    {
        using StringWriter console = new();
        EmbeddingSample.Run(console, NullLogger.Instance);
        console.ToString().Should().Contain("TDMR [0x0, 0x80000000): PAMTs at [")
            .And.EndWith($"{(2 + 254 + 256) * 4104 + 12} KB allocated for PAMT{Environment.NewLine}");
    }

    [Fact]
    public void its_planning_sample_finds_what_would_help()
    {
        using StringWriter console = new();
        PlanningSample.Run(console, RealHosts.Read(RealHosts.FoxCreekPass));
        console.ToString().ReplaceLineEndings("\n").Should().StartWith("mainline fails on this machine (")
            .And.EndWith("without [0x619e2000, 0x619ea000) it would fit\nholes-from-cmrs: 1050644 KiB, 0 bytes of RAM lost\n");
    }

    [Fact]
    public void the_example_of_a_module_configures_it()
    {
        AddressRange ram = AddressRange.Create(0x100000, 0x100000000);
        HostMemory host = HostMemory.Create([new(ram, node: 0)], [ram]);
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);
        using StringWriter console = new();
        ModuleSample.Run(host, construction, console);
        console.ToString().Trim().Should().Be("TDX_SUCCESS 0x0");
    }

    [Fact]
    public void its_seamcall_sample_brings_a_module_up()
    {
        AddressRange ram = AddressRange.Create(0x100000, 0x100000000);
        HostMemory host = HostMemory.Create([new(ram, node: 0)], [ram]);
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);
        (SeamcallSample.Machine machine, CompletionStatus status) = SeamcallSample.Run(construction, host);
        status.Should().Be(CompletionStatus.Success);
        machine.Module.State.Should().Be(TdxModuleState.Ready);
        machine.Module.TryGetPage(0x100000, out PamtPage page).Should().BeTrue();
        page.Type.Should().Be(PamtPageType.NotUsed);
    }

    private static string WithoutIndentation(string source) => Indentation().Replace(source.ReplaceLineEndings("\n"), "");

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Samples();

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
