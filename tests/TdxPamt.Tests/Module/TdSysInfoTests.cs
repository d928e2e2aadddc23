using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class TdSysInfoTests
{
    [Theory]
    [InlineData(1023)]
    [InlineData(0)]
    public void fewer_than_1024_bytes_are_refused(int length)
    {
        FluentActions.Invoking(() => TdSysInfo.Read(new byte[length])).Should().Throw<ArgumentException>()
            .WithMessage($"TDSYSINFO must have 1024 bytes, and this one has {length}");
        FluentActions.Invoking(() => default(TdSysInfo).Write(new byte[length])).Should().Throw<ArgumentException>()
            .WithMessage($"TDSYSINFO needs 1024 bytes, and there are {length}");
    }

    [Fact]
    public void the_fields_lie_where_the_module_puts_them()
    {
        byte[] bytes = [.. Enumerable.Range(0, 1025).Select(static i => (byte)(i & 0xFF))];
        TdSysInfo info = TdSysInfo.Read(bytes);
        info.Should().Be(new TdSysInfo
        {
            Attributes = 0x03020100,
            VendorId = 0x07060504,
            BuildDate = 0x0B0A0908,
            BuildNumber = 0x0D0C,
            MinorVersion = 0x0F0E,
            MajorVersion = 0x1110,
            SysRd = 0x12,
            MaxTdmrs = 0x2120,
            MaxReservedPerTdmr = 0x2322,
            PamtEntrySize = 0x2524,
        });
        byte[] written = [.. Enumerable.Repeat((byte)0xFF, 1025)];
        info.Write(written);
        written.AsSpan(0, 19).ToArray().Should().Equal(bytes[..19]);
        written.AsSpan(32, 6).ToArray().Should().Equal(bytes[32..38]);
        written.AsSpan(38, 986).ToArray().Should().AllBeEquivalentTo((byte)0);
        written[1024].Should().Be(0xFF);
    }

    [Fact]
    public void it_prints_version_and_build() =>
        new TdSysInfo { MajorVersion = 2, BuildNumber = 1, BuildDate = 20260101 }.ToString()
            .Should().Be("TDX module 2.0, build 1 of 20260101");
}
