using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class PageBlockSamplerTests
{
    [Theory]
    [InlineData("1M..2M", 1)]
    [InlineData("1M..2M+4K", 2)]
    [InlineData("1M..1M+4K, 1M+8K..2M", 1)]
    [InlineData("1M..3M, 3M..8M@1", 4)]
    [InlineData("1M..3M, 5M..6M", 3)]
    [InlineData("1M..5G", 2560)]
    [InlineData("0..24T", 12 << 20)]
    public void a_page_block_with_some_ram_counts_once(string memory, int blocks) =>
        new PageBlockSampler(Machine.Of(memory), Fragmentation.Uniform(0.5)).PageBlocks.Should().Be((ulong)blocks);

    [Theory]
    [InlineData(0.5, 1, 1, 250)]
    [InlineData(0.5, 1, 512, 250)]
    [InlineData(0.5, 1, 513, 125)]
    [InlineData(0.5, 1, 1024, 125)]
    [InlineData(0.5, 1, 1025, 62.5)]
    [InlineData(0.2, 1, 1, 160)]
    [InlineData(0.2, 1, 513, 128)]
    [InlineData(0.8, 1, 513, 32)]
    [InlineData(0.5, 4, 1, 125)]
    [InlineData(0.5, 4, 513, 93.75)]
    [InlineData(0.2, 4, 513, 46.875)]
    [InlineData(0, 1, 1, 0)]
    [InlineData(1, 1, 1, 0)]
    public void runs_are_expected_as_often_as_one_ends_and_a_gap_of_so_many_pages_follows(
        double unmovable, double meanRunLength, int minGap, double runs) =>
        new PageBlockSampler(Machine.Of("4G..4G+2000M"), Fragmentation.Uniform(unmovable, meanRunLength))
            .ExpectedRuns((ulong)minGap).Should().BeApproximately(runs, 1e-9);

    [Theory]
    [InlineData("4G..4G+320M", 512, 512)]
    [InlineData("4G..4G+318M", 512, 1)]
    [InlineData("4G..4G+640M", 1024, 1024)]
    [InlineData("4G..4G+640M", 1025, 512)]
    [InlineData("4G..4G+1280M", 1025, 1025)]
    [InlineData("4G..4G+1278M", 1025, 512)]
    [InlineData("4G..4G+640M", 4096, 1024)]
    [InlineData("4G..4G+640M", 1, 1)]
    public void gaps_are_kept_down_to_a_length_of_which_forty_are_expected(string memory, int use, int minGap) =>
        new PageBlockSampler(Machine.Of(memory), Fragmentation.Uniform(0.5)).MinGap((ulong)use)
            .Should().Be((ulong)minGap);

    [Fact]
    public void as_many_runs_as_memory_holds_are_not_too_many()
    {
        Sampler("0..24T").Invoking(static it => it.ThrowIfTooMany(1)).Should().NotThrow();
        Sampler("0..24T+8M").Invoking(static it => it.ThrowIfTooMany(513)).Should().NotThrow();
        Sampler("0..24T+8M").Invoking(static it => it.ThrowIfTooMany(1)).Should().Throw<ArgumentException>()
            .WithMessage("a trial has about 3145729 runs of unmovable page blocks to keep, and may have 3145728");

        static PageBlockSampler Sampler(string memory) => new(Machine.Of(memory), Fragmentation.Uniform(0.5));
    }
}
