using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class TdmrInfoEntryTests
{
    [Fact]
    public void the_struct_lies_in_memory_as_a_tdmr_info_does()
    {
        Unsafe.SizeOf<TdmrInfoEntry>().Should().Be(TdmrInfoEntry.Bytes);
        Unsafe.SizeOf<ReservedEntry>().Should().Be(16);
        Unsafe.SizeOf<Pamt>().Should().Be(16);
    }

    [Fact]
    public void every_field_lies_where_the_layout_says()
    {
        byte[] bytes = new byte[TdmrInfoEntry.Bytes];
        for (int i = 0; i < 40; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), 0xAB00000000000000 + (ulong)i);
        TdmrInfoEntry block = TdmrInfoEntry.Read(bytes);
        block.Base.Should().Be(0xAB00000000000000);
        block.Size.Should().Be(0xAB00000000000001);
        block.Pamt1G.Should().Be(new Pamt(0xAB00000000000002, 0xAB00000000000003));
        block.Pamt2M.Should().Be(new Pamt(0xAB00000000000004, 0xAB00000000000005));
        block.Pamt4K.Should().Be(new Pamt(0xAB00000000000006, 0xAB00000000000007));
        for (int j = 0; j < 16; j++)
        {
            ulong at = 0xAB00000000000008 + (2 * (ulong)j);
            block.GetReservedArea(j).Should().Be(new ReservedEntry(at, at + 1));
        }

        foreach (PageSize level in PageSizes.All)
        {
            TdmrInfoEntry other = default;
            other.SetPamt(level, block.GetPamt(level));
            other.GetPamt(level).Should().Be(block.GetPamt(level));
        }
    }

    [Fact]
    public void setting_an_area_sets_that_one_alone()
    {
        TdmrInfoEntry block = default;
        block.SetReservedArea(15, new(1, 2));
        byte[] bytes = new byte[TdmrInfoEntry.Bytes];
        block.Write(bytes);
        bytes.Sum(value => value).Should().Be(3);
        (bytes[0x40 + 240], bytes[0x40 + 248]).Should().Be(((byte)1, (byte)2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(319)]
    public void fewer_than_320_bytes_are_refused(int length)
    {
        FluentActions.Invoking(() => TdmrInfoEntry.Read(new byte[length])).Should().Throw<ArgumentException>()
            .WithMessage($"a TDMR_INFO must have 320 bytes, and this one has {length}");
        FluentActions.Invoking(() => default(TdmrInfoEntry).Write(new byte[length])).Should().Throw<ArgumentException>()
            .WithMessage($"a TDMR_INFO needs 320 bytes, and there are {length}");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(16)]
    public void there_are_sixteen_areas(int index)
    {
        TdmrInfoEntry block = default;
        FluentActions.Invoking(() => block.GetReservedArea(index)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => block.SetReservedArea(index, default))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void a_constructed_tdmr_converts()
    {
        HostMemory host = HostMemory.Create([new(AddressRange.Create(0x100000, 0x60000000), 0)]);
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);
        TdmrInfo tdmr = construction.Tdmrs[0];
        TdmrInfoEntry block = TdmrInfoEntry.FromTdmr(tdmr);
        (block.Base, block.Size).Should().Be((0UL, 0x80000000UL));
        (block.Pamt4K, block.Pamt2M, block.Pamt1G).Should().Be((tdmr.Pamt4K, tdmr.Pamt2M, tdmr.Pamt1G));
        tdmr.ReservedAreas.Count.Should().Be(3);
        for (int j = 0; j < 16; j++)
        {
            ReservedEntry expected = j < 3 ? new(tdmr.ReservedAreas[j].Offset, tdmr.ReservedAreas[j].Size) : default;
            block.GetReservedArea(j).Should().Be(expected);
        }

        byte[] bytes = new byte[TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(construction.Tdmrs.Span, bytes).Should().Be(512);
        TdmrInfoEntry.Read(bytes).Should().Be(block);
    }

    [Fact]
    public void a_tdmr_with_more_areas_than_there_is_room_for_is_refused()
    {
        TdmrInfo tdmr = SampleTdmrs.WithReservedAreas(19);
        FluentActions.Invoking(() => TdmrInfoEntry.FromTdmr(tdmr)).Should().Throw<ArgumentException>()
            .WithMessage("*has 19 reserved areas*room for 16");
    }

    [Fact]
    public void a_table_has_512_bytes_for_each()
    {
        TdmrInfoEntry[] blocks = SampleTdmrs.Create();
        byte[] bytes = [.. Enumerable.Repeat((byte)0xFF, 3 * 512)];
        TdmrInfoTable.Write(blocks, bytes).Should().Be(3 * 512);
        bytes.AsSpan(512 + 320, 192).ToArray().Should().AllBeEquivalentTo((byte)0);
        TdmrInfoEntry[] read = new TdmrInfoEntry[4];
        TdmrInfoTable.Read(bytes, read).Should().Be(3);
        read[..3].Should().Equal(blocks);

        TdmrInfo[] tdmrs = [SampleTdmrs.WithReservedAreas(3), SampleTdmrs.WithReservedAreas(5)];
        TdmrInfoTable.Write(tdmrs, bytes).Should().Be(2 * 512);
        TdmrInfoTable.Read(bytes.AsSpan(0, 2 * 512), read).Should().Be(2);
        read[..2].Should().Equal(tdmrs.Select(static tdmr => TdmrInfoEntry.FromTdmr(tdmr)));
    }

    [Theory]
    [InlineData(511, false, 0)]
    [InlineData(320, false, 0)]
    [InlineData(0, true, 0)]
    [InlineData(512, true, 1)]
    [InlineData(65 * 512, true, 65)]
    [InlineData(-512, false, 0)]
    public void a_table_is_a_whole_number_of_512_bytes(int bytes, bool legal, int count)
    {
        TdmrInfoTable.TryCount(bytes, out int counted).Should().Be(legal);
        counted.Should().Be(count);
    }

    [Fact]
    public void a_table_of_another_length_is_refused()
    {
        const string WrongLength = "TDMR_INFOs must have 512 bytes each, and these have 600 together";
        foreach ((Action use, string message) in new (Action, string)[]
        {
            (static () => TdmrInfoTable.Read(new byte[600], new TdmrInfoEntry[2]), WrongLength),
            (static () => TdmrInfoTable.Read(new byte[1024], new TdmrInfoEntry[1]),
                "there must be room for 2 TDMR_INFOs, and there is for 1"),
            (static () => TdmrInfoTable.Write(new TdmrInfoEntry[2], new byte[1023]),
                "2 TDMR_INFOs need 1024 bytes, and there are 1023"),
        })
        {
            use.Should().Throw<ArgumentException>().WithMessage(message);
        }
    }

    [Fact]
    public void an_entry_and_an_area_print_any_values()
    {
        new TdmrInfoEntry { Base = 1UL << 30, Size = 2UL << 30 }.ToString()
            .Should().Be("TDMR [0x40000000, 0xc0000000)");
        new TdmrInfoEntry { Base = ulong.MaxValue, Size = 2 }.ToString().Should().Be("TDMR [0xffffffffffffffff, 0x1)");
        new ReservedEntry(0x1000, ulong.MaxValue).ToString().Should().Be("offset 0x1000, size 0xffffffffffffffff");
    }
}
