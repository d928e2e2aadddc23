using TdxPamt.Allocation;

namespace TdxPamt.Tests.Allocation;

public class AllocatorPolicyTests
{
    [Fact]
    public void a_policy_is_found_by_its_exact_name()
    {
        foreach (AllocatorPolicy policy in AllocatorPolicy.All)
            AllocatorPolicy.Find(policy.Name).Should().BeSameAs(policy);
        AllocatorPolicy.Find("Linux").Should().BeNull();
    }
}
