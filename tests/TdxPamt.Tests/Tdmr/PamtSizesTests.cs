namespace TdxPamt.Tests.Tdmr;

public class PamtSizesTests
{
    [Theory]
    [InlineData(1, 4108, 44)]
    [InlineData(2, 8212, 84)]
    [InlineData(125, 513004, 5004)]
    [InlineData(256, 1050628, 10244)]
    [InlineData(257, 1054736, 10288)]
    [InlineData(512, 2101256, 20488)]
    [InlineData(513, 2105364, 20532)]
    [InlineData(65536, 268960768, 2622464)]
    public void a_tdmr_of_so_many_GiB_costs_so_many_KiB_static_and_dynamic(
        ulong giB, ulong staticKiB, ulong dynamicKiB)
    {
        PamtSizes.Calculate(giB << 30).TotalBytes.Should().Be(staticKiB << 10);
        PamtSizes.Calculate(giB << 30, new ModuleParameters { DynamicPamt = true })
            .TotalBytes.Should().Be(dynamicKiB << 10);
    }

    [Fact]
    public void a_tdmr_of_G_GiB_costs_G_times_4104_KiB_and_a_page_for_each_256_GiB()
    {
        ModuleParameters dynamicPamt = new() { DynamicPamt = true };
        for (ulong giB = 1; giB <= 1100; giB++)
        {
            ulong pagesFor1G = (giB + 255) / 256 * 4;
            PamtSizes.Calculate(giB << 30).TotalPages.Should().Be(((giB * 4104) + pagesFor1G) / 4);
            PamtSizes.Calculate(giB << 30, dynamicPamt).TotalPages.Should().Be(((giB * 40) + pagesFor1G) / 4);
        }
    }

    [Theory]
    [InlineData(false, 1034220)]
    [InlineData(true, 10092)]
    public void the_documentations_machine_of_252_GiB_in_3_TDMRs_costs_what_it_prints(bool dynamicPamt, ulong kiB)
    {
        ModuleParameters module = new() { DynamicPamt = dynamicPamt };
        ulong bytes = 0;
        foreach (ulong giB in (ulong[])[2, 125, 125])
            bytes += PamtSizes.Calculate(giB << 30, module).TotalBytes;

        (bytes >> 10).Should().Be(kiB);
    }

    [Theory]
    [InlineData(1, "4M", "8K", "4K")]
    [InlineData(256, "1G", "2M", "4K")]
    [InlineData(257, "1G+4M", "2M+8K", "8K")]
    [InlineData(511, "2G-4M", "4M-8K", "8K")]
    [InlineData(512, "2G", "4M", "8K")]
    [InlineData(65536, "256G", "512M", "1M")]
    [InlineData(4194304, "16T", "32G", "64M")]
    public void each_page_size_costs_16_bytes_a_page_in_64_bits(ulong giB, string page4K, string page2M, string page1G)
    {
        PamtSizes sizes = PamtSizes.Calculate(giB << 30);

        sizes.Should().Be(new PamtSizes(
            Machine.Address(page4K), Machine.Address(page2M), Machine.Address(page1G)));
        sizes[PageSize.Page4K].Should().Be(sizes.Page4K);
        sizes[PageSize.Page2M].Should().Be(sizes.Page2M);
        sizes[PageSize.Page1G].Should().Be(sizes.Page1G);
        sizes.TotalBytes.Should().Be(sizes.Page4K + sizes.Page2M + sizes.Page1G);
        sizes.TotalPages.Should().Be(sizes.TotalBytes / 4096);
    }

    // 1 GiB has 262144 pages of 4 KiB, 512 of 2 MiB and 1 of 1 GiB.
    [Theory]
    [InlineData(1, 1, 1, 1, "256K", "4K", "4K")]
    [InlineData(1, 8, 8, 4096, "2M", "4K", "4K")]
    [InlineData(1, 9, 9, 4097, "2M+256K", "8K", "8K")]
    [InlineData(1, 17, 17, 65535, "4M+256K", "12K", "64K")]
    [InlineData(3, 1, 3, 1366, "768K", "8K", "8K")]
    [InlineData(1, 65535, 65535, 1, "16G-256K", "32M", "4K")]
    public void entry_sizes_count_a_page_size_each_and_round_up_to_4_KiB_each(
        ulong giB, int entry4K, int entry2M, int entry1G, string page4K, string page2M, string page1G)
    {
        ModuleParameters module = new() { PamtEntrySizes = new PamtEntrySizes(entry4K, entry2M, entry1G) };

        PamtSizes.Calculate(giB << 30, module).Should().Be(new PamtSizes(
            Machine.Address(page4K), Machine.Address(page2M), Machine.Address(page1G)));
    }

    [Theory]
    [InlineData(1, 1, "32K")]
    [InlineData(1, 2, "64K")]
    [InlineData(1, 3, "96K")]
    [InlineData(1, 128, "4M")]
    [InlineData(5, 1, "160K")]
    [InlineData(1, 65535, "2G-32K")]
    [InlineData(4194304, 65535, "8P-128G")]
    public void with_dynamic_pamt_the_4K_pamt_is_a_bitmap_whatever_the_4K_entry_size(ulong giB, int bits, string page4K)
    {
        ModuleParameters module = new()
        {
            DynamicPamt = true,
            PamtPageBitmapEntryBits = bits,
            PamtEntrySizes = new PamtEntrySizes(9999, 16, 16),
        };
        PamtSizes sizes = PamtSizes.Calculate(giB << 30, module);

        sizes.Should().Be(PamtSizes.Calculate(giB << 30) with { Page4K = Machine.Address(page4K) });
    }

    [Theory]
    [InlineData(1UL << 30)]
    [InlineData(1UL << 52)]
    public void a_tdmr_is_1_GiB_to_2_to_the_52_bytes(ulong size)
    {
        Action calculate = () => PamtSizes.Calculate(size);

        calculate.Should().NotThrow();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1UL << 30) - 4096)]
    [InlineData((1UL << 30) + 4096)]
    [InlineData(3UL << 29)]
    [InlineData((1UL << 52) + (1UL << 30))]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void another_size_is_refused_with_the_legal_interval(ulong size)
    {
        Action calculate = () => PamtSizes.Calculate(size);

        calculate.Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*a multiple of 1 GiB, from 1 GiB to 2^52 bytes*").WithParameterName("tdmrSize");
    }

    [Theory]
    [InlineData(1UL << 60, true)]
    [InlineData((1UL << 60) + 1, false)]
    [InlineData(ulong.MaxValue, false)]
    public void sizes_above_2_to_the_60_are_refused_each(ulong size, bool legal)
    {
        (string Name, Action Create)[] creations =
        [
            ("Page4K", () => _ = new PamtSizes(size, 0, 0)),
            ("Page2M", () => _ = new PamtSizes(0, size, 0)),
            ("Page1G", () => _ = new PamtSizes(0, 0, size)),
            ("Page4K", () => _ = default(PamtSizes) with { Page4K = size }),
            ("Page2M", () => _ = default(PamtSizes) with { Page2M = size }),
            ("Page1G", () => _ = default(PamtSizes) with { Page1G = size }),
        ];

        foreach ((string name, Action create) in creations)
        {
            if (legal)
            {
                create.Should().NotThrow();
                continue;
            }

            create.Should().Throw<ArgumentOutOfRangeException>()
                .WithMessage("a PAMT's size must be at most 2^60*").WithParameterName(name);
        }
    }

    [Theory]
    [InlineData(1, "4K 4 MiB, 2M 8 KiB, 1G 4 KiB")]
    [InlineData(257, "4K 1028 MiB, 2M 2056 KiB, 1G 8 KiB")]
    public void sizes_print_in_four_digits(ulong giB, string text) =>
        PamtSizes.Calculate(giB << 30).ToString().Should().Be(text);

    [Fact]
    public void the_default_is_the_size_of_no_pamts()
    {
        PamtSizes sizes = default;

        sizes.TotalBytes.Should().Be(0);
        sizes.TotalPages.Should().Be(0);
    }
}
