using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PamtTotalExplanationTests
{
    /// <summary>The published machine that its CMRs alone do not explain.</summary>
    private static readonly HostMemory Unexplained = Machine.Of(
        "0x100000..0x77800000, 0x100000000..0x1ffe000000, 0x4000000000..0x6000000000, 0x8000000000..0x8080000000");

    [Fact]
    public void one_page_more_is_low_memory_in_two_tdmrs()
    {
        PamtTotalExplanation explanation = PamtTotalExplanation.Create(Unexplained, 1050644);
        (explanation.PlannedKiB, explanation.Matches).Should().Be((1050640, false));
        explanation.Causes[0].Kind.Should().Be(PamtTotalCauseKind.SplitTdmrs);
        explanation.Causes[0].Changed.Should().Equal(Machine.Ranges("0..1G, 1G..2G"));
        explanation.Causes[0].Tdmrs.Should().HaveCount(5);
        explanation.ToString().Should().Be(
            "1050644 KB were reported, but the memory map gives 1050640 KB; "
            + "TDMRs split into [0x0, 0x40000000) + [0x40000000, 0x80000000) would explain it.");
    }

    [Fact]
    public void every_cause_gives_the_figure()
    {
        foreach (ulong reported in (ulong[])[1050644, 1050648, 1050660])
        {
            PamtTotalExplanation explanation = PamtTotalExplanation.Create(Unexplained, reported);
            explanation.Causes.Should().HaveCount(8);
            foreach (PamtTotalCause cause in explanation.Causes)
            {
                cause.Tdmrs.Sum(static tdmr => (long)PamtSizes.Calculate(tdmr.Size).TotalBytes / 1024)
                    .Should().Be((long)reported);
                cause.Changed.Should().BeSubsetOf(cause.Tdmrs);
            }
        }
    }

    [Fact]
    public void a_figure_that_matches_needs_no_cause()
    {
        PamtTotalExplanation explanation = PamtTotalExplanation.Create(Unexplained, 1050640);
        explanation.Matches.Should().BeTrue();
        explanation.Causes.Should().BeEmpty();
        explanation.ToString().Should().Be("1050640 KB are what the memory map gives.");
    }

    [Fact]
    public void a_page_less_is_two_tdmrs_in_one()
    {
        HostMemory host = Machine.Of("4G..8G, 8G..12G@1");
        PamtTotalCause cause = PamtTotalExplanation.Create(host, (8 * 4104) + 4).Causes.Single();
        cause.Kind.Should().Be(PamtTotalCauseKind.JoinedTdmrs);
        cause.Changed.Should().Equal(Machine.Ranges("4G..12G"));
        cause.ToString().Should().Be("TDMRs joined to [0x100000000, 0x300000000)");
    }

    [Fact]
    public void a_hundredth_is_dynamic_pamt()
    {
        HostMemory host = Machine.Of("1M..2G, 4G..254G");
        PamtTotalCause cause = PamtTotalExplanation.Create(host, (252 * 40) + (2 * 4)).Causes.Single();
        cause.Kind.Should().Be(PamtTotalCauseKind.DynamicPamt);
        cause.ToString().Should().Be("Dynamic PAMT the other way");
    }

    [Theory]
    [InlineData("4K..636K", 4108, "nothing known here explains it")]
    [InlineData("4G..5G", 4108 + 4, "nothing known here explains it")]
    [InlineData("4G..5G", 4108 + 4104 + (8 * 4), "1 GiB more in TDMRs would explain it")]
    [InlineData("4G..5G", 4108 + 4104 + (9 * 4), "nothing known here explains it")]
    [InlineData("4G..5G", 1UL << 61, "nothing known here explains it")]
    public void a_few_pages_more_are_no_memory(string memory, ulong reportedKiB, string cause) =>
        PamtTotalExplanation.Create(Machine.Of(memory), reportedKiB).ToString().Should().EndWith($"; {cause}.");

    [Fact]
    public void figures_are_those_of_the_module()
    {
        ModuleParameters module = new() { DynamicPamt = true };
        PamtTotalExplanation.Create(Machine.Of("4G..5G"), 44, module).Matches.Should().BeTrue();
        PamtTotalExplanation.Create(Machine.Of("4G..5G"), 4108, module).Causes.Single().Kind
            .Should().Be(PamtTotalCauseKind.DynamicPamt);
    }

    [Theory]
    [InlineData(3, "3 GiB more in TDMRs")]
    [InlineData(-2, "2 GiB fewer in TDMRs")]
    public void whole_gib_are_memory_that_the_map_does_not_show(long giB, string text)
    {
        PamtTotalCause cause =
            PamtTotalExplanation.Create(Unexplained, (ulong)(1050640 + (giB * 4104))).Causes.Single();
        (cause.Kind, cause.MoreGiB).Should().Be((PamtTotalCauseKind.OtherMemory, giB));
        cause.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(500_000)]
    [InlineData(1050642)]
    public void what_nothing_explains_is_said_to_be_unexplained(ulong reported)
    {
        PamtTotalExplanation explanation = PamtTotalExplanation.Create(Unexplained, reported);
        explanation.Causes.Should().BeEmpty();
        explanation.ToString().Should().EndWith("nothing known here explains it.");
    }

    [Fact]
    public void the_largest_machines_are_searched_in_bounds() =>
        PamtTotalExplanation.Create(Machine.Of("4G..3P"), (((3UL << 20) - 4) * 4104) + (12287 * 4) + (64 * 4))
            .Causes.Should().BeEmpty();
}
