namespace TdxPamt.Tests.Allocation;

public class AllocatorPolicyTests
{
    [Fact]
    public void a_policy_is_found_by_its_exact_name()
    {
        foreach (AllocatorPolicy policy in AllocatorPolicy.All)
        {
            AllocatorPolicy.TryParse(policy.Name, out AllocatorPolicy? found).Should().BeTrue();
            found.Should().BeSameAs(policy);
        }

        AllocatorPolicy.TryParse("Linux", out _).Should().BeFalse();
        AllocatorPolicy.TryParse(null, out _).Should().BeFalse();
    }
}
