namespace TdxPamt.Tests.Tdmr;

public class PageSizesTests
{
    [Theory]
    [InlineData(PageSize.Page4K, 0, 4096, "4K")]
    [InlineData(PageSize.Page2M, 1, 2097152, "2M")]
    [InlineData(PageSize.Page1G, 2, 1073741824, "1G")]
    public void a_page_size_has_a_level_bytes_and_a_label(PageSize size, int level, ulong bytes, string label)
    {
        ((int)size).Should().Be(level);
        PageSizes.All[level].Should().Be(size);
        size.Bytes().Should().Be(bytes);
        size.Label().Should().Be(label);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void there_are_three(int level)
    {
        PageSize size = (PageSize)level;
        (Action Use, string Message)[] uses =
        [
            (() => size.Bytes(), "size must be from 0 to 2*"),
            (() => size.Label(), "size must be 4K, 2M or 1G*"),
            (() => _ = default(PamtSizes)[size], "size must be from 0 to 2*"),
        ];

        PageSizes.All.Length.Should().Be(3);
        foreach ((Action use, string message) in uses)
            use.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message).WithParameterName("size");
    }
}
