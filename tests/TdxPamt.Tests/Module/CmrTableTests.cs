using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class CmrTableTests
{
    private const ulong Page = 0x1000;
    private const ulong Limit = 1UL << 52;
    private const ulong Invalid = 0xC0000A2200000000;

    [Fact]
    public void a_table_always_has_32_entries()
    {
        CmrInfo[] cmrs = [CmrInfo.FromRange(AddressRange.Create(0x100000, 0x200000)), new(0x300000, 0x1000)];
        byte[] bytes = [.. Enumerable.Repeat((byte)0xFF, 512)];
        CmrTable.Write(cmrs, bytes);
        CmrInfo[] read = new CmrInfo[32];
        CmrTable.Read(bytes, read);
        read.Should().Equal([.. cmrs, .. new CmrInfo[30]]);
        (bytes[2], bytes[10], bytes[18], bytes[25]).Should().Be(((byte)0x10, (byte)0x10, (byte)0x30, (byte)0x10));
        cmrs[0].ToString().Should().Be("CMR: [0x100000, 0x200000)");
    }

    [Fact]
    public void other_lengths_are_refused()
    {
        foreach ((Action use, string message) in new (Action, string)[]
        {
            (static () => CmrTable.Read(new byte[511], new CmrInfo[32]),
                "a CMR table must have 512 bytes, and this one has 511"),
            (static () => CmrTable.Read(new byte[528], new CmrInfo[33]),
                "a CMR table must have 512 bytes, and this one has 528"),
            (static () => CmrTable.Read(new byte[512], new CmrInfo[31]),
                "there must be room for 32 CMRs, and there is for 31"),
            (static () => CmrTable.Write(new CmrInfo[33], new byte[1024]),
                "a CMR table has 32 entries, and these are 33"),
            (static () => CmrTable.Write(new CmrInfo[32], new byte[511]),
                "a CMR table needs 512 bytes, and there are 511"),
            (static () => _ = new TdxModule(new CmrInfo[33]), "a module knows at most 32 CMRs, and these are 33"),
        })
        {
            use.Should().Throw<ArgumentException>().WithMessage(message);
        }
    }

    public static TheoryData<CmrInfo[], ulong> Lists => new()
    {
        { [], 0 },
        { [new(0, Limit)], 0 },
        { [new(0, Limit + Page)], Invalid },
        { [new(Limit - Page, Page)], 0 },
        { [new(Limit - Page, 2 * Page)], Invalid },
        { [new(Limit, Page)], Invalid },
        { [new(ulong.MaxValue - Page + 1, Page)], Invalid },
        { [new(Page, ulong.MaxValue - Page + 1)], Invalid },
        { [new(Page + 1, Page)], Invalid },
        { [new(Page, Page + 1)], Invalid },
        { [new(0, Page), new(Page, Page)], 0 },
        { [new(0, 2 * Page), new(Page, Page)], Invalid },
        { [new(Page, Page), new(0, Page)], Invalid },
        { [new(Page, Page), new(Page, Page)], Invalid },
        { [new(Page, Page), new(1, 0), new(2 * Page, Page)], 0 },
        { [new(Page, Page), new(ulong.MaxValue, 0), new(Page, Page)], Invalid },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void cmrs_are_aligned_ascending_and_apart(CmrInfo[] cmrs, ulong status) =>
        CmrList.Check(cmrs).Value.Should().Be(status);
}
