using TdxPamt.Tdmr;

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
        Action[] uses =
        [
            () => size.Bytes(),
            () => size.Label(),
            () => _ = default(PamtSizes)[size],
        ];

        PageSizes.All.Length.Should().Be(3);
        foreach (Action use in uses)
            use.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("size");
    }
}
