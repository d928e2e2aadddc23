namespace TdxPamt.Tests.Memory;

public class MemoryRegionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    public void a_node_is_a_number_from_0_to_1023(int node) =>
        new MemoryRegion(Machine.Range("1M..2M"), node).Node.Should().Be(node);

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void another_node_is_refused_with_the_legal_interval(int node)
    {
        Action create = () => _ = new MemoryRegion(Machine.Range("1M..2M"), node);

        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("node must be from 0 to 1023*");
    }

    [Fact]
    public void a_region_prints_its_node_and_its_range()
    {
        new MemoryRegion(Machine.Range("4K..636K"), 3).ToString().Should().Be("node 3: [0x1000, 0x9f000)");
        new BlockedRange(Machine.Range("4K..8K"), BlockedKind.Hugetlb).ToString()
            .Should().Be("hugetlb [0x1000, 0x2000)");
    }
}
