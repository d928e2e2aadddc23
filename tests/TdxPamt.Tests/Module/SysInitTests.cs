using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

/// <summary>TDH.SYS.INIT, and the log line whose address its version 1 takes.</summary>
public class SysInitTests
{
    private const ulong Version1 = 1UL << 16;
    private const ulong Invalid = 0xC000010000000000;
    private const ulong NoLog = (1UL << 52) - 64;

    private readonly SparsePhysicalMemory _memory = new(0xFF);

    [Theory]
    [InlineData(0x40, true)]
    [InlineData(0x80000FC0, true)]
    [InlineData(NoLog, true)]
    [InlineData(NoLog | 1, false)]
    [InlineData(0x41, false)]
    [InlineData(0x60, false)]
    [InlineData((1UL << 52) | 0x40, false)]
    [InlineData((1UL << 53) | 0x40, false)]
    [InlineData((31UL << 46) | 0x40, true)]
    [InlineData((32UL << 46) | 0x40, false)]
    [InlineData((63UL << 46) | 0x40, false)]
    [InlineData((1UL << 54) | 0x40, false)]
    [InlineData((15UL << 56) | (1UL << 54) | 0x40, false)]
    [InlineData((16UL << 56) | (1UL << 54) | 0x40, true)]
    [InlineData((255UL << 56) | (1UL << 54) | NoLog, true)]
    [InlineData((15UL << 56) | (2UL << 54) | 0x40, true)]
    [InlineData((3UL << 54) | 0x40, true)]
    [InlineData((15UL << 56) | 0x40, true)]
    [InlineData(ulong.MaxValue, false)]
    public void version_1_takes_a_line_of_shared_memory_or_none_and_an_interrupt_from_16_on(ulong log, bool isLegal)
    {
        Init(new([]), Version1, log).Should().Be(isLegal ? 0 : Invalid + 8);
        Init(new([]), 0, log).Should().Be(0, "version 0 does not look at it");
    }

    [Theory]
    [InlineData("1.5.05", 1, Invalid)]
    [InlineData("1.5.13", 1, 0UL)]
    [InlineData("1.5.16", 1, 0UL)]
    [InlineData("1.5.25", 1, 0UL)]
    [InlineData("1.5.25", 2, Invalid)]
    [InlineData("2.0.18", 1, 0UL)]
    public void version_1_came_with_1_5_13(string release, ulong version, ulong status) =>
        Init(new([], new() { Release = Release(release) }), version << 16, 0x40).Should().Be(status);

    [Theory]
    [InlineData(0, 0x1040, null)]
    [InlineData(Version1, NoLog, null)]
    [InlineData(Version1, 0, 0UL)]
    [InlineData(Version1, 0x1040, 0x1040UL)]
    [InlineData(Version1, (3UL << 46) | (20UL << 56) | (1UL << 54) | 0x1040, 0x1040UL)]
    public void the_log_line_is_cleared_when_a_processor_is_initialised(ulong version, ulong log, ulong? cleared)
    {
        TdxModule module = new([], memory: _memory);
        Init(module, version, log).Should().Be(0);
        _memory.PagesWritten.Should().Be(0, "it is cleared later");
        LpInit(module, 0);
        _memory.PagesWritten.Should().Be(cleared is null ? 0 : 1);
        if (cleared is { } line)
            Page(line).Should().Equal(PageWithout(line));
    }

    [Theory]
    [InlineData("1.5.13", false)]
    [InlineData("1.5.16", false)]
    [InlineData("1.5.25", true)]
    [InlineData("2.0.18", true)]
    public void later_releases_clear_the_log_line_again_for_each_processor(string release, bool again)
    {
        TdxModule module = new([], new() { Release = Release(release), PackageOfProcessor = [0, 0] }, _memory);
        Init(module, Version1, 0x1040).Should().Be(0);
        LpInit(module, 1);
        Page(0x1000).Should().Equal(PageWithout(0x1040));
        _memory.Write(0x1040, [0xFF]);
        LpInit(module, 0);
        Page(0x1000)[0x40].Should().Be(again ? (byte)0 : (byte)0xFF);
    }

    [Fact]
    public void results_are_cleared_and_rcx_must_be_0()
    {
        TdxModule module = new([]);
        SeamcallRegisters registers = new() { Rax = 33, Rcx = 1, Rdx = 2, R8 = 3, R9 = 4, R10 = 5, R11 = 6, R12 = 7 };
        module.Call(ref registers).Value.Should().Be(Invalid + 1);
        registers.Should().Be(new SeamcallRegisters { Rax = Invalid + 1, R11 = 6, R12 = 7 });
        Init(module, 0, 0).Should().Be(0);
        Init(module, 0, 0).Should().Be(0xC000050000000000);
        registers = new() { Rax = 35, Rcx = 1, Rdx = 2, R8 = 3, R9 = 4 };
        module.Call(ref registers).Value.Should().Be(0);
        registers.Should().Be(new SeamcallRegisters { R9 = 4 });
        registers.Rax = 35;
        module.Call(ref registers).Value.Should().Be(0xC000050300000000);
    }

    [Theory]
    [InlineData(2047, 0UL)]
    [InlineData(2048, 0xC000082500000800)]
    [InlineData(32767, 0xC000082500000800)]
    public void key_ids_end_at_2047(int last, ulong status) =>
        Init(new([], new() { KeyIdBits = 15, FirstPrivateKeyId = 32, LastPrivateKeyId = last }), 0, 0)
            .Should().Be(status);

    private static ulong Init(TdxModule module, ulong version, ulong log)
    {
        SeamcallRegisters registers = new() { Rax = 33 | version, R8 = log };
        return module.Call(ref registers).Value;
    }

    private static void LpInit(TdxModule module, int processor)
    {
        SeamcallRegisters registers = new() { Rax = 35 };
        module.Call(ref registers, processor).Should().Be(CompletionStatus.Success);
    }

    private static TdxModuleRelease Release(string name)
    {
        TdxModuleRelease.TryParse(name, out TdxModuleRelease? release).Should().BeTrue();
        return release!;
    }

    private byte[] Page(ulong address)
    {
        byte[] bytes = new byte[4096];
        _memory.Read(address / 4096 * 4096, bytes);
        return bytes;
    }

    private static byte[] PageWithout(ulong line)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0xFF, 4096)];
        bytes.AsSpan((int)(line % 4096), 64).Clear();
        return bytes;
    }
}
