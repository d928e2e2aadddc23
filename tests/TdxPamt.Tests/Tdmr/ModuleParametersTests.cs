namespace TdxPamt.Tests.Tdmr;

public class ModuleParametersTests
{
    [Fact]
    public void a_new_one_is_todays_module()
    {
        ModuleParameters module = new();

        module.MaxTdmrs.Should().Be(64);
        module.MaxReservedAreas.Should().Be(16);
        module.PamtEntrySizes.Should().Be(new PamtEntrySizes(16, 16, 16));
        module.DynamicPamt.Should().BeFalse();
        module.PamtPageBitmapEntryBits.Should().Be(1);
        module.Should().Be(ModuleParameters.Default);
    }

    public static TheoryData<string, int, bool> Values => new()
    {
        { nameof(ModuleParameters.MaxTdmrs), 0, false },
        { nameof(ModuleParameters.MaxTdmrs), 1, true },
        { nameof(ModuleParameters.MaxTdmrs), 65535, true },
        { nameof(ModuleParameters.MaxTdmrs), 65536, false },
        { nameof(ModuleParameters.MaxReservedAreas), -1, false },
        { nameof(ModuleParameters.MaxReservedAreas), 0, true },
        { nameof(ModuleParameters.MaxReservedAreas), 65535, true },
        { nameof(ModuleParameters.MaxReservedAreas), 65536, false },
        { nameof(ModuleParameters.PamtPageBitmapEntryBits), 0, false },
        { nameof(ModuleParameters.PamtPageBitmapEntryBits), 1, true },
        { nameof(ModuleParameters.PamtPageBitmapEntryBits), 65535, true },
        { nameof(ModuleParameters.PamtPageBitmapEntryBits), 65536, false },
        { nameof(ModuleParameters.KeyIdBits), -1, false },
        { nameof(ModuleParameters.KeyIdBits), 0, true },
        { nameof(ModuleParameters.KeyIdBits), 52, true },
        { nameof(ModuleParameters.KeyIdBits), 53, false },
        { nameof(PamtEntrySizes.Page4K), 0, false },
        { nameof(PamtEntrySizes.Page4K), 65535, true },
        { nameof(PamtEntrySizes.Page4K), 65536, false },
        { nameof(PamtEntrySizes.Page2M), 0, false },
        { nameof(PamtEntrySizes.Page2M), 65536, false },
        { nameof(PamtEntrySizes.Page1G), 0, false },
        { nameof(PamtEntrySizes.Page1G), 65536, false },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void a_value_outside_its_interval_is_refused_naming_both(string name, int value, bool legal)
    {
        ModuleParameters module = new();
        Action create = () => _ = name switch
        {
            nameof(ModuleParameters.MaxTdmrs) => module with { MaxTdmrs = value },
            nameof(ModuleParameters.MaxReservedAreas) => module with { MaxReservedAreas = value },
            nameof(ModuleParameters.PamtPageBitmapEntryBits) => module with { PamtPageBitmapEntryBits = value },
            nameof(ModuleParameters.KeyIdBits) => module with { KeyIdBits = value },
            nameof(PamtEntrySizes.Page4K) => module with { PamtEntrySizes = new PamtEntrySizes(value, 16, 16) },
            nameof(PamtEntrySizes.Page2M) => module with { PamtEntrySizes = new PamtEntrySizes(16, value, 16) },
            _ => module with { PamtEntrySizes = new PamtEntrySizes(16, 16, value) },
        };

        if (legal)
            create.Should().NotThrow();
        else
            create.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"?{name[1..]} must be from*");
    }

    [Fact]
    public void default_entry_sizes_are_refused()
    {
        Action create = () => _ = new ModuleParameters { PamtEntrySizes = default };

        create.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("PamtEntrySizes")
            .WithMessage("entry sizes must be from 1 to 65535*");
    }
}
