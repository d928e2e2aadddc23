using System.Reflection;
using System.Runtime.Versioning;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.NetStandard;

public class BuildTests
{
    [Theory]
    [InlineData(typeof(HostMemory))]
    [InlineData(typeof(HostPlan))]
    public void what_is_tested_here_is_the_build_for_netstandard_2_0(Type type) =>
        type.Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName
            .Should().Be(".NETStandard,Version=v2.0");

    [Theory]
    [InlineData(typeof(HostMemory))]
    [InlineData(typeof(HostPlan))]
    public void it_has_a_strong_name(Type type) =>
        type.Assembly.GetName().GetPublicKeyToken().Should().NotBeEmpty();
}
