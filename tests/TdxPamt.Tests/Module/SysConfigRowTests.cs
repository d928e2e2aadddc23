using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

/// <summary>Each row of the table of checks, broken alone, and the last value it takes.</summary>
public class SysConfigRowTests
{
    private const ulong InvalidTdmr = 0xC0000A0000000000;
    private const ulong NonOrderedTdmr = 0xC0000A0100000000;
    private const ulong TdmrOutsideCmrs = 0xC0000A0200000000;
    private const ulong InvalidPamt = 0xC0000A1000000000;
    private const ulong PamtOutsideCmrs = 0xC0000A1100000000;
    private const ulong PamtOverlap = 0xC0000A1200000000;
    private const ulong InvalidReserved = 0xC0000A2000000000;
    private const ulong NonOrderedReserved = 0xC0000A2100000000;

    private static readonly ModuleParameters Dynamic = new() { DynamicPamt = true };

    private static ModuleParameters KeyIdBits(int bits) => new() { KeyIdBits = bits };

    [Fact]
    public void the_sample_is_accepted_static_and_dynamic()
    {
        Answer(_ => { }).Should().Be(CompletionStatus.Success);
        Answer(_ => { }, module: Dynamic).Should().Be(CompletionStatus.Success);
    }

    [Fact]
    public void one_tdmr_is_the_fewest_and_the_modules_maximum_the_most()
    {
        ModuleParameters two = new() { MaxTdmrs = 2 };
        SysConfig.Check([], Cmrs).Value.Should().Be(0xC000010000000002);
        SysConfig.Check(Create().AsSpan(0, 1), Cmrs, two).Value.Should().Be(0);
        SysConfig.Check(Create().AsSpan(0, 2), Cmrs, two).Value.Should().Be(0);
        SysConfig.Check(Create(), Cmrs, two).Value.Should().Be(0xC000010000000002);
        SysConfig.Check(new TdmrInfoEntry[65], Cmrs).Value.Should().Be(0xC000010000000002);
        SysConfig.Check(new TdmrInfoEntry[64], Cmrs).Value.Should().Be(InvalidTdmr);
    }

    [Theory]
    [InlineData(52, 3, 0xC000010000000008)]
    [InlineData(52, 4, 0UL)]
    [InlineData(49, 0, 0xC000010000000008)]
    [InlineData(49, 1, 0UL)]
    [InlineData(48, 0, 0UL)]
    public void dynamic_pamt_wants_key_ids_from_bit_48_or_below_on(int addressBits, int keyIdBits, ulong status)
    {
        ModuleParameters module = Dynamic with { PhysicalAddressBits = addressBits, KeyIdBits = keyIdBits };
        Answer(_ => { }, module: module).Value.Should().Be(status);
        Answer(t => t[0].Size = 0, module: module).Value.Should().Be(status == 0 ? InvalidTdmr : status, "it is first");
        Answer(_ => { }, module: module with { DynamicPamt = false }).Value.Should().Be(0);
    }

    [Fact]
    public void tdmr_address_key_ids_begin_below_the_processors_highest_address_bit()
    {
        ModuleParameters module = new() { PhysicalAddressBits = 46, KeyIdBits = 6 };
        CmrInfo[] cmrs = [new(0, 1UL << 52)];
        Answer(t => t[2].Base = (1UL << 40) - (2 * GiB), cmrs, module).Value.Should().Be(0);
        Answer(t => t[2].Base = 1UL << 40, cmrs, module).Value.Should().Be(InvalidTdmr + 2);
        Answer(t => t[2].Base = 1UL << 45, cmrs, module).Value.Should().Be(InvalidTdmr + 2);
        Answer(t => t[2].Base = 1UL << 46, cmrs, module).Value.Should().Be(0, "no bit of a key id is set");
        Answer(t => t[2].Base = 1UL << 52, cmrs, module).Value.Should().Be(InvalidTdmr + 2);
    }

    [Fact]
    public void tdmr_range_base_and_size_reach_2_to_64()
    {
        Answer(t => (t[1].Base, t[1].Size) = (GiB, TwoTo64Minus(GiB))).Value.Should().Be(InvalidTdmr + 1);
        Answer(t => (t[1].Base, t[1].Size) = (GiB, TwoTo64Minus(GiB) - 1)).Value
            .Should().Be(NonOrderedTdmr + 1, "the range is passed");
        Answer(t => (t[0].Base, t[0].Size) = (ulong.MaxValue, ulong.MaxValue)).Value.Should().Be(InvalidTdmr);
    }

    [Fact]
    public void tdmr_order_a_tdmr_starts_below_the_one_before()
    {
        Answer(t => t[2].Base = 4 * GiB).Value.Should().Be(NonOrderedTdmr + 2);
        Answer(t => t[2].Base = (5 * GiB) - 1).Value.Should().Be(NonOrderedTdmr + 2);
    }

    [Fact]
    public void tdmr_order_a_tdmr_starts_before_the_one_before_ends()
    {
        Answer(t => t[2].Base = 6 * GiB).Value.Should().Be(0);
        Answer(t => t[2].Base = (6 * GiB) - 1).Value.Should().Be(NonOrderedTdmr + 2);
        Answer(t => t[2].Base = 5 * GiB).Value.Should().Be(NonOrderedTdmr + 2);
    }

    [Fact]
    public void tdmr_alignment_a_tdmr_is_not_a_whole_number_of_aligned_gib()
    {
        Answer(t => t[1].Base += 1).Value.Should().Be(InvalidTdmr + 1);
        Answer(t => t[1].Base += GiB / 2).Value.Should().Be(InvalidTdmr + 1);
        Answer(t => t[1].Size -= 1).Value.Should().Be(InvalidTdmr + 1);
        Answer(t => t[1].Size = GiB / 2).Value.Should().Be(InvalidTdmr + 1);
        Answer(t => t[1].Size = 0).Value.Should().Be(InvalidTdmr + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(15)]
    public void tdmr_address_a_tdmr_ends_where_addresses_end(int keyIdBits)
    {
        ulong limit = 1UL << (52 - keyIdBits);
        CmrInfo[] cmrs = [new(0, 1UL << 52)];
        Answer(t => t[2].Base = limit - (2 * GiB), cmrs, KeyIdBits(keyIdBits)).Value.Should().Be(0);
        Answer(t => t[2].Base = limit - GiB, cmrs, KeyIdBits(keyIdBits)).Value.Should().Be(InvalidTdmr + 2);
        Answer(t => t[2].Base = limit, cmrs, KeyIdBits(keyIdBits)).Value.Should().Be(InvalidTdmr + 2);
        Answer(t => t[2].Base = 1UL << 52, cmrs, KeyIdBits(keyIdBits)).Value.Should().Be(InvalidTdmr + 2);
        Answer(t => t[2].Base = 1UL << 63, cmrs, KeyIdBits(keyIdBits)).Value.Should().Be(InvalidTdmr + 2);
    }

    [Fact]
    public void tdmr_address_with_52_key_id_bits_no_tdmr_is_legal()
    {
        Answer(t => t[0].Base = 0, module: KeyIdBits(52)).Value.Should().Be(InvalidTdmr);
        Answer(t => t[0].Base = 0, module: KeyIdBits(23)).Value.Should().Be(InvalidTdmr);
        Answer(t => t[0].Base = 0, module: KeyIdBits(22)).Value
            .Should().Be(InvalidPamt + 0x200, "the address is passed");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(14)]
    public void reserved_null_entry_a_null_entry_precedes_one_that_is_not(int j)
    {
        Answer(t => Fill(ref t[1], 16)).Value.Should().Be(0);
        Answer(t =>
        {
            Fill(ref t[1], 16);
            t[1].SetReservedArea(j, new(ulong.MaxValue, 0));
        }).Value.Should().Be(NonOrderedReserved + 1 + ((ulong)j << 8));
    }

    [Fact]
    public void reserved_null_entries_at_the_end_are_legal_whatever_their_offset()
    {
        Answer(t =>
        {
            Fill(ref t[1], 16);
            t[1].SetReservedArea(15, new(ulong.MaxValue, 0));
            t[1].SetReservedArea(14, new(1, 0));
        }).Value.Should().Be(0);
    }

    [Fact]
    public void reserved_range_offset_and_size_reach_2_to_64()
    {
        Answer(t => t[2].SetReservedArea(1, new(Page, TwoTo64Minus(Page)))).Value.Should().Be(InvalidReserved + 0x102);
        Answer(t => t[2].SetReservedArea(1, new(Page, TwoTo64Minus(2 * Page)))).Value
            .Should().Be(NonOrderedReserved + 0x102, "it starts below area 0, once the range is passed");
    }

    [Fact]
    public void reserved_order_an_area_starts_before_the_one_before_ends()
    {
        Answer(t => t[2].SetReservedArea(1, new(MiB + Page, Page))).Value.Should().Be(0, "touching is legal");
        Answer(t => t[2].SetReservedArea(1, new(MiB + Page - 1, Page))).Value.Should().Be(NonOrderedReserved + 0x102);
        Answer(t => t[2].SetReservedArea(1, new(MiB, Page))).Value.Should().Be(NonOrderedReserved + 0x102);
        Answer(t => t[2].SetReservedArea(1, new(0, Page))).Value.Should().Be(NonOrderedReserved + 0x102);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(8, 0)]
    [InlineData(2048, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 4095)]
    public void reserved_alignment_an_area_is_not_whole_pages(ulong offset, ulong size)
    {
        Answer(t => t[1].SetReservedArea(1, new((2 * MiB) + offset, Page + size))).Value
            .Should().Be(InvalidReserved + 0x101);
    }

    [Fact]
    public void reserved_inside_an_area_ends_above_its_tdmr()
    {
        Answer(t => t[1].SetReservedArea(1, new(GiB - Page, Page))).Value.Should().Be(0);
        Answer(t => t[1].SetReservedArea(1, new(GiB - Page, 2 * Page))).Value.Should().Be(InvalidReserved + 0x101);
        Answer(t => t[1].SetReservedArea(1, new(GiB, Page))).Value.Should().Be(InvalidReserved + 0x101);
        Answer(t => t[1].SetReservedArea(1, new(TwoTo64Minus(5 * GiB), Page))).Value
            .Should().Be(InvalidReserved + 0x101);
        Answer(t => t[1].SetReservedArea(1, new(TwoTo64Minus((5 * GiB) + Page), Page))).Value
            .Should().Be(InvalidReserved + 0x101);
    }

    [Theory]
    [InlineData(PageSize.Page4K)]
    [InlineData(PageSize.Page2M)]
    [InlineData(PageSize.Page1G)]
    public void pamt_range_a_pamt_is_not_one(PageSize level)
    {
        ulong refused = InvalidPamt + 2 + ((ulong)level << 8);
        ulong needed = Create()[2].GetPamt(level).Size;
        const ulong At = 32 * GiB;

        AnswerPamt(level, At, needed).Should().Be(0);
        AnswerPamt(level, At, needed + Page).Should().Be(0, "there is no upper bound");
        AnswerPamt(level, At, needed - Page).Should().Be(refused);
        AnswerPamt(level, At, 0).Should().Be(refused);
        AnswerPamt(level, 0, 0).Should().Be(refused);
        AnswerPamt(level, At + 8, needed).Should().Be(refused);
        AnswerPamt(level, At, needed + 8).Should().Be(refused);
        AnswerPamt(level, TwoTo64Minus(needed), needed).Should().Be(refused);
        AnswerPamt(level, ulong.MaxValue, ulong.MaxValue).Should().Be(refused);
        AnswerPamt(level, 1UL << 46, needed).Should().Be(refused, "it carries a key id");
        AnswerPamt(level, (1UL << 46) - needed + Page, needed).Should().Be(refused, "its last byte carries a key id");
        AnswerPamt(level, 1UL << 52, needed).Should().Be(refused);

        CmrInfo[] all = [new(0, 1UL << 52)];
        AnswerPamt(level, (1UL << 46) - needed, needed, all).Should().Be(0);
        AnswerPamt(level, (1UL << 52) - needed, needed, all, KeyIdBits(0)).Should().Be(0);
        AnswerPamt(level, (1UL << 52) - needed + Page, needed, all, KeyIdBits(0)).Should().Be(refused);
    }

    [Fact]
    public void pamt_range_the_required_size_is_not_itself_rounded_to_pages()
    {
        ModuleParameters odd = new() { PamtEntrySizes = new(17, 4097, 4095) };
        Answer(t => t[2].Pamt1G = new(32 * GiB, 2 * Page), module: odd).Value.Should().Be(0, "8190 bytes are needed");
        Answer(t => t[2].Pamt1G = new(32 * GiB, Page), module: odd).Value.Should().Be(InvalidPamt + 0x202);
        ModuleParameters even = new() { PamtEntrySizes = new(16, 16, 2049) };
        Answer(t => t[2].Pamt1G = new(32 * GiB, 2 * Page), module: even).Value.Should().Be(0, "4098 bytes are needed");
        Answer(t => t[2].Pamt1G = new(32 * GiB, Page), module: even).Value.Should().Be(InvalidPamt + 0x202);
        Answer(t => t[2].Pamt4K = t[2].Pamt4K with { Size = (2 * GiB / Page * 17) - Page }, module: odd).Value
            .Should().Be(InvalidPamt + 2);
    }

    [Fact]
    public void pamt_range_with_dynamic_pamt_the_4k_pamt_is_a_bitmap()
    {
        const ulong Needed = 2 * GiB / Page / 8;
        Answer(t => t[2].Pamt4K = t[2].Pamt4K with { Size = Needed }, module: Dynamic).Value.Should().Be(0);
        Answer(t => t[2].Pamt4K = t[2].Pamt4K with { Size = Needed - Page }, module: Dynamic).Value
            .Should().Be(InvalidPamt + 2);
        ModuleParameters twoBits = Dynamic with { PamtPageBitmapEntryBits = 2 };
        Answer(t => t[2].Pamt4K = t[2].Pamt4K with { Size = 2 * Needed }, module: twoBits).Value.Should().Be(0);
        Answer(t => t[2].Pamt4K = t[2].Pamt4K with { Size = (2 * Needed) - Page }, module: twoBits).Value
            .Should().Be(InvalidPamt + 2);
    }

    [Theory]
    [InlineData(PageSize.Page4K)]
    [InlineData(PageSize.Page2M)]
    [InlineData(PageSize.Page1G)]
    public void pamt_with_pamt_a_pamt_overlaps_one_of_an_earlier_tdmr(PageSize level)
    {
        foreach (PageSize other in PageSizes.All)
        {
            Pamt there = Create()[1].GetPamt(other);
            ulong size = Create()[2].GetPamt(level).Size;
            ulong refused = PamtOverlap + 0x10002 + ((ulong)level << 8);
            AnswerPamt(level, there.Base + there.Size, size).Should().Be(0, "touching is legal");
            AnswerPamt(level, there.Base + there.Size - Page, size).Should().Be(refused);
            AnswerPamt(level, there.Base - size, size).Should().Be(0, "touching is legal");
            AnswerPamt(level, there.Base - size + Page, size).Should().Be(refused);
        }
    }

    [Fact]
    public void pamt_with_pamt_pamts_of_one_tdmr_overlap()
    {
        Answer(t => t[1].Pamt2M = t[1].Pamt2M with { Base = t[1].Pamt4K.Base }).Value
            .Should().Be(PamtOverlap + 0x10001);
        Answer(t => t[1].Pamt1G = t[1].Pamt1G with { Base = t[1].Pamt4K.Base }).Value
            .Should().Be(PamtOverlap + 0x10001);
        Answer(t => t[1].Pamt1G = t[1].Pamt1G with { Base = t[1].Pamt2M.Base }).Value
            .Should().Be(PamtOverlap + 0x10101);
    }

    [Theory]
    [InlineData(PageSize.Page4K)]
    [InlineData(PageSize.Page2M)]
    [InlineData(PageSize.Page1G)]
    public void pamt_with_free_space_a_pamt_overlaps_free_space(PageSize level)
    {
        ulong size = Create()[1].GetPamt(level).Size;
        ulong inPlace = (ulong)level << 8;

        // TDMR 1's PAMT in TDMR 0, itself and TDMR 2, on a reserved area that just holds it.
        foreach ((int k, ulong refused) in new[] { (0, 1UL), (1, 0x10001UL), (2, 0x20001UL) })
        {
            foreach (ulong missing in new[] { 0UL, Page })
            {
                ulong expected = missing == 0 ? 0 : PamtOverlap + refused + inPlace;
                Answer(t =>
                {
                    t[1].SetPamt(level, new(t[k].Base + (8 * MiB), size));
                    if (size > missing)
                        t[k].SetReservedArea(2, new((8 * MiB) + missing, size - missing));
                }).Value.Should().Be(expected);
                Answer(t =>
                {
                    t[1].SetPamt(level, new(t[k].Base + (8 * MiB), size));
                    if (size > missing)
                        t[k].SetReservedArea(2, new(8 * MiB, size - missing));
                }).Value.Should().Be(expected);
            }
        }
    }

    [Fact]
    public void pamt_with_free_space_a_pamt_may_span_tdmrs_where_both_reserve_it()
    {
        AnswerAcross(new(GiB - Page, Page), new(0, 3 * Page)).Should().Be(0);
        AnswerAcross(new(GiB - Page, Page), new(0, 2 * Page)).Should().Be(PamtOverlap + 0x10102);
        AnswerAcross(new(GiB - Page, Page), new(Page, 2 * Page)).Should().Be(PamtOverlap + 0x10102);
        AnswerAcross(new(GiB - (2 * Page), Page), new(0, 3 * Page)).Should().Be(PamtOverlap + 0x102);

        static ulong AnswerAcross(ReservedEntry inTdmr0, ReservedEntry inTdmr1) => Answer(t =>
        {
            t[2].Pamt2M = new((5 * GiB) - Page, 4 * Page);
            t[0].SetReservedArea(2, inTdmr0);
            t[1].SetReservedArea(0, inTdmr1);
        }).Value;
    }

    [Fact]
    public void pamt_with_free_space_touching_reserved_areas_hold_a_pamt_together()
    {
        Answer(t =>
        {
            t[1].Pamt1G = new(t[0].Base + (2 * MiB) - Page, 3 * Page);
            t[0].SetReservedArea(0, new((2 * MiB) - Page, Page));
            t[0].SetReservedArea(2, new((2 * MiB) + Page, Page));
        }).Value.Should().Be(0);
    }

    [Fact]
    public void pamt_with_free_space_a_tdmr_that_is_all_reserved_has_no_free_space()
    {
        Answer(t =>
        {
            t[0].SetReservedArea(0, new(0, GiB));
            t[0].SetReservedArea(1, default);
            t[1].Pamt4K = t[1].Pamt4K with { Base = 4 * GiB };
        }).Value.Should().Be(0);
    }

    [Theory]
    [InlineData(PageSize.Page4K)]
    [InlineData(PageSize.Page2M)]
    [InlineData(PageSize.Page1G)]
    public void pamt_in_cmrs_a_pamt_is_not_inside_one_cmr_run(PageSize level)
    {
        ulong size = Create()[1].GetPamt(level).Size;
        ulong refused = PamtOutsideCmrs + 1 + ((ulong)level << 8);
        CmrInfo[] cmrs = [new(0, 32 * GiB), new(32 * GiB, GiB), new(34 * GiB, GiB)];
        AnswerAt((33 * GiB) - size).Should().Be(0);
        AnswerAt((33 * GiB) - size + Page).Should().Be(refused);
        AnswerAt(33 * GiB).Should().Be(refused);
        AnswerAt(34 * GiB).Should().Be(0);
        AnswerAt((34 * GiB) - Page).Should().Be(refused);
        AnswerAt(35 * GiB).Should().Be(refused);
        AnswerAt((35 * GiB) - size).Should().Be(0);

        ulong AnswerAt(ulong at) => Answer(t => t[1].SetPamt(level, new(at, size)), cmrs).Value;
    }

    [Fact]
    public void pamt_and_tdmr_in_cmrs_touching_cmrs_are_one_run_and_null_entries_lie_between()
    {
        CmrInfo[] touching = [new(0, (8 * GiB) + Page), new(1, 0), new((8 * GiB) + Page, 56 * GiB)];
        CmrInfo[] apart = [new(0, (8 * GiB) + Page), new((8 * GiB) + (2 * Page), 56 * GiB)];
        Answer(_ => { }, touching).Value.Should().Be(0);
        Answer(_ => { }, apart).Value.Should().Be(TdmrOutsideCmrs + 2);
        Answer(t => t[2].SetReservedArea(0, new(Page, Page)), apart).Value.Should().Be(0, "the gap is reserved");
        Answer(t => t[1].Pamt1G = new(8 * GiB, 4 * Page), apart).Value
            .Should().Be(PamtOutsideCmrs + 0x201, "TDMR 2 is not looked at yet");
    }

    [Fact]
    public void tdmr_in_cmrs_free_space_is_not_inside_one_cmr_run()
    {
        CmrInfo[] high = [new((4 * GiB) + Page, 60 * GiB)];
        Answer(_ => { }, high).Value.Should().Be(TdmrOutsideCmrs);
        Answer(t => t[0].SetReservedArea(0, new(0, Page)), high).Value.Should().Be(0);
        CmrInfo[] low = [new(0, (10 * GiB) - Page), new(16 * GiB, 4 * GiB)];
        Answer(_ => { }, low).Value.Should().Be(TdmrOutsideCmrs + 2);
        Answer(t => t[2].SetReservedArea(1, new((2 * GiB) - Page, Page)), low).Value.Should().Be(0);
        Answer(t => t[2].SetReservedArea(1, new(0, 0)), low).Value.Should().Be(TdmrOutsideCmrs + 2);
        CmrInfo[] none = [new(16 * GiB, 4 * GiB)];
        Answer(_ => { }, none).Value.Should().Be(TdmrOutsideCmrs);
        Answer(
            t =>
            {
                for (int i = 0; i < 3; i++)
                {
                    t[i].SetReservedArea(0, new(0, t[i].Size));
                    t[i].SetReservedArea(1, default);
                }
            },
            none).Value.Should().Be(0, "TDMRs that are all reserved have no free space");
    }

    [Fact]
    public void without_cmrs_the_first_pamt_is_outside_them() =>
        Answer(_ => { }, []).Value.Should().Be(PamtOutsideCmrs + 0x200);

    [Fact]
    public void cmrs_that_are_not_a_table_are_refused_first() =>
        Answer(t => t[0].Size = 0, [new(1, 4096)]).Value.Should().Be(0xC0000A2200000000);

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(100)]
    public void more_tdmrs_and_cmrs_than_today_are_checked_as_few_are(int count)
    {
        ModuleParameters module = new() { MaxTdmrs = 100, PamtEntrySizes = new(1, 1, 1) };
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[count];
        CmrInfo[] cmrs = new CmrInfo[count + 1];
        for (int i = 0; i < count; i++)
        {
            PamtSizes sizes = PamtSizes.Calculate(GiB, module);
            ulong pamts = (ulong)(200 + i) * MiB;
            tdmrs[i] = new()
            {
                Base = (ulong)(i + 1) * 2 * GiB,
                Size = GiB,
                Pamt4K = new(pamts, sizes.Page4K),
                Pamt2M = new(pamts + (MiB / 2), sizes.Page2M),
                Pamt1G = new(pamts + (MiB / 4 * 3), sizes.Page1G),
            };
            cmrs[i + 1] = new(tdmrs[i].Base, GiB);
        }

        cmrs[0] = new(0, GiB);
        byte[] bytes = new byte[count * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(tdmrs, bytes);
        SysConfig.Check(tdmrs, cmrs, module).Should().Be(CompletionStatus.Success);
        SysConfig.Check(Read(bytes), cmrs, module).Should().Be(CompletionStatus.Success);
        SysConfig.Check(tdmrs, cmrs.AsSpan(0, count), module).Value.Should().Be(0xC0000A0200000000 + (ulong)count - 1);
    }

    /// <summary>The PAMTs of TDMR i lie apart from one another, at the i-th of many places.</summary>
    [Theory]
    [InlineData("ascending")]
    [InlineData("descending")]
    [InlineData("shuffled")]
    public void a_pamt_that_overlaps_is_found_among_hundreds_in_any_order(string order)
    {
        const int Count = 200;
        const ulong Place = 4 * GiB / 1024;
        int[] places = [.. Enumerable.Range(0, Count)];
        if (order == "descending")
            Array.Reverse(places);
        else if (order == "shuffled")
            new Random(7).Shuffle(places);
        ModuleParameters module = new() { MaxTdmrs = Count, PamtEntrySizes = new(1, 1, 1) };
        PamtSizes sizes = PamtSizes.Calculate(GiB, module);
        TdmrInfoEntry[] tdmrs = [.. places.Select((place, i) => new TdmrInfoEntry
        {
            Base = (ulong)(i + 2) * GiB,
            Size = GiB,
            Pamt4K = new((ulong)place * Place, sizes.Page4K),
            Pamt2M = new(((ulong)place * Place) + (2 * MiB), sizes.Page2M),
            Pamt1G = new(((ulong)place * Place) + (3 * MiB), sizes.Page1G),
        })];
        CmrInfo[] cmrs = [new(0, 1024 * GiB)];
        SysConfig.Check(tdmrs, cmrs, module).Should().Be(CompletionStatus.Success);

        Pamt own = tdmrs[^1].Pamt1G;
        for (int other = 0; other < Count - 1; other += 11)
        {
            PageSize level = (PageSize)(other % 3);
            tdmrs[^1].Pamt1G = own with { Base = tdmrs[other].GetPamt(level).Base };
            SysConfig.Check(tdmrs, cmrs, module).Value
                .Should().Be(PamtOverlap + (Count - 1) + 0x200 + ((ulong)other << 16), "of TDMR {0}", other);
        }

        tdmrs[^1].Pamt1G = own with { Base = (7 * GiB) + MiB };
        SysConfig.Check(tdmrs, cmrs, module).Value.Should().Be(PamtOverlap + (Count - 1) + 0x50200, "TDMR 5 is there");
        tdmrs[^1].Pamt1G = own;
        tdmrs[5].Pamt1G = own with { Base = tdmrs[^1].Base + MiB };
        SysConfig.Check(tdmrs, cmrs, module).Value
            .Should().Be(PamtOverlap + 5 + 0x200 + ((ulong)(Count - 1) << 16), "the last TDMR is there");
    }

    [Fact]
    public void sixty_four_tdmrs_of_sixteen_areas_are_checked_without_allocating()
    {
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[64];
        for (int i = 0; i < tdmrs.Length; i++)
        {
            tdmrs[i] = Create()[0];
            tdmrs[i].Base = (ulong)i * GiB;
            Fill(ref tdmrs[i], 15);
            tdmrs[i].SetReservedArea(15, new(GiB / 2, GiB / 4));
            ulong home = ((63 - (ulong)i) * GiB) + (GiB / 2);
            tdmrs[i].Pamt4K = tdmrs[i].Pamt4K with { Base = home };
            tdmrs[i].Pamt2M = tdmrs[i].Pamt2M with { Base = home + (GiB / 16) };
            tdmrs[i].Pamt1G = tdmrs[i].Pamt1G with { Base = home + (GiB / 8) };
        }

        byte[] bytes = new byte[64 * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(tdmrs, bytes);
        CmrInfo[] cmrs = Cmrs;
        TdmrInfoEntry[] broken = [.. tdmrs];
        broken[63].Pamt1G = broken[63].Pamt1G with { Base = GiB + Page };
        TdmrInfoEntry[] read = new TdmrInfoEntry[64];
        long allocated = 0;
        CompletionStatus valid = default;
        CompletionStatus validBytes = default;
        CompletionStatus invalid = default;
        for (int run = 0; run < 2; run++)
        {
            // The first run pays for what the runtime sets up once.
            long before = GC.GetAllocatedBytesForCurrentThread();
            valid = SysConfig.Check(tdmrs, cmrs, ModuleParameters.Default);
            TdmrInfoTable.Read(bytes, read);
            validBytes = SysConfig.Check(read, cmrs, ModuleParameters.Default);
            invalid = SysConfig.Check(broken, cmrs, ModuleParameters.Default);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        allocated.Should().Be(0);
        (valid.Value, validBytes.Value, invalid.Value).Should().Be((0UL, 0UL, 0xC0000A120001023FUL));
    }

    private static ulong AnswerPamt(
        PageSize level, ulong at, ulong size, CmrInfo[]? cmrs = null, ModuleParameters? module = null) =>
        Answer(t => t[2].SetPamt(level, new(at, size)), cmrs, module).Value;

    private static TdmrInfoEntry[] Read(byte[] bytes)
    {
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[bytes.Length / TdmrInfoEntry.Stride];
        TdmrInfoTable.Read(bytes, tdmrs);
        return tdmrs;
    }

    private static void Fill(ref TdmrInfoEntry tdmr, int areas)
    {
        for (int j = 0; j < areas; j++)
            tdmr.SetReservedArea(j, new((ulong)j * MiB, Page));
    }
}
