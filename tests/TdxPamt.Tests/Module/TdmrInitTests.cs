using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class TdmrInitTests
{
    private static readonly ModuleParameters DynamicPamt = new() { DynamicPamt = true };

    [Theory]
    [InlineData(false, 256)]
    [InlineData(true, 64)]
    public void a_gib_takes_256_calls_or_64_with_dynamic_pamt(bool dynamic, int callsPerGiB)
    {
        TdmrInfoEntry[] tdmrs = Create(dynamic ? DynamicPamt : null);
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic);
        for (int call = 1; call <= 2 * callsPerGiB; call++)
        {
            SeamcallRegisters registers = machine.Call(36, 8 * GiB, 5, 6, 7);
            registers.Should().Be(new SeamcallRegisters
            {
                Rcx = 8 * GiB,
                Rdx = (8 * GiB) + ((ulong)(call / callsPerGiB) * GiB),
                R8 = 6,
                R9 = 7,
            });
            machine.Module.TryGetPage(8 * GiB, out _).Should().Be(call >= callsPerGiB);
            machine.Module.TryGetPage((10 * GiB) - 1, out _).Should().Be(call == 2 * callsPerGiB);
        }

        machine.Call(36, 8 * GiB, 5, 6, 7).Should().Be(
            new SeamcallRegisters { Rax = 0x00000A0300000000, Rcx = 8 * GiB, R8 = 6, R9 = 7 });
        machine.Initialize(tdmrs[..2]).Should().Be(2 * callsPerGiB);
    }

    [Theory]
    [InlineData(0)]
    [InlineData((4UL << 30) + 1)]
    [InlineData(9UL << 30)]
    [InlineData(6UL << 30)]
    [InlineData(ulong.MaxValue)]
    public void an_address_that_is_no_tdmrs_base_is_an_invalid_operand(ulong address) =>
        ModuleMachine.Ready(Create()).Call(36, address).Rax.Should().Be(0xC000010000000001);

    [Fact]
    public void entries_are_written_over_whatever_was_there()
    {
        TdmrInfoEntry[] tdmrs = Create();
        SparsePhysicalMemory memory = new();
        foreach (PageSize level in PageSizes.All)
            memory.Write(tdmrs[0].GetPamt(level).Base, [.. Enumerable.Repeat((byte)0xFF, 0x8000)]);
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, memory: memory);

        machine.Call(36, 4 * GiB).Rdx.Should().Be(4 * GiB);
        machine.Read(tdmrs[0].Pamt2M.Base, 48).Should().Equal([.. new byte[48]], "zeros come in lines of 64 bytes");
        machine.Read(tdmrs[0].Pamt1G.Base, 16).Should().AllBeEquivalentTo((byte)0xFF, "it is written by the last call");
        machine.Read(tdmrs[0].Pamt4K.Base + (1024 * 16), 1).Should().Equal([0xFF], "a call does 4 MiB");
        machine.Initialize(tdmrs[0]).Should().Be(255);
        machine.Read(tdmrs[0].Pamt1G.Base, 17).Should().Equal([.. new byte[17]]);

        byte[] entries = machine.Read(tdmrs[0].Pamt4K.Base, 1024 * 16);
        for (int page = 0; page < 1024; page++)
        {
            PamtEntry entry = PamtEntry.Read(entries.AsSpan(16 * page));
            entry.Should().Be(page is 256 or 512 ? PamtEntry.ForPage(PamtPageType.Reserved) : default);
        }
    }

    [Fact]
    public void in_a_line_of_entries_that_was_begun_only_types_are_written()
    {
        TdmrInfoEntry[] tdmrs = Create();
        ModuleMachine machine = ModuleMachine.Ready(tdmrs);
        machine.Call(36, 4 * GiB);
        machine.Module.Memory.Write(tdmrs[0].Pamt2M.Base, [.. Enumerable.Repeat((byte)0xFF, 128)]);
        machine.Call(36, 4 * GiB);
        byte[] expected = [.. Enumerable.Repeat((byte)0xFF, 128)];
        (expected[32 + 2], expected[48 + 2]) = (0, 0);
        machine.Read(tdmrs[0].Pamt2M.Base, 128).Should().Equal(expected);
        machine.Call(36, 4 * GiB);
        expected.AsSpan(64).Clear();
        machine.Read(tdmrs[0].Pamt2M.Base, 128).Should().Equal(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void nothing_beside_the_pamts_is_written(bool dynamic)
    {
        TdmrInfoEntry tdmr = Create(dynamic ? DynamicPamt : null)[2];
        SparsePhysicalMemory memory = new(0xFF);
        ModuleMachine machine = ModuleMachine.Ready([tdmr], dynamic, memory);
        machine.Initialize(tdmr);
        foreach (PageSize level in PageSizes.All)
        {
            Pamt pamt = tdmr.GetPamt(level);
            machine.Read(pamt.Base - 64, 64).Should().Equal(Enumerable.Repeat((byte)0xFF, 64));
            machine.Read(pamt.Base + pamt.Size, 64).Should().Equal(Enumerable.Repeat((byte)0xFF, 64));
        }

        machine.Read(tdmr.Pamt1G.Base, 65).Should().Equal([.. new byte[64], 0xFF], "two entries lie in a line");
    }

    [Fact]
    public void with_dynamic_pamt_the_bits_of_reserved_pages_are_set()
    {
        TdmrInfoEntry[] tdmrs = Create(DynamicPamt);
        tdmrs[0].SetReservedArea(2, new((16 * MiB) - (2 * Page), 5 * Page));
        SparsePhysicalMemory memory = new();
        memory.Write(tdmrs[0].Pamt4K.Base, [.. Enumerable.Repeat((byte)0xFF, 0x8000)]);
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic: true, memory);
        machine.Initialize(tdmrs);

        byte[] expected = new byte[0x8000];
        foreach (int page in new[] { 256, 512, 4094, 4095, 4096, 4097, 4098 })
            expected[page / 8] |= (byte)(1 << (page % 8));
        machine.Read(tdmrs[0].Pamt4K.Base, 0x8000).Should().Equal(expected);
        machine.Page((4 * GiB) + MiB).Type.Should().Be(PamtPageType.Reserved);
        machine.Page((4 * GiB) + MiB + Page).Should().Be(new PamtPage(PageSize.Page2M, PamtPageType.NotUsed, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void the_offset_of_a_null_reserved_area_is_ignored(bool dynamic)
    {
        TdmrInfoEntry[] tdmrs = Create(dynamic ? DynamicPamt : null);
        tdmrs[0].SetReservedArea(15, new(ulong.MaxValue, 0));
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic);
        machine.Initialize(tdmrs[0]);
        machine.Page((4 * GiB) + MiB).Type.Should().Be(PamtPageType.Reserved);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void a_host_of_6_tib_costs_what_is_in_use(bool dynamic)
    {
        const ulong Size = 3072 * GiB;
        PamtSizes sizes = PamtSizes.Calculate(Size, dynamic ? DynamicPamt : null);
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[2];
        for (int i = 0; i < 2; i++)
        {
            ulong start = (ulong)i * Size;
            tdmrs[i] = new()
            {
                Base = start,
                Size = Size,
                Pamt4K = new(start + (4 * GiB), sizes.Page4K),
                Pamt2M = new(start + (4 * GiB) + sizes.Page4K, sizes.Page2M),
                Pamt1G = new(start + (4 * GiB) + sizes.Page4K + sizes.Page2M, sizes.Page1G),
            };
            tdmrs[i].SetReservedArea(0, new(4 * GiB, sizes.TotalBytes));
        }

        SparsePhysicalMemory memory = new();
        ModuleMachine machine = new(null, [new(0, 2 * Size)], memory, dynamic);
        machine.Configure(tdmrs).Should().Be(CompletionStatus.Success);
        machine.Call(31);
        machine.Initialize(tdmrs);
        // What the host wrote, and the entries of the reserved pages: 256 to a page.
        memory.PagesWritten.Should().BeLessThanOrEqualTo(16 + (int)(2 * sizes.TotalPages / 256));
        machine.Page((4 * GiB) + Page).Type.Should().Be(PamtPageType.Reserved);
        machine.Page((2 * Size) - 1).Type.Should().Be(PamtPageType.NotUsed);
    }
}
