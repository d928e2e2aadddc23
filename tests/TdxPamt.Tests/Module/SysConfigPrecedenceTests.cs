using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

/// <summary>Two faults at once: the earlier check wins, and before that the lower TDMR.</summary>
public class SysConfigPrecedenceTests
{
    /// <summary>One way to break each row in TDMR i, in the module's order, and what it answers then.</summary>
    private static readonly (string Row, ulong Status, Action<TdmrInfoEntry[], int> Break)[] Rows =
    [
        ("TDMR range", 0xC0000A0000000000, (t, i) => t[i].Size = TwoTo64Minus(t[i].Base)),
        ("TDMR order", 0xC0000A0100000000, (t, i) => t[i].Base = 2 * GiB),
        ("TDMR alignment", 0xC0000A0000000000, (t, i) => t[i].Size |= 1),
        ("reserved area alignment", 0xC0000A2000000100, (t, i) => t[i].SetReservedArea(1, new((2 * MiB) + 1, Page))),
        ("PAMT range 1G", 0xC0000A1000000200, (t, i) => t[i].Pamt1G = t[i].Pamt1G with { Size = 8 }),
        ("PAMT range 2M", 0xC0000A1000000100, (t, i) => t[i].Pamt2M = t[i].Pamt2M with { Size = 8 }),
        ("PAMT range 4K", 0xC0000A1000000000, (t, i) => t[i].Pamt4K = t[i].Pamt4K with { Size = 8 }),
        ("PAMT with PAMT", 0xC0000A1200000000, (t, i) => t[i].Pamt4K = t[i].Pamt4K with { Base = t[0].Pamt1G.Base }),
        ("PAMT with free space", 0xC0000A1200000100, (t, i) => t[i].Pamt2M = t[i].Pamt2M with { Base = 4 * GiB }),
        ("PAMT in CMRs", 0xC0000A1100000200, (t, i) => t[i].Pamt1G = t[i].Pamt1G with { Base = 100 * GiB }),
        ("TDMR in CMRs", 0xC0000A0200000000, (t, i) => t[i].SetReservedArea(2, default)),
    ];

    /// <summary>CMRs with a hole in each TDMR, which the third reserved area covers.</summary>
    private static readonly CmrInfo[] CmrsWithHoles =
    [
        new(0, (4 * GiB) + (4 * MiB)),
        new((4 * GiB) + (4 * MiB) + Page, GiB - Page),
        new((5 * GiB) + (4 * MiB) + Page, (3 * GiB) - Page),
        new((8 * GiB) + (4 * MiB) + Page, 32 * GiB),
    ];

    [Fact]
    public void the_tdmrs_on_holes_are_accepted_until_broken() =>
        SysConfig.Check(CreateOnHoles(), CmrsWithHoles).Value.Should().Be(0);

    [Fact]
    public void the_earlier_check_of_a_tdmr_wins()
    {
        for (int first = 0; first < Rows.Length; first++)
        {
            for (int second = first; second < Rows.Length; second++)
            {
                TdmrInfoEntry[] tdmrs = CreateOnHoles();
                Rows[second].Break(tdmrs, 1);
                Rows[first].Break(tdmrs, 1);
                SysConfig.Check(tdmrs, CmrsWithHoles).Value
                    .Should().Be(Rows[first].Status + 1, $"{Rows[first].Row} comes before {Rows[second].Row}");
            }
        }
    }

    [Fact]
    public void the_lower_tdmr_wins_whatever_its_check()
    {
        foreach ((string lowerRow, ulong status, Action<TdmrInfoEntry[], int> breakLower) in Rows)
        {
            foreach ((string higherRow, _, Action<TdmrInfoEntry[], int> breakHigher) in Rows)
            {
                TdmrInfoEntry[] tdmrs = CreateOnHoles();
                breakLower(tdmrs, 1);
                breakHigher(tdmrs, 2);
                SysConfig.Check(tdmrs, CmrsWithHoles).Value
                    .Should().Be(status + 1, $"{lowerRow} of TDMR 1 comes before {higherRow} of TDMR 2");
            }
        }
    }

    [Fact]
    public void pamt_with_pamt_looks_at_tdmrs_before_levels()
    {
        Answer(t =>
        {
            t[2].Pamt4K = t[2].Pamt4K with { Base = t[1].Pamt1G.Base };
            t[2].Pamt1G = t[2].Pamt1G with { Base = t[0].Pamt4K.Base };
        }).Value.Should().Be(0xC0000A1200000202);
    }

    [Fact]
    public void a_pamt_of_another_tdmr_comes_before_one_of_the_same() =>
        Answer(t => t[1].Pamt4K = t[1].Pamt4K with { Base = t[0].Pamt4K.Base, Size = 16 * GiB }).Value
            .Should().Be(0xC0000A1200000001);

    [Fact]
    public void a_pamt_of_the_same_tdmr_comes_before_free_space_of_another()
    {
        Answer(t =>
        {
            t[1].Pamt1G = t[1].Pamt1G with { Base = 4 * GiB };
            t[1].Pamt2M = t[1].Pamt2M with { Base = 4 * GiB };
        }).Value.Should().Be(0xC0000A1200010101);
    }

    [Fact]
    public void pamt_with_free_space_looks_at_both_directions_of_a_tdmr_before_the_next()
    {
        // PAMT 1G of TDMR 0 in TDMR 2 is found while k = 0, before PAMT 4K of TDMR 2 in TDMR 1, while k = 1.
        Answer(t =>
        {
            t[0].Pamt1G = t[0].Pamt1G with { Base = 8 * GiB };
            t[2].Pamt4K = t[2].Pamt4K with { Base = 5 * GiB };
        }).Value.Should().Be(0xC0000A1200020200);

        // For one k, PAMTs of TDMR 2 come first.
        Answer(t =>
        {
            t[0].Pamt4K = t[0].Pamt4K with { Base = 8 * GiB };
            t[2].Pamt1G = t[2].Pamt1G with { Base = 4 * GiB };
        }).Value.Should().Be(0xC0000A1200000202);
    }

    [Fact]
    public void pamt_with_free_space_looks_at_levels_from_4k_up_and_pamt_in_cmrs_from_1g_down()
    {
        Answer(t =>
        {
            t[1].Pamt1G = t[1].Pamt1G with { Base = 4 * GiB };
            t[1].Pamt2M = t[1].Pamt2M with { Base = (4 * GiB) + (16 * MiB) };
        }).Value.Should().Be(0xC0000A1200000101);
        Answer(t =>
        {
            t[1].Pamt4K = t[1].Pamt4K with { Base = 100 * GiB };
            t[1].Pamt2M = t[1].Pamt2M with { Base = 102 * GiB };
        }).Value.Should().Be(0xC0000A1100000101);
    }

    [Fact]
    public void in_reserved_areas_an_overlap_comes_before_a_wrong_alignment_and_after_an_overflow()
    {
        Answer(t => t[1].SetReservedArea(1, new(MiB + 1, Page))).Value.Should().Be(0xC0000A2100000101);
        Answer(t => t[1].SetReservedArea(1, new(MiB + 1, ulong.MaxValue))).Value.Should().Be(0xC0000A2000000101);
    }

    [Fact]
    public void in_reserved_areas_the_lower_area_wins()
    {
        Answer(t =>
        {
            t[1].SetReservedArea(0, new(1, Page));
            t[1].SetReservedArea(1, default);
            t[1].SetReservedArea(2, new(0, Page));
        }).Value.Should().Be(0xC0000A2000000001);
    }

    private static TdmrInfoEntry[] CreateOnHoles()
    {
        TdmrInfoEntry[] tdmrs = Create();
        for (int i = 0; i < tdmrs.Length; i++)
            tdmrs[i].SetReservedArea(2, new(4 * MiB, Page));
        return tdmrs;
    }
}
