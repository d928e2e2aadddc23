using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class CompletionStatusTests
{
    [Fact]
    public void an_invalid_pamt_carries_tdmr_and_level()
    {
        CompletionStatus status = new(0xC0000A1000000203);
        status.Name.Should().Be("TDX_INVALID_PAMT");
        status.Code.Should().Be(CompletionCode.InvalidPamt);
        status.Class.Should().Be(0x0A);
        (status.Tdmr, status.Level, status.ReservedArea, status.Other).Should().Be((3, PageSize.Page1G, null, null));
        (status.IsError, status.IsSuccess).Should().Be((true, false));
        status.ToString().Should().Be("TDX_INVALID_PAMT 0xC0000A1000000203");
    }

    [Fact]
    public void a_pamt_overlap_carries_tdmr_level_and_the_other_tdmr()
    {
        CompletionStatus status = new(0xC0000A1200010105);
        (status.Tdmr, status.Level, status.ReservedArea, status.Other).Should().Be((5, PageSize.Page2M, null, 1));
        (status.Info0, status.Info1, status.Info2).Should().Be((5, 1, 1));
    }

    [Fact]
    public void a_reserved_area_out_of_order_carries_tdmr_and_area()
    {
        CompletionStatus status = new(0xC0000A2100000702);
        status.Name.Should().Be("TDX_NON_ORDERED_RESERVED_IN_TDMR");
        (status.Tdmr, status.Level, status.ReservedArea, status.Other).Should().Be((2, null, 7, null));
    }

    [Fact]
    public void success_is_zero_and_default()
    {
        CompletionStatus.Success.Should().Be(default(CompletionStatus));
        (CompletionStatus.Success.Value, CompletionStatus.Success.IsSuccess, CompletionStatus.Success.IsError)
            .Should().Be((0UL, true, false));
        CompletionStatus.Success.Tdmr.Should().BeNull();
        CompletionStatus.Success.ToString().Should().Be("TDX_SUCCESS 0x0");
    }

    [Fact]
    public void already_initialised_is_neither_success_nor_an_error()
    {
        CompletionStatus status = new(0x00000A0300000000);
        (status.IsSuccess, status.IsError, status.Tdmr).Should().Be((false, false, null));
    }

    [Theory]
    [InlineData(0x0000000000000000, "TDX_SUCCESS")]
    [InlineData(0x00000A0300000000, "TDX_TDMR_ALREADY_INITIALIZED")]
    [InlineData(0xC000010000000008, "TDX_OPERAND_INVALID")]
    [InlineData(0xC000010100000001, "TDX_OPERAND_ADDR_RANGE_ERROR")]
    [InlineData(0xC000030300000002, "TDX_PAGE_NOT_FREE")]
    [InlineData(0xC000030400000001, "TDX_HPA_RANGE_NOT_FREE")]
    [InlineData(0xC000030500000001, "TDX_NO_PAMT_PAGE_PAIR")]
    [InlineData(0xC000030600000000, "TDX_PAMT_PAGE_NOT_EMPTY")]
    [InlineData(0xC000050500000000, "TDX_SYS_NOT_READY")]
    [InlineData(0xC000050C00000000, "TDX_SYS_CONFIG_NOT_PENDING")]
    [InlineData(0xC0000A0000000001, "TDX_INVALID_TDMR")]
    [InlineData(0xC0000A0100000001, "TDX_NON_ORDERED_TDMR")]
    [InlineData(0xC0000A0200000001, "TDX_TDMR_OUTSIDE_CMRS")]
    [InlineData(0xC0000A1100000001, "TDX_PAMT_OUTSIDE_CMRS")]
    [InlineData(0xC0000A1200000001, "TDX_PAMT_OVERLAP")]
    [InlineData(0xC0000A2000000001, "TDX_INVALID_RESERVED_IN_TDMR")]
    [InlineData(0xC0000A2200000000, "TDX_CMR_LIST_INVALID")]
    [InlineData(0xC0000C0000000000, "TDX_METADATA_FIELD_ID_INCORRECT")]
    [InlineData(0xC000123400000000, "0xC0001234")]
    public void every_status_has_its_name(ulong value, string name) =>
        new CompletionStatus(value).Name.Should().Be(name);

    [Fact]
    public void a_name_is_that_of_its_code_in_the_words_of_the_specification()
    {
        foreach (CompletionCode code in Enum.GetValues<CompletionCode>())
        {
            string name = new CompletionStatus((ulong)code << 32).Name;
            name.Should().MatchRegex("^(TDX|TD)(_[A-Z0-9]+)+$");
            string words = name.StartsWith("TDX_", StringComparison.Ordinal) ? name[4..] : name;
            words.Replace("_", "", StringComparison.Ordinal).Should().Be(code.ToString().ToUpperInvariant());
        }
    }

    [Theory]
    [InlineData(0xC0000A0000000001, 1)]
    [InlineData(0xC0000A0100000002, 2)]
    [InlineData(0xC0000A02000000FF, 255)]
    [InlineData(0xC0000A1100000103, 3)]
    [InlineData(0xC0000A2000000104, 4)]
    public void a_status_of_a_tdmr_carries_its_index(ulong value, int tdmr) =>
        new CompletionStatus(value).Tdmr.Should().Be(tdmr);

    [Theory]
    [InlineData(0xC000010000000002)]
    [InlineData(0xC0000A2200000000)]
    [InlineData(0xC000030600000001)]
    public void other_statuses_carry_none(ulong value) => new CompletionStatus(value).Tdmr.Should().BeNull();

    [Fact]
    public void a_level_that_is_none_is_not_reported() =>
        new CompletionStatus(0xC0000A1000000301).Level.Should().BeNull();

    public static TheoryData<string, Action<TdmrInfoEntry[]>> Texts => new()
    {
        {
            "TDMR 1, [0x140000000, 0x10000000000000000), does not end below 2^64",
            t => t[1].Size = TwoTo64Minus(5 * GiB)
        },
        {
            "TDMR 1, [0x140000000, 0xffffffffffffffff), is not a whole number of aligned GiB",
            t => t[1].Size = TwoTo64Minus((5 * GiB) + 1)
        },
        { "TDMR 1, [0x140000000, 0x140000000), is empty", t => t[1].Size = 0 },
        { "TDMR 1, [0x140000001, 0x180000001), is not a whole number of aligned GiB", t => t[1].Base++ },
        {
            "TDMR 2, [0x400000000000, 0x400080000000), does not end below 2^46, where addresses without a key id end",
            t => t[2].Base = 1UL << 46
        },
        { "TDMR 2, [0x0, 0x80000000), starts below TDMR 1, [0x140000000, 0x180000000)", t => t[2].Base = 0 },
        { "TDMR 2, [0x140000000, 0x1c0000000), overlaps TDMR 1, [0x140000000, 0x180000000)", t => t[2].Base = 5 * GiB },
        {
            "PAMT 1G of TDMR 0, [0x420000000, 0x10000000000001000), does not end below 2^64",
            t => t[0].Pamt1G = t[0].Pamt1G with { Size = TwoTo64Minus(t[0].Pamt1G.Base) + Page }
        },
        {
            "PAMT 1G of TDMR 0, [0x420000000, 0xffffffffffffffff), is not a whole number of 4 KiB pages",
            t => t[0].Pamt1G = t[0].Pamt1G with { Size = TwoTo64Minus(t[0].Pamt1G.Base + 1) }
        },
        {
            "PAMT 1G of TDMR 0, [0x420000000, 0x420000008), is not a whole number of 4 KiB pages",
            t => t[0].Pamt1G = t[0].Pamt1G with { Size = 8 }
        },
        {
            "PAMT 4K of TDMR 0, [0x400000000, 0x400001000), has 0x1000 bytes and needs 0x400000",
            t => t[0].Pamt4K = t[0].Pamt4K with { Size = Page }
        },
        { "PAMT 2M of TDMR 0, [0x410000000, 0x410000000), is empty", t => t[0].Pamt2M = t[0].Pamt2M with { Size = 0 } },
        {
            "PAMT 2M of TDMR 0, [0x800000000000, 0x800000002000), does not end below 2^46, "
                + "where addresses without a key id end",
            t => t[0].Pamt2M = t[0].Pamt2M with { Base = 1UL << 47 }
        },
        {
            "PAMT 2M of TDMR 2, [0x400000000, 0x400004000), overlaps PAMT 4K of TDMR 0, [0x400000000, 0x400400000)",
            t => t[2].Pamt2M = t[2].Pamt2M with { Base = PamtsAt }
        },
        {
            "PAMT 2M of TDMR 1, [0x400400000, 0x400402000), overlaps PAMT 2M of TDMR 0, [0x400400000, 0x400402000)",
            t => t[1].Pamt2M = t[0].Pamt2M = t[0].Pamt2M with { Base = PamtsAt + t[0].Pamt4K.Size }
        },
        {
            "PAMT 2M of TDMR 1, [0x3fffff000, 0x400001000), overlaps PAMT 1G of TDMR 0, [0x3fffff000, 0x400000000)",
            t =>
            {
                t[0].Pamt1G = t[0].Pamt1G with { Base = PamtsAt - Page };
                t[0].Pamt4K = t[0].Pamt4K with { Base = PamtsAt + Page };
                t[1].Pamt2M = t[1].Pamt2M with { Base = PamtsAt - Page };
            }
        },
        {
            "PAMT 2M of TDMR 1, [0x450000000, 0x450002000), overlaps PAMT 1G of TDMR 1, [0x450000000, 0x450001000)",
            t => t[1].Pamt1G = t[1].Pamt1G with { Base = t[1].Pamt2M.Base }
        },
        {
            "PAMT 2M of TDMR 2, [0x140180000, 0x140184000), overlaps free space of TDMR 1, [0x140101000, 0x140200000)",
            t => t[2].Pamt2M = t[2].Pamt2M with { Base = (5 * GiB) + 0x180000 }
        },
        {
            "PAMT 1G of TDMR 2, [0x1900000000, 0x1900001000), is not inside one CMR or touching ones",
            t => t[2].Pamt1G = t[2].Pamt1G with { Base = 100 * GiB }
        },
        {
            "free space of TDMR 2, [0x1900201000, 0x1980000000), is not inside one CMR or touching ones",
            t =>
            {
                t[2].Base = 100 * GiB;
                t[2].SetReservedArea(0, new(0, 2 * MiB));
            }
        },
        {
            "reserved area 1 of TDMR 0, +[0x200000, 0xffffffffffffffff), is not a whole number of 4 KiB pages",
            t => t[0].SetReservedArea(1, new(2 * MiB, TwoTo64Minus((2 * MiB) + 1)))
        },
        {
            "reserved area 1 of TDMR 0, +[0x200001, 0x201001), is not a whole number of 4 KiB pages",
            t => t[0].SetReservedArea(1, new(0x200001, Page))
        },
        {
            "reserved area 1 of TDMR 0, +[0x40000000, 0x40001000), ends above the TDMR, [0x100000000, 0x140000000)",
            t => t[0].SetReservedArea(1, new(GiB, Page))
        },
        {
            "reserved area 1 of TDMR 0, +[0x1000, 0x10000000000000000), does not end below 2^64",
            t => t[0].SetReservedArea(1, new(Page, TwoTo64Minus(Page)))
        },
        { "reserved area 0 of TDMR 0 is empty, and one that is not follows it", t => t[0].SetReservedArea(0, default) },
        {
            "reserved area 1 of TDMR 0, +[0x0, 0x1000), starts below reserved area 0 of TDMR 0, +[0x100000, 0x101000)",
            t => t[0].SetReservedArea(1, new(0, Page))
        },
        {
            "reserved area 1 of TDMR 0, +[0x100000, 0x101000), overlaps "
                + "reserved area 0 of TDMR 0, +[0x100000, 0x101000)",
            t => t[0].SetReservedArea(1, new(MiB, Page))
        },
        { "the TDMRs are accepted", _ => { } },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void a_status_says_in_words_what_is_wrong(string text, Action<TdmrInfoEntry[]> change)
    {
        TdmrInfoEntry[] tdmrs = Create();
        change(tdmrs);
        SysConfig.Check(tdmrs, Cmrs).Describe(tdmrs, Cmrs).Should().Be(text);
    }

    [Fact]
    public void free_space_is_named_as_far_as_the_cmrs_tell_which()
    {
        const string End = ", is not inside one CMR or touching ones";
        CompletionStatus status = new(0xC0000A0200000000);
        CmrInfo[] cmrs = [new(0, (4 * GiB) + MiB), new((4 * GiB) + (2 * MiB), 60 * GiB)];
        SysConfig.Check(Create(), cmrs).Should().Be(status);
        status.Describe(Create(), cmrs).Should().Be($"free space of TDMR 0, [0x100101000, 0x100200000){End}");
        status.Describe(Create()).Should().Be($"free space of TDMR 0, [0x100000000, 0x140000000){End}");
        status.Describe(Create(), [new(1, 4096)]).Should().Be($"free space of TDMR 0, [0x100000000, 0x140000000){End}");
    }

    [Fact]
    public void too_few_key_id_bits_for_dynamic_pamt_are_said_in_words()
    {
        ModuleParameters module = new() { DynamicPamt = true, KeyIdBits = 3 };
        SysConfig.Check(Create(module), Cmrs, module).Describe(Create(module), Cmrs, module)
            .Should().Be("Dynamic PAMT needs key ids from bit 48 or below on, and they begin at bit 49");
    }

    [Fact]
    public void a_wrong_number_of_tdmrs_is_said_in_words()
    {
        SysConfig.Check([], Cmrs).Describe([]).Should().Be("there are 0 TDMRs, not from 1 to 64");
        ModuleParameters two = new() { MaxTdmrs = 2 };
        SysConfig.Check(Create(), Cmrs, two).Describe(Create(), Cmrs, two)
            .Should().Be("there are 3 TDMRs, not from 1 to 2");
        new CompletionStatus(0xC000010000000002).Describe(Create())
            .Should().Be("TDX_OPERAND_INVALID, operands 2, 0, 0");
    }

    [Theory]
    [InlineData(0x00000A0300000000, "the TDMR is already initialised")]
    [InlineData(0xC000050500000000, "the module is not configured and keyed")]
    [InlineData(0xC000050C00000000, "the module is already configured")]
    [InlineData(0xC0000A2200000000, "the CMRs are not 4 KiB aligned, below 2^52, ascending and apart")]
    [InlineData(0xC000010000000008, "TDX_OPERAND_INVALID, operands 8, 0, 0")]
    [InlineData(0xC000030600030201, "TDX_PAMT_PAGE_NOT_EMPTY, operands 1, 2, 3")]
    [InlineData(0xC0000A0000000003, "TDX_INVALID_TDMR, TDMR 3")]
    [InlineData(0xC0000A0100000000, "TDX_NON_ORDERED_TDMR, TDMR 0")]
    [InlineData(0xC0000A1000000302, "TDX_INVALID_PAMT, TDMR 2")]
    [InlineData(0xC0000A1100000302, "TDX_PAMT_OUTSIDE_CMRS, TDMR 2")]
    [InlineData(0xC0000A1200000003, "TDX_PAMT_OVERLAP, TDMR 3")]
    [InlineData(0xC0000A1200030002, "TDX_PAMT_OVERLAP, TDMR 2")]
    [InlineData(0xC0000A1200000302, "TDX_PAMT_OVERLAP, TDMR 2")]
    [InlineData(0xC0000A2000001001, "TDX_INVALID_RESERVED_IN_TDMR, TDMR 1")]
    [InlineData(0xC0000A2100001001, "TDX_NON_ORDERED_RESERVED_IN_TDMR, TDMR 1")]
    [InlineData(0xC0000A2100000001, "TDX_NON_ORDERED_RESERVED_IN_TDMR, TDMR 1")]
    [InlineData(0xC0000A2100000F01, "reserved area 15 of TDMR 1 is empty, and one that is not follows it")]
    public void a_status_of_other_tdmrs_or_none_is_described_as_far_as_it_goes(ulong status, string text) =>
        new CompletionStatus(status).Describe(Create(), Cmrs).Should().Be(text);

    [Fact]
    public void free_space_is_named_as_far_as_reserved_areas_ascend()
    {
        TdmrInfoEntry[] tdmrs = Create();
        tdmrs[2].Pamt2M = tdmrs[2].Pamt2M with { Base = tdmrs[1].Base + (16 * MiB) };
        CompletionStatus status = new(0xC0000A1200010102);
        foreach (ReservedEntry third in (ReservedEntry[])
            [default, new(8 * MiB, 0), new(MiB, Page), new(3 * MiB, TwoTo64Minus(3 * MiB))])
        {
            tdmrs[1].SetReservedArea(2, third);
            tdmrs[1].SetReservedArea(3, new(4 * MiB, Page));
            status.Describe(tdmrs).Should().Be("PAMT 2M of TDMR 2, [0x141000000, 0x141004000), "
                + "overlaps free space of TDMR 1, [0x140201000, 0x180000000)", "{0} ends the list", third);
        }
    }

    [Fact]
    public void a_pamt_of_a_tdmr_of_any_size_can_be_described()
    {
        TdmrInfoEntry tdmr = new() { Size = ulong.MaxValue, Pamt4K = new(0, Page) };
        new CompletionStatus(0xC0000A1000000000)
            .Describe([tdmr], module: new() { PamtEntrySizes = new(65535, 65535, 65535) })
            .Should().Be("PAMT 4K of TDMR 0, [0x0, 0x1000), does not end below 2^46, "
                + "where addresses without a key id end");
    }

    [Fact]
    public void any_status_can_be_described_with_any_tdmrs()
    {
        Random random = new(1);
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[3];
        byte[] bytes = new byte[3 * TdmrInfoEntry.Stride];
        foreach (CompletionCode code in Enum.GetValues<CompletionCode>())
        {
            for (ulong operands = 0; operands < 1 << 9; operands++)
            {
                random.NextBytes(bytes);
                TdmrInfoTable.Read(bytes, tdmrs);
                ulong info = (operands & 3) | ((operands >> 2 & 31) << 8) | ((operands >> 7) << 16);
                new CompletionStatus(((ulong)code << 32) | info).Describe(tdmrs, Cmrs).Should().NotBeEmpty();
                new CompletionStatus(((ulong)code << 32) | info).Describe(tdmrs).Should().NotBeEmpty();
            }
        }
    }
}
