using System.Buffers.Binary;
using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class PhysicalMemoryExtensionsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 512)]
    [InlineData(64, 512)]
    [InlineData(65, 1024)]
    public void an_array_of_addresses_lies_before_the_tdmr_infos(int count, ulong arrayBytes)
    {
        const ulong At = 0x8000;
        TdmrInfoEntry[] tdmrs = [.. Enumerable.Range(1, count).Select(i => new TdmrInfoEntry { Base = (ulong)i })];
        SparsePhysicalMemory memory = new();
        memory.Write(At, [.. Enumerable.Repeat((byte)0xFF, 2048)]);
        memory.WriteTdmrInfos(At, tdmrs).Should().Be(arrayBytes + (512 * (ulong)count));

        byte[] array = new byte[arrayBytes];
        memory.Read(At, array);
        array.AsSpan(8 * count).ToArray().Should().AllBeEquivalentTo((byte)0);
        for (int i = 0; i < count; i++)
        {
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(array.AsSpan(8 * i));
            address.Should().Be(At + arrayBytes + (512 * (ulong)i));
            byte[] info = new byte[TdmrInfoEntry.Bytes];
            memory.Read(address, info);
            TdmrInfoEntry.Read(info).Should().Be(tdmrs[i]);
        }
    }

    [Fact]
    public void tdmrs_are_written_like_their_tdmr_infos()
    {
        TdmrInfo[] tdmrs = [SampleTdmrs.WithReservedAreas(3), SampleTdmrs.WithReservedAreas(5)];
        SparsePhysicalMemory memory = new();
        SparsePhysicalMemory expected = new();
        memory.WriteTdmrInfos(512, tdmrs).Should().Be(1536);
        expected.WriteTdmrInfos(512, [.. tdmrs.Select(static tdmr => TdmrInfoEntry.FromTdmr(tdmr))]).Should().Be(1536);
        Bytes(memory).Should().Equal(Bytes(expected));

        static byte[] Bytes(SparsePhysicalMemory memory)
        {
            byte[] bytes = new byte[2048];
            memory.Read(512, bytes);
            return bytes;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(256)]
    [InlineData((1UL << 52) - 512)]
    [InlineData(1UL << 52)]
    [InlineData(1UL << 63)]
    public void an_address_that_sys_config_cannot_take_is_refused(ulong address) =>
        FluentActions.Invoking(() => new SparsePhysicalMemory().WriteTdmrInfos(address, new TdmrInfoEntry[1]))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("address must be a multiple of 512*");

    [Fact]
    public void the_last_addresses_below_2_to_52_are_legal() =>
        new SparsePhysicalMemory().WriteTdmrInfos((1UL << 52) - 1024, new TdmrInfoEntry[1]).Should().Be(1024);
}
