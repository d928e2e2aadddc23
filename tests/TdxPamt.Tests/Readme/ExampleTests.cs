using System.Net;
using System.Text.RegularExpressions;
using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Readme;

/// <summary>What the documentation of the packages shows in <c>example</c> elements compiles
/// and does what it says.</summary>
public partial class ExampleTests
{
    [Fact]
    public void the_code_of_every_example_is_that_of_a_sample()
    {
        string samples = Samples.Text;
        (string Type, string Code)[] examples = [.. Examples()];
        examples.Select(static example => example.Type).Should().Contain([
            nameof(AddressRange), nameof(AddressRanges), nameof(HostMemory), "ValueList{T}",
            nameof(IContiguousPageAllocator), nameof(TdmrConstructor), nameof(PamtSimulation),
            nameof(TdxPamt.Planning.MemoryPlanner), nameof(HostReader),
        ]);
        foreach ((string type, string code) in examples)
            samples.Should().Contain(code, "the example of {0} is compiled", type);
    }

    [Fact]
    public void ranges_lists_and_sets_of_ranges_are_as_shown()
    {
        using StringWriter console = new();

        MemorySample.PrintRange(console).Should().BeTrue();
        console.ToString().Should().Be($"[0x100000, 0x80000000): 524032 pages{Environment.NewLine}");
        (AddressRange[] holes, AddressRange[] outside, bool convertible) = MemorySample.CombineRanges();
        holes.Should().Equal(Machine.Ranges("0..1M, 2G..4G, 6G..4P"));
        outside.Should().Equal(Machine.Ranges("1920M..2G"));
        convertible.Should().BeTrue();
        MemorySample.CompareLists().Should().BeTrue();
    }

    [Fact]
    public void the_allocator_that_is_shown_serves_a_construction_and_runs_out()
    {
        HostMemory host = Machine.Of("1M..2G, 4G..8G");
        TdmrConstructor constructor = new(new TopDownAllocatorSample.TopDownAllocator(host));

        for (int again = 0; again < 2; again++)
        {
            using TdmrConstruction construction = constructor.Construct(host);
            construction.TdmrsByPamt[^1].PamtChunk.End.Should().Be(Machine.Address("8G"));
        }

        new TdmrConstructor(new TopDownAllocatorSample.TopDownAllocator(Machine.Of("1M..64G, 96G..96G+8M")))
            .TryConstruct(Machine.Of("1M..64G, 96G..96G+8M"), out _, out TdmrFailure? failure).Should().BeFalse();
        failure!.Code.Should().Be(TdmrFailureCode.PamtAllocationFailed);
    }

    [Theory]
    [InlineData(
        "1M..2G",
        "TDMR [0x0, 0x80000000): PAMTs at [0x1000000, 0x1805000), reserved: hole +[0x0, 0x100000), *")]
    [InlineData("0..4K", "EINVAL: no memory at or above 1 MiB*")]
    public void the_construction_that_is_shown_prints_tdmrs_or_the_failure(string memory, string output)
    {
        using StringWriter console = new();

        ConstructionSample.Run(console, Machine.Of(memory));

        console.ToString().Should().Match(output);
    }

    [Fact]
    public void the_module_that_is_shown_is_configured()
    {
        AddressRange ram = AddressRange.Create(0x100000, 0x100000000);
        HostMemory host = HostMemory.Create([new(ram, node: 0)], [ram]);
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);
        using StringWriter console = new();

        ModuleSample.Run(host, construction, console);

        console.ToString().ReplaceLineEndings("\n")
            .Should().Be("TDX-Module initialized\nTDX_SUCCESS 0x0, MAX_TDMRS 64\n");
    }

    [Fact]
    public void the_simulation_that_is_shown_runs()
    {
        using StringWriter console = new();

        SimulationSample.Run(console, Machine.Of("1M..2G"));

        console.ToString()
            .Should().MatchRegex(@"^[\d.]+ \([\d.]+ to [\d.]+\) of trials succeed\s+99 % do up to [\d.]+ ?%");
    }

    [Fact]
    public void the_host_that_is_shown_is_read_from_its_file_and_planned()
    {
        using StringWriter console = new();
        HostReaderSample.Run(console, RealHosts.PathOf(RealHosts.FoxCreekPass));

        console.ToString().Should().Contain("reserved areas exhausted");
    }

    /// <summary>The code of all examples, with the name of the file that has each.</summary>
    private static IEnumerable<(string Type, string Code)> Examples() =>
        from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        where !path.Contains("/obj/", StringComparison.Ordinal)
        let documentation = Comment().Replace(File.ReadAllText(path).ReplaceLineEndings("\n"), "")
        from Match example in Example().Matches(documentation)
        from Match code in Code().Matches(example.Value)
        select (Path.GetFileNameWithoutExtension(path),
            Samples.WithoutUsings(WebUtility.HtmlDecode(code.Groups["code"].Value)));

    [GeneratedRegex("^ */// ?", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("<example>.*?</example>", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("<code>(?<code>.*?)</code>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Code();
}
