using System.Buffers;
using System.Numerics;
using System.Text;
using CsCheck;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Hosts;

public class FleetSummaryTests
{
    [Fact]
    public void a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() =>
        Gen.Select(Gen.ULong[0, 30].Array[1, 60], Gen.Int[0, 100]).Sample(static (values, percent) =>
        {
            Distribution distribution = new();
            foreach (ulong value in values)
                distribution.Add(value);
            return distribution.Percentile(percent) == values.Order()
                .First(candidate => 100 * values.Count(value => value <= candidate) >= percent * values.Length);
        });

    [Fact]
    public void numbers_of_any_size_have_exact_percentiles_and_totals()
    {
        Distribution distribution = new();
        distribution.Add(1, long.MaxValue / 2);
        distribution.Add(ulong.MaxValue, long.MaxValue / 2);

        distribution.Percentiles([0, 49, 50, 51, 100]).Should().Equal(1, 1, 1, ulong.MaxValue, ulong.MaxValue);
        distribution.Total.Should().Be((long.MaxValue / 2) * (BigInteger.One + ulong.MaxValue));
        distribution.Invoking(static full => full.Add(2, 2)).Should().Throw<OverflowException>();
        distribution.Invoking(static full => full.Add(2, 0)).Should().Throw<ArgumentOutOfRangeException>();
        distribution.Invoking(static full => full.Percentile(101)).Should().Throw<ArgumentOutOfRangeException>();
        new Distribution().Percentile(50).Should().BeNull();
    }

    [Fact]
    public void the_sum_of_summaries_is_the_summary_of_all_hosts_however_they_are_split() =>
        Gen.Select(Gen.Int[0, 2].Array[30, 60], Gen.Int[0, 1000].Array[60]).Sample(static (parts, choices) =>
        {
            FleetSummary whole = new();
            FleetSummary[] split = [new(), new(), new()];
            for (int i = 0; i < parts.Length; i++)
            {
                foreach (FleetSummary summary in new[] { whole, split[parts[i]] })
                    AddHost(summary, choices[i]);
            }

            FleetSummary sum = new();
            foreach (FleetSummary part in split.Reverse())
                sum.Add(SummaryDocument.Parse(Encoding.UTF8.GetBytes(Json(part)), "part.json"));
            return Json(sum) == Json(whole) && Drawing(sum) == Drawing(whole);
        }, iter: 100);

    [Theory]
    [InlineData(0UL, 16UL)]
    [InlineData(17UL, 3UL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    [InlineData(0UL, ulong.MaxValue)]
    public void numbers_of_any_size_can_be_drawn(ulong value, ulong allowed)
    {
        string json = "{\"hosts\":1,\"ram\":\"0xffffffffffffffffffff\",\"statuses\":{\"failed\":1},\"causes\":{},"
            + "\"distributions\":{\"reservedAreas\":{\"hosts\":1,\"total\":1,\"percentiles\":{},"
            + $"\"counts\":[[{value},1]]}}}},\"tightest\":[{{\"name\":\"fox\",\"resource\":\"reservedAreas\","
            + $"\"used\":{value},\"allowed\":{allowed}}}]}}";
        Drawing(SummaryDocument.Parse(Encoding.UTF8.GetBytes(json), "x.json")).Should().Contain("fox");
    }

    [Theory]
    [InlineData("[]", "it must be an object")]
    [InlineData("{", "not valid JSON")]
    [InlineData(
        """{"hosts":1,"ram":"\ud800","statuses":{"failed":1},"causes":{},"distributions":{},"tightest":[]}""",
        "it has a text that is not valid UTF-8 or UTF-16")]
    [InlineData("\ufeff{}", "hosts: it is missing")]
    [InlineData("""{"hosts":1}""", "ram: it is missing")]
    [InlineData("""{"fox":1}""", "fox: there is no such property")]
    [InlineData(
        """{"hosts":2,"ram":"0x1","statuses":{"failed":1},"causes":{},"distributions":{},"tightest":[]}""",
        "hosts: it is not the sum of statuses")]
    [InlineData(
        """{"hosts":1,"ram":1,"statuses":{"failed":1},"causes":{},"distributions":{},"tightest":[]}""",
        "ram: it must be a hex string")]
    [InlineData(
        """{"hosts":0,"ram":"0x0","statuses":{"failed":0},"causes":{},"distributions":{},"tightest":[]}""",
        "statuses.failed: it must be a whole number above 0")]
    [InlineData(
        """{"hosts":1,"ram":"0x0","statuses":{"failed":1},"causes":{"x":2},"distributions":{},"tightest":[]}""",
        "causes.x: it must be a whole number above 0, and all of them together no more than hosts")]
    [InlineData(
        """
        {"hosts":4611686018427387904,"ram":"0x0","statuses":{"failed":4611686018427387904},
        "causes":{"x":4611686018427387904,"x":4611686018427387904},"distributions":{},"tightest":[]}
        """,
        "causes.x: it must be a whole number above 0, and all of them together no more than hosts")]
    [InlineData(
        """
        {"hosts":1,"ram":"0x0","statuses":{"failed":1},"causes":{},
        "distributions":{"x":{"hosts":2,"total":3,"percentiles":{},"counts":[[1,1],[2,1]]}},"tightest":[]}
        """,
        "distributions.x.counts: it must be a whole number above 0, and all of them together no more than hosts")]
    [InlineData(
        """
        {"hosts":1,"ram":"0x0","statuses":{"failed":1},"causes":{},
        "distributions":{"x":{"hosts":0,"total":1,"percentiles":{},"counts":[[1,1]]}},"tightest":[]}
        """,
        "distributions.x.hosts: it is not the sum of counts")]
    [InlineData(
        """
        {"hosts":0,"ram":"0x0","statuses":{},"causes":{},
        "distributions":{"x":{"hosts":1,"total":1,"percentiles":{},"counts":[[1]]}},"tightest":[]}
        """,
        "distributions.x.counts: it must hold pairs")]
    [InlineData(
        """
        {"hosts":0,"ram":"0x0","statuses":{},"causes":{},"distributions":{},
        "tightest":[{"name":"fox","resource":"RAM","used":1,"allowed":2}]}
        """,
        "tightest[0].resource: it must be tdmrs or reservedAreas")]
    public void what_is_no_summary_is_refused(string json, string reason) => FluentActions
        .Invoking(() => SummaryDocument.Parse(Encoding.UTF8.GetBytes(json), "x.json"))
        .Should().Throw<HostFormatException>().Which.Message.Should().StartWith("x.json:").And.Contain(reason);

    [Fact]
    public void a_host_with_too_many_blocks_to_search_is_not_close_to_a_limit_of_the_module()
    {
        IEnumerable<MemoryRegion> blocks = Enumerable.Range(1, StrategyConstructor.MaxMemoryBlocks + 1)
            .Select(static i => new MemoryRegion(AddressRange.Create((ulong)i << 22, ((ulong)i << 22) + 0x1000), 0));
        FleetSummary summary = new();
        summary.Add(HostPlan.Create(
            new("fox", HostMemory.Create(blocks)), strategies: PlanStrategies.HolesFromCmrs));
        summary.Causes.Should().ContainKey(nameof(TdmrFailureCode.TooManyMemoryBlocks));
        summary.Tightest.Should().BeEmpty();
    }

    private static void AddHost(FleetSummary summary, int choice)
    {
        if (choice % 11 == 0)
        {
            summary.AddInvalid();
            return;
        }

        HostDescription host = new(
            $"host{choice % 50}", HostMemory.Create([new(AddressRange.Create(0x100000, 0x40000000), 0),
                new(AddressRange.Create(0x40001000, 0x40000000UL + (((ulong)choice + 1) << 21)), choice % 3)]));
        ModuleParameters module = ModuleParameters.Default with { MaxReservedAreas = choice % 5 };
        HostPlan plan = HostPlan.Create(host, module: module);
        if (choice % 2 == 0)
            summary.Add(plan);
        else
            summary.Add(HostCost.Create(plan));
    }

    private static string Json(FleetSummary summary)
    {
        ArrayBufferWriter<byte> buffer = new();
        SummaryDocument.Write(summary, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Drawing(FleetSummary summary)
    {
        using MemoryStream drawing = new();
        FleetChart.Write(summary, drawing);
        return Encoding.UTF8.GetString(drawing.ToArray());
    }
}
