using System.Globalization;
using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class ModuleMetadataTests
{
    private const ulong Incorrect = 0xC0000C0000000000;

    private static readonly CmrInfo[] Cmrs = [new(0x1000, 0x2000), default, new(0x9000, 0x1000)];

    private readonly ModuleMachine _machine = new(cmrs: Cmrs);

    [Theory]
    [InlineData("1.5.16", 357)]
    [InlineData("1.5.25", 359)]
    public void a_walk_reads_every_field_of_the_real_module(string release, int count)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "golden", $"sys-rd-{release}.txt");
        (ulong Id, ulong Status, ulong Value)[] expected = [.. File.ReadLines(file).Select(static line =>
        {
            ulong[] words = [.. line.Split(' ').Select(static word => ulong.Parse(word, NumberStyles.HexNumber))];
            return (words[0], words[1], words[2]);
        })];
        expected.Should().HaveCount(count);
        TdxModuleRelease.TryParse(release, out TdxModuleRelease? found).Should().BeTrue();
        ModuleMachine machine = new(new() { Release = found! }, [new(0, 0xC0000000)]);

        ulong id = machine.Call(34, rdx: ulong.MaxValue).Rdx;
        foreach ((ulong Id, ulong Status, ulong Value) field in expected)
        {
            SeamcallRegisters read = machine.Call(34, rdx: id);
            (id, read.Rax, read.R8).Should().Be(field);
            id = read.Rdx;
        }

        id.Should().Be(ulong.MaxValue);
    }

    [Theory]
    [InlineData(0x9100000100000008, 64)]
    [InlineData(0x9100000100000009, 16)]
    [InlineData(0x9100000100000010, 16)]
    [InlineData(0x9100000000000013, 1)]
    [InlineData(0x9100000000000014, 4)]
    [InlineData(0x9000000100000000, 32)]
    [InlineData(0x9000000300000080, 0x1000)]
    [InlineData(0x9000000300000082, 0x9000)]
    [InlineData(0x900000030000009F, 0)]
    [InlineData(0x9000000300000100, 0x2000)]
    [InlineData(0x9000000300000101, 0)]
    [InlineData(0x900000030000011F, 0)]
    [InlineData(0x0A00000300000008, 0xD1326F3F0FBF)]
    [InlineData(0x0800000100000005, 25)]
    public void a_field_has_its_number_and_its_value(ulong id, ulong value) =>
        _machine.Call(34, rdx: id).R8.Should().Be(value);

    [Theory]
    [InlineData(0x1100000000000008)]
    [InlineData(0x910C000100000008)]
    [InlineData(0x9170000300000008)]
    public void a_field_is_found_by_class_and_code_alone(ulong id) => _machine.Call(34, rdx: id)
        .Should().Be(new SeamcallRegisters { Rdx = 0x9100000100000009, R8 = 64 });

    [Theory]
    [InlineData(0x9100000100000007)]
    [InlineData(0x910000010000000A)]
    [InlineData(0x9100000100000015)]
    [InlineData(0x9000000300000001)]
    [InlineData(0x900000030000007F)]
    [InlineData(0x90000003000000A0)]
    [InlineData(0x9000000300000120)]
    [InlineData(0x0A00000300000009)]
    [InlineData(0x9200000100000008)]
    [InlineData(0x9100000101000008)]
    [InlineData(0x9100000500000008)]
    [InlineData(0x9100004100000008)]
    [InlineData(0x9100800100000008)]
    [InlineData(0x9180000100000008)]
    [InlineData(0xD100000100000008)]
    public void other_numbers_are_no_field(ulong id) => _machine.Call(34, rdx: id)
        .Should().Be(new SeamcallRegisters { Rax = Incorrect, Rdx = ulong.MaxValue });

    [Fact]
    public void what_the_processor_decides_is_an_option()
    {
        ModuleMachine machine = new(new()
        {
            TdxFeatures0 = 1UL << 18,
            XfamFixed0 = 0x7,
            AttributesFixed0 = 0x8,
            PackageFms = 0xC06F2,
            PackageOfProcessor = [0, 1],
            BuildDate = 20250102,
            BuildNumber = 7,
            MetadataValues = new Dictionary<ulong, ulong> { [0x9900000300000500] = 5, [0x1234] = 6 },
        });
        foreach ((ulong id, ulong value) in (ReadOnlySpan<(ulong, ulong)>)
            [
                (0x0A00000300000008, 1UL << 18), (0x1900000300000002, 0x7), (0x1900000300000000, 0x8),
                (0x0000000200000000, 2), (0x0000000200000002, 0xC06F2), (0x0000000200000003, 0),
                (0x8800000200000001, 20250102), (0x8800000100000002, 7), (0x9900000300000500, 5),
            ])
        {
            machine.Call(34, rdx: id).R8.Should().Be(value, "0x{0:x}", id);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void each_package_has_its_family_and_model(int packages)
    {
        ModuleMachine machine = new(new() { PackageOfProcessor = [.. Enumerable.Range(0, packages)] });
        machine.Call(34, rdx: 0x0000000200000000).R8.Should().Be((ulong)packages);
        for (int i = 0; i < 8; i++)
            machine.Call(34, rdx: 0x0000000200000001 + (ulong)i).R8.Should().Be(i < packages ? 0x806F8UL : 0);
    }

    [Fact]
    public void a_number_has_parts()
    {
        MetadataFieldId id = new(0x9000000300000080);
        (id.Class, id.ElementBytes, id.FieldCode).Should().Be((0x10, 8, 0x80));
        new MetadataFieldId(0x9100000100000008).ElementBytes.Should().Be(2);
        id.ToString().Should().Be("0x9000000300000080");
    }
}
