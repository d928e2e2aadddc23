using TdxPamt.Hosts.Report;

namespace TdxPamt.Tests.Hosts;

public class QuantitiesTests
{
    private const ulong KiB = 1024;
    private const ulong MiB = 1024 * KiB;
    private const ulong GiB = 1024 * MiB;
    private const ulong TiB = 1024 * GiB;

    public static TheoryData<ulong, string> Sizes => new()
    {
        { 0, "0 B" },
        { 512, "512 B" },
        { 4 * KiB, "4 KiB" },
        { 8212 * KiB, "8212 KiB" },
        { 9999 * KiB, "9999 KiB" },
        { 10_000 * KiB, "9.766 MiB" },
        { 1536 * MiB, "1.5 GiB" },
        { 1_050_644 * KiB, "1.002 GiB" },
        { (20 * GiB) + (128 * MiB), "20.13 GiB" },
        { (255 * GiB) + (400 * MiB), "255.4 GiB" },
        { TiB - (400 * MiB), "1024 GiB" },
        { 12 * TiB, "12 TiB" },
        { (12 * TiB) - (100 * MiB), "12 TiB" },
        { (12 * TiB) - (32 * GiB), "11.97 TiB" },
        { 4096 * TiB, "4096 TiB" },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void a_size_has_at_most_four_digits(ulong bytes, string text) =>
        TableCell.Bytes(bytes).Text.Should().Be(text);

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0039226, "0.3923 %")]
    [InlineData(0.00000001494, "0.000001494 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.99995, "> 99.99 %")]
    [InlineData(0.999999, "> 99.99 %")]
    [InlineData(1, "100 %")]
    public void a_share_has_at_most_four_digits_and_only_all_is_100_percent(double share, string text) =>
        TableCell.Percent(share).Text.Should().Be(text);
}
