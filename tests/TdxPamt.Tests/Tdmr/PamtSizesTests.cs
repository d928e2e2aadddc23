using TdxPamt.Tdmr;

namespace TdxPamt.Tests.Tdmr;

public class PamtSizesTests
{
    [Theory]
    [InlineData(1, 4108, 44)]
    [InlineData(2, 8212, 84)]
    [InlineData(125, 513004, 5004)]
    [InlineData(256, 1050628, 10244)]
    [InlineData(257, 1054736, 10288)]
    [InlineData(512, 2101256, 20488)]
    [InlineData(65536, 268960768, 2622464)]
    public void a_tdmr_of_so_many_gib_costs_so_many_kib_static_and_dynamic(ulong giB, ulong staticKiB, ulong dynamicKiB)
    {
        PamtSizes.Calculate(giB << 30).TotalBytes.Should().Be(staticKiB << 10);
        PamtSizes.Calculate(giB << 30, new ModuleParameters { DynamicPamt = true }).TotalBytes.Should().Be(dynamicKiB << 10);
    }
}
