namespace TdxPamt.Tests.Allocation;

public class FirstBlockNodeLookupTests
{
    [Theory]
    [InlineData("0..1G", 2)]
    [InlineData("1G..2G", 1)]
    [InlineData("2G..3G", 1)]
    [InlineData("3G..4G", 1)]
    [InlineData("4G..5G", 1)]
    [InlineData("5G..6G", 0)]
    [InlineData("6G..7G", 0)]
    public void the_node_is_that_of_the_first_block_that_ends_above_the_base(string tdmr, int expected)
    {
        // Below 1 MiB there is no block; node 1 starts inside the TDMR that node 2 opens.
        HostMemory host = Machine.Of("0..1M@3, 1M..1G@2, 1G..1G+4K@1, 2G..5G@1, 5G+512M..7G@0");

        FirstBlockNodeLookup.Instance.TryGetNode(host, Machine.Range(tdmr), out int node).Should().BeTrue();
        node.Should().Be(expected);
    }

    [Theory]
    [InlineData("", "0..1G")]
    [InlineData("0..1M@1", "0..1G")]
    [InlineData("1M..2G@1", "2G..3G")]
    [InlineData("1M..2G@1", "4G..5G")]
    public void above_all_blocks_there_is_no_node(string memory, string tdmr) =>
        FirstBlockNodeLookup.Instance.TryGetNode(Machine.Of(memory), Machine.Range(tdmr), out _).Should().BeFalse();

    [Fact]
    public void a_host_is_asked_for()
    {
        Action ask = () => FirstBlockNodeLookup.Instance.TryGetNode(null!, Machine.Range("0..1G"), out _);

        ask.Should().Throw<ArgumentNullException>().WithParameterName("host");
    }
}
