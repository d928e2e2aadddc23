namespace TdxPamt.Tests.Memory;

public class NodeFallbackTests
{
    private const string FourNodes = "4G..5G@0, 5G..6G@1, 6G..7G@2, 7G..8G@3";

    [Theory]
    [InlineData(0, new[] { 0, 1, 2, 3 })]
    [InlineData(1, new[] { 1, 2, 3, 0 })]
    [InlineData(2, new[] { 2, 3, 0, 1 })]
    [InlineData(3, new[] { 3, 0, 1, 2 })]
    public void without_distances_nodes_after_a_node_come_before_those_before_it(int node, int[] order) =>
        Machine.Of(FourNodes).FallbackOrder(node).ToArray().Should().Equal(order);

    [Theory]
    [InlineData(0, new[] { 0, 2, 1, 3 })]
    [InlineData(1, new[] { 1, 3, 2, 0 })]
    [InlineData(2, new[] { 2, 3, 0, 1 })]
    [InlineData(3, new[] { 3, 0, 1, 2 })]
    public void with_distances_nearer_nodes_come_first_and_equally_far_ones_rotate(int node, int[] order)
    {
        NodeFallback fallback = NodeFallback.Create(distances:
        [
            [10, 21, 11, 21],
            [31, 10, 21, 11],
            [20, 20, 10, 20],
            [0, 255, 255, 10],
        ]);

        Machine.Of(FourNodes, fallback: fallback).FallbackOrder(node).ToArray().Should().Equal(order);
    }

    [Fact]
    public void a_given_order_wins_over_distances_and_is_searched_as_it_is()
    {
        NodeFallback fallback = NodeFallback.Create(
            orders: [[0, 3, 900, 1], null, [2]],
            distances: [[10, 20, 30, 40], [40, 10, 30, 20], [20, 20, 10, 20], [20, 30, 40, 10]]);
        HostMemory host = Machine.Of(FourNodes, fallback: fallback);

        host.FallbackOrder(0).ToArray().Should().Equal(0, 3, 900, 1);
        host.FallbackOrder(1).ToArray().Should().Equal(1, 3, 2, 0);
        host.FallbackOrder(2).ToArray().Should().Equal(2);
        host.FallbackOrder(3).ToArray().Should().Equal(3, 0, 1, 2);
    }

    public static TheoryData<int, string> Clusters => new()
    {
        { 2, "0 1 2 3 | 1 0 3 2 | 2 3 0 1 | 3 2 1 0" },
        { 3, "0 1 2 3 4 5 | 1 2 0 4 5 3 | 2 0 1 5 3 4 | 3 4 5 0 1 2 | 4 5 3 1 2 0 | 5 3 4 2 0 1" },
    };

    [Theory]
    [MemberData(nameof(Clusters))]
    public void two_sockets_of_clusters_spread_what_falls_back(int clusters, string orders)
    {
        int[] nodes = [.. Enumerable.Range(0, 2 * clusters)];
        int[][] distances =
        [
            .. nodes.Select(from => nodes.Select(to => from == to ? 10 : from / clusters == to / clusters ? 12 : 21)
                .ToArray()),
        ];
        HostMemory host = Machine.Of(
            string.Join(", ", nodes.Select(static node => $"{4 + node}G..{5 + node}G@{node}")),
            fallback: NodeFallback.Create(distances: distances));

        string.Join(" | ", nodes.Select(node => string.Join(' ', host.FallbackOrder(node).ToArray())))
            .Should().Be(orders);
    }

    [Fact]
    public void nodes_outside_the_distances_are_20_away()
    {
        HostMemory host = Machine.Of(FourNodes, fallback: NodeFallback.Create(distances: [[10, 255], [255, 10]]));

        host.FallbackOrder(0).ToArray().Should().Equal(0, 2, 3, 1);
        host.FallbackOrder(1).ToArray().Should().Equal(1, 3, 2, 0);
    }

    [Fact]
    public void a_node_without_ram_is_in_no_order_and_moves_the_rotation()
    {
        HostMemory host = Machine.Of(FourNodes);

        host.FallbackOrder(4).ToArray().Should().Equal(0, 1, 2, 3);
        host.FallbackOrder(1023).ToArray().Should().Equal(0, 1, 2, 3);
        HostMemory sparse = Machine.Of("4G..5G@2, 5G..6G@4");
        sparse.FallbackOrder(0).ToArray().Should().Equal(2, 4);
        sparse.FallbackOrder(1).ToArray().Should().Equal(4, 2);
        sparse.FallbackOrder(3).ToArray().Should().Equal(4, 2);
    }

    [Fact]
    public void page_0_is_no_ram_of_a_node()
    {
        HostMemory host = Machine.Of("0..4K@0, 4K..1G@1");

        host.Nodes.ToArray().Should().Equal(1);
        host.FallbackOrder(0).ToArray().Should().Equal(1);
    }

    [Fact]
    public void a_given_order_starts_with_a_node_that_has_ram_and_need_not_name_one_without()
    {
        NodeFallback fallback = NodeFallback.Create([[1], [1]]);

        Machine.Of("4G..5G@1", fallback: fallback).FallbackOrder(0).ToArray().Should().Equal(1);
        HostMemory.TryCreate(
            Machine.Of("4G..5G@0, 5G..6G@1").Regions, null, null, fallback, null, out _, out HostMemoryFailure? failure)
            .Should().BeFalse();
        failure!.Part.Should().Be(HostMemoryPart.FallbackOrders);
        failure.Node.Should().Be(0);
        failure.Message.Should().Be("the order of node 0 does not start with 0");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void a_node_that_cannot_be_is_refused(int node)
    {
        Action ask = () => Machine.Of(FourNodes).FallbackOrder(node);

        ask.Should().Throw<ArgumentOutOfRangeException>().WithMessage("node must be from 0 to 1023*");
    }

    public static TheoryData<int[][], string> BadOrders => new()
    {
        { [[0, 1], []], "the order of node 1 does not start with 1" },
        { [[0, 1], [0, 1]], "the order of node 1 does not start with 1" },
        { [[0, 1, 2, 1]], "the order of node 0 repeats a node" },
        { [[0, 0]], "the order of node 0 repeats a node" },
        { [[0, -1]], "the order of node 0 names a node that is not from 0 to 1023" },
        { [[0], [1, 1024]], "the order of node 1 names a node that is not from 0 to 1023" },
        { [.. Enumerable.Range(0, 1025).Select(static node => new[] { node })], "there are 1025 orders*" },
    };

    [Theory]
    [MemberData(nameof(BadOrders))]
    public void an_order_starts_with_its_node_and_repeats_nothing(int[][] orders, string reason)
    {
        Action create = () => NodeFallback.Create(orders);

        create.Should().Throw<ArgumentException>().WithMessage(reason + "*").WithParameterName(nameof(orders));
        ShouldFail(orders, null, HostMemoryPart.FallbackOrders, reason);
    }

    public static TheoryData<int[][], string> BadDistances => new()
    {
        { [[10, 20], [20]], "the row of node 1 has 1 distances, for 2 nodes" },
        { [[10, 20]], "the row of node 0 has 2 distances, for 1 nodes" },
        { [[10, 256], [20, 10]], "the row of node 0 has a distance that is not from 0 to 255" },
        { [[10, 20], [-1, 10]], "the row of node 1 has a distance that is not from 0 to 255" },
        { [.. Enumerable.Repeat(new int[1025], 1025)], "there are 1025 rows, for nodes 0 to 1023 at most" },
    };

    [Theory]
    [MemberData(nameof(BadDistances))]
    public void distances_are_a_square_of_bytes(int[][] distances, string reason)
    {
        Action create = () => NodeFallback.Create(distances: distances);

        create.Should().Throw<ArgumentException>().WithMessage(reason + "*").WithParameterName(nameof(distances));
        ShouldFail(null, distances, HostMemoryPart.Distances, reason);
    }

    [Fact]
    public void all_1024_nodes_may_have_an_order_and_distances()
    {
        int[][] orders = [.. Enumerable.Range(0, 1024).Select(static node => new[] { node, 1023 - node })];
        int[][] distances = [.. Enumerable.Repeat(new int[1024], 1024)];
        HostMemory host = Machine.Of(FourNodes, fallback: NodeFallback.Create(orders, distances));

        host.FallbackOrder(0).ToArray().Should().Equal(0, 1023);
        host.FallbackOrder(1023).ToArray().Should().Equal(1023, 0);
    }

    [Fact]
    public void a_fallback_prints_what_is_known()
    {
        NodeFallback fallback = NodeFallback.Create([[0, 1], null, [2]], [[10]]);

        fallback.ToString().Should().Be("orders of 2 nodes, distances of 1 nodes");
        NodeFallback.Default.ToString().Should().Be("orders of 0 nodes, distances of 0 nodes");
    }

    [Fact]
    public void orders_are_copied()
    {
        int[] order = [0, 1];
        NodeFallback fallback = NodeFallback.Create([order]);
        order[1] = 3;

        Machine.Of(FourNodes, fallback: fallback).FallbackOrder(0).ToArray().Should().Equal(0, 1);
    }

    [Fact]
    public void orders_are_looked_at_before_distances() =>
        ShouldFail([[1, 0]], [[256]], HostMemoryPart.FallbackOrders, "the order of node 0 does not start with 0");

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void a_node_with_processors_is_a_node(int node)
    {
        NodeFallback.TryCreate(null, null, [0, node], out _, out HostMemoryFailure? failure).Should().BeFalse();
        failure!.Part.Should().Be(HostMemoryPart.Processors);
        FluentActions.Invoking(() => NodeFallback.Create(processors: [node]))
            .Should().Throw<ArgumentException>().WithParameterName("processors");
    }

    [Fact]
    public void nodes_without_processors_come_first_at_the_same_distance()
    {
        HostMemory host = Machine.Of(
            "1G..2G@0, 2G..3G@1, 3G..4G@2", fallback: NodeFallback.Create(processors: [0, 1]));

        host.FallbackOrder(0).ToArray().Should().Equal(0, 2, 1);
        host.FallbackOrder(1).ToArray().Should().Equal(1, 2, 0);
        host.FallbackOrder(2).ToArray().Should().Equal(2, 0, 1);
    }

    [Theory]
    [InlineData(new[] { 0, 1022 }, new[] { 0, 1023, 1022 })]
    [InlineData(new[] { 0, 1023 }, new[] { 0, 1022, 1023 })]
    [InlineData(new[] { 1022, 1023 }, new[] { 0, 1022, 1023 })]
    [InlineData(new int[0], new[] { 0, 1022, 1023 })]
    public void the_last_of_1024_nodes_may_have_processors(int[] processors, int[] order) =>
        Machine.Of("1G..2G@0, 2G..3G@1022, 3G..4G@1023", fallback: NodeFallback.Create(processors: processors))
            .FallbackOrder(0).ToArray().Should().Equal(order);

    private static void ShouldFail(int[][]? orders, int[][]? distances, HostMemoryPart part, string reason)
    {
        NodeFallback.TryCreate(orders, distances, null, out NodeFallback? fallback, out HostMemoryFailure? failure)
            .Should().BeFalse();
        fallback.Should().BeNull();
        failure!.Part.Should().Be(part);
        failure.Message.Should().Match(reason + "*");
        failure.Range.Should().BeNull();
        failure.Other.Should().BeNull();
        if (failure.Node is { } node)
            failure.Message.Should().Contain($" of node {node} ");
        else
            failure.Message.Should().StartWith("there are 1025 ");
    }
}
