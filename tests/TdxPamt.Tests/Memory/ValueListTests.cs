namespace TdxPamt.Tests.Memory;

public class ValueListTests
{
    [Fact]
    public void lists_with_equal_items_in_the_same_order_are_equal()
    {
        ValueList<int> list = [1, 2, 3];
        ValueList<int> same = ValueList.Create(1, 2, 3);
        ValueList<int>[] others = [default, [1, 2], [1, 3, 2], [1, 2, 3, 4]];

        (list == same).Should().BeTrue();
        (list != same).Should().BeFalse();
        list.Equals((object)same).Should().BeTrue();
        list.GetHashCode().Should().Be(same.GetHashCode());
        list.Equals((object)"1, 2, 3").Should().BeFalse();
        foreach (ValueList<int> other in others)
        {
            (list == other).Should().BeFalse();
            (list != other).Should().BeTrue();
            other.GetHashCode().Should().NotBe(list.GetHashCode());
        }
    }

    [Fact]
    public void the_default_is_the_empty_list()
    {
        ValueList<int> list = default;

        list.Count.Should().Be(0);
        list.Span.IsEmpty.Should().BeTrue();
        list.AsEnumerable().Should().BeEmpty();
        (list == ValueList.Create<int>()).Should().BeTrue();
        list.GetHashCode().Should().Be(ValueList.Create<int>().GetHashCode());
        list.ToString().Should().BeEmpty();
    }

    [Fact]
    public void items_come_in_order_by_index_by_enumeration_and_as_text()
    {
        ValueList<int> list = [5, 3, 4];
        List<int> enumerated = [];
        foreach (int item in list)
            enumerated.Add(item);

        list.Count.Should().Be(3);
        list[0].Should().Be(5);
        list[2].Should().Be(4);
        enumerated.Should().Equal(5, 3, 4);
        list.Select(static item => item).Should().Equal(5, 3, 4);
        list.Span.ToArray().Should().Equal(5, 3, 4);
        list.ToString().Should().Be("5, 3, 4");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void an_index_outside_is_refused(int index)
    {
        Action read = () => _ = ValueList.Create(1, 2)[index];

        read.Should().Throw<IndexOutOfRangeException>();
    }

    [Fact]
    public void items_are_copied()
    {
        int[] items = [1, 2];
        ValueList<int> list = ValueList.Create(items);
        items[0] = 9;

        list[0].Should().Be(1);
    }

    [Fact]
    public void a_collection_expression_may_spread_any_sequence()
    {
        ValueList<int> list = [1, .. Enumerable.Range(2, 2), .. (ValueList<int>)[4]];

        list.Should().Equal(1, 2, 3, 4);
    }
}
