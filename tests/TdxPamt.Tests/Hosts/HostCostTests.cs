using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class HostCostTests
{
    private const string Document = """
        { "name": "fox", "memory": [ { "start": 0, "end": "0x40100000", "node": 0 } ] }
        """;

    [Fact]
    public void reference_counts_reach_to_the_end_of_ram_and_count_at_every_share()
    {
        HostCost cost = HostCost.Create(Plan(maxReservedAreas: 16));
        cost.ReferenceCountBytes.Should().Be(513 * 4);
        cost.Shares.Should().Equal(HostCost.DefaultShares);
        foreach (double share in cost.Shares)
            cost.BytesAt(share).Should().Be(cost.Cost.BytesAt(share) + cost.ReferenceCountBytes);
        cost.BreakEvenShare.Should().BeLessThan(cost.Cost.BreakEvenShare);
        cost.ToString().Should().Be("fox, mainline: 8212 KiB of static PAMTs, 86 KiB of Dynamic PAMT before pairs");
    }

    [Fact]
    public void a_plan_that_failed_costs_nothing_that_is_known()
    {
        HostCost cost = HostCost.Create(Plan(maxReservedAreas: 0), [1]);
        (cost.Cost, cost.ReferenceCountBytes, cost.BytesAt(1)).Should().Be((default, 0UL, 0UL));
        cost.ToString().Should().Contain("reserved areas exhausted");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void a_share_is_from_0_to_1(double share) =>
        FluentActions.Invoking(() => HostCost.Create(Plan(maxReservedAreas: 16), [share]))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("shares must be from 0 to 1*");

    private static HostPlan Plan(int maxReservedAreas) => HostPlan.Create(
        HostReader.Read(Encoding.UTF8.GetBytes(Document), "fox.json"),
        module: ModuleParameters.Default with { MaxReservedAreas = maxReservedAreas });
}
