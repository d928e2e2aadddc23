using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class ModuleMetadataTests
{
    private static readonly CmrInfo[] Cmrs = [new(0x1000, 0x2000), default, new(0x9000, 0x1000)];

    private static readonly ModuleParameters Parameters = new()
    {
        MaxTdmrs = 60,
        MaxReservedAreas = 15,
        PamtEntrySizes = new(16, 17, 18),
        DynamicPamt = true,
        PamtPageBitmapEntryBits = 2,
    };

    [Theory]
    [InlineData(0x9100000100000008, MetadataField.MaxTdmrs, 0, 60)]
    [InlineData(0x9100000100000009, MetadataField.MaxReservedPerTdmr, 0, 15)]
    [InlineData(0x9100000100000010, MetadataField.PamtEntrySize4K, 0, 16)]
    [InlineData(0x9100000100000011, MetadataField.PamtEntrySize2M, 0, 17)]
    [InlineData(0x9100000100000012, MetadataField.PamtEntrySize1G, 0, 18)]
    [InlineData(0x9100000000000013, MetadataField.PamtPageBitmapEntryBits, 0, 2)]
    [InlineData(0x9000000100000000, MetadataField.NumCmrs, 0, 32)]
    [InlineData(0x9000000300000080, MetadataField.CmrBase, 0, 0x1000)]
    [InlineData(0x9000000300000082, MetadataField.CmrBase, 2, 0x9000)]
    [InlineData(0x900000030000009F, MetadataField.CmrBase, 31, 0)]
    [InlineData(0x9000000300000100, MetadataField.CmrSize, 0, 0x2000)]
    [InlineData(0x9000000300000101, MetadataField.CmrSize, 1, 0)]
    [InlineData(0x900000030000011F, MetadataField.CmrSize, 31, 0)]
    [InlineData(0x0A00000300000008, MetadataField.TdxFeatures0, 0, 1UL << 36)]
    public void every_field_has_its_number_and_its_value(ulong id, MetadataField field, int index, ulong value)
    {
        MetadataFieldId.FromField(field, index).Value.Should().Be(id);
        new MetadataFieldId(id).TryGetField(out MetadataField found, out int foundIndex).Should().BeTrue();
        (found, foundIndex).Should().Be((field, index));
        ModuleMetadata.TryRead(new(id), Parameters, Cmrs, out ulong read).Should().BeTrue();
        read.Should().Be(value);
    }

    [Theory]
    [InlineData(0x1100000000000008)]
    [InlineData(0xD1FFFFFFFF000008)]
    public void only_class_and_field_code_are_looked_at(ulong id)
    {
        new MetadataFieldId(id).TryGetField(out MetadataField field, out _).Should().BeTrue();
        field.Should().Be(MetadataField.MaxTdmrs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x9100000100000007)]
    [InlineData(0x910000010000000A)]
    [InlineData(0x9100000100000014)]
    [InlineData(0x9000000300000001)]
    [InlineData(0x900000030000007F)]
    [InlineData(0x90000003000000A0)]
    [InlineData(0x90000003000000FF)]
    [InlineData(0x9000000300000120)]
    [InlineData(0x0A00000300000009)]
    [InlineData(0x9200000100000008)]
    [InlineData(ulong.MaxValue)]
    public void other_numbers_are_no_field(ulong id)
    {
        new MetadataFieldId(id).TryGetField(out _, out _).Should().BeFalse();
        ModuleMetadata.TryRead(new(id), Parameters, Cmrs, out _).Should().BeFalse();
    }

    [Fact]
    public void a_cmr_beyond_those_given_reads_as_zero_and_parameters_must_be_given()
    {
        ModuleMetadata.TryRead(new(0x9000000300000100), Parameters, [], out ulong size).Should().BeTrue();
        size.Should().Be(0);
        FluentActions.Invoking(static () => ModuleMetadata.TryRead(new(0x9100000100000008), null!, [], out _))
            .Should().Throw<ArgumentNullException>().WithParameterName("module");
    }

    [Fact]
    public void a_module_without_dynamic_pamt_lacks_its_field_and_its_feature()
    {
        ModuleMetadata.TryRead(new(0x9100000000000013), ModuleParameters.Default, Cmrs, out _).Should().BeFalse();
        ModuleMetadata.TryRead(new(0x0A00000300000008), ModuleParameters.Default, Cmrs, out ulong features)
            .Should().BeTrue();
        features.Should().Be(0);
    }

    [Fact]
    public void a_number_has_parts()
    {
        MetadataFieldId id = new(0x9000000300000080);
        (id.Class, id.ElementBytes, id.FieldCode).Should().Be((0x10, 8, 0x80));
        MetadataFieldId.FromField(MetadataField.MaxTdmrs).ElementBytes.Should().Be(2);
        id.ToString().Should().Be("0x9000000300000080");
    }

    [Theory]
    [InlineData(MetadataField.CmrBase, 32, "index must be from 0 to 31*")]
    [InlineData(MetadataField.CmrSize, -1, "index must be from 0 to 31*")]
    [InlineData(MetadataField.MaxTdmrs, 1, "index must be from 0 to 0*")]
    [InlineData((MetadataField)99, 0, "field must be one of the named ones*")]
    public void a_field_or_index_that_is_none_is_refused(MetadataField field, int index, string message) =>
        FluentActions.Invoking(() => MetadataFieldId.FromField(field, index))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
}
