extern alias core;

// TdxPamt.Hosts compiles the same file, so that there are two types of that name.
using CoreQuantities = core::TdxPamt.Quantities;

namespace TdxPamt.Tests;

public class QuantitiesTests
{
    private const ulong KiB = 1024;
    private const ulong MiB = 1024 * KiB;
    private const ulong GiB = 1024 * MiB;
    private const ulong TiB = 1024 * GiB;

    public static TheoryData<ulong, string> Sizes => new()
    {
        { 0, "0 B" },
        { 1, "1 B" },
        { 512, "512 B" },
        { KiB - 1, "1023 B" },
        { KiB, "1 KiB" },
        { KiB + 1, "1025 B" },
        { 9999, "9999 B" },
        { 10_001, "9.767 KiB" },
        { 4 * KiB, "4 KiB" },
        { 8212 * KiB, "8212 KiB" },
        { 9999 * KiB, "9999 KiB" },
        { 10_000 * KiB, "9.766 MiB" },
        { 10_240 * KiB, "10 MiB" },
        { MiB, "1 MiB" },
        { GiB - KiB, "1024 MiB" },
        { 1536 * MiB, "1.5 GiB" },
        { 1_050_644 * KiB, "1.002 GiB" },
        { (20 * GiB) + (128 * MiB), "20.13 GiB" },
        { (255 * GiB) + (400 * MiB), "255.4 GiB" },
        { 9999 * GiB, "9999 GiB" },
        { TiB - (400 * MiB), "1024 GiB" },
        { 12 * TiB, "12 TiB" },
        { (12 * TiB) - (100 * MiB), "12 TiB" },
        { (12 * TiB) - (32 * GiB), "11.97 TiB" },
        { 4096 * TiB, "4096 TiB" },
        { 10_000 * TiB, "10000 TiB" },
        { 12_345 * TiB + (512 * GiB), "12346 TiB" },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void a_size_has_at_most_four_digits(ulong bytes, string text) =>
        CoreQuantities.Size(bytes).Should().Be(text);

    public static TheoryData<ulong, string> ExactSizes => new()
    {
        { 0, "0 B" },
        { 1, "1 B" },
        { KiB - 1, "1023 B" },
        { KiB, "1 KiB" },
        { KiB + 1, "1025 B" },
        { 16_777_220 * KiB, "16777220 KiB" },
        { MiB + KiB, "1025 KiB" },
        { 1536 * MiB, "1536 MiB" },
        { 1023 * GiB, "1023 GiB" },
        { TiB, "1 TiB" },
        { 1024 * TiB, "1024 TiB" },
        { 4096 * TiB, "4096 TiB" },
        { ulong.MaxValue, "18446744073709551615 B" },
    };

    [Theory]
    [MemberData(nameof(ExactSizes))]
    public void an_exact_size_is_a_whole_number_of_the_largest_unit(ulong bytes, string text) =>
        CoreQuantities.ExactSize(bytes).Should().Be(text);

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0039226, "0.3923 %")]
    [InlineData(0.00000001494, "0.000001494 %")]
    [InlineData(1.23496e-12, "0.000000000123 %")]
    [InlineData(0.01, "1 %")]
    [InlineData(0.0999951, "10 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.123456, "12.35 %")]
    [InlineData(0.9999, "99.99 %")]
    [InlineData(0.99995, "> 99.99 %")]
    [InlineData(0.999999, "> 99.99 %")]
    [InlineData(1, "100 %")]
    public void a_share_has_at_most_four_digits_and_only_all_is_100_percent(double share, string text) =>
        CoreQuantities.Percent(share).Should().Be(text);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.03125, "0.03125")]
    [InlineData(0.0312545, "0.03125")]
    [InlineData(0.31254, "0.3125")]
    [InlineData(0.31255, "0.3126")]
    [InlineData(1, "1")]
    public void a_fraction_has_at_most_four_digits(double fraction, string text) =>
        CoreQuantities.Fraction(fraction).Should().Be(text);

    [Theory]
    [InlineData(0, "0 holes", "0 entries")]
    [InlineData(1, "1 hole", "1 entry")]
    [InlineData(2, "2 holes", "2 entries")]
    [InlineData(1234, "1234 holes", "1234 entries")]
    public void things_are_counted_in_the_plural_unless_there_is_one(int count, string holes, string entries)
    {
        CoreQuantities.Count(count, "hole").Should().Be(holes);
        CoreQuantities.Count(count, "entry", "entries").Should().Be(entries);
    }
}
