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

    [Theory]
    [InlineData("linux", false)]
    [InlineData("first-fit", false)]
    [InlineData("best-fit", false)]
    [InlineData("last-fit", false)]
    [InlineData("boot-reservation", true)]
    public void a_policy_at_boot_has_what_is_in_use_later(string name, bool isAtBoot)
    {
        HostMemory host = Machine.Of("4G..5G", blocked: "4G..4G+4K");
        AllocatorPolicy policy = Named.Policy(name);

        policy.IsAtBoot.Should().Be(isAtBoot);
        policy.CreateIndex(host).FreePages.Should().Be(isAtBoot ? 262_144UL : 262_143);
    }

    [Theory]
    [InlineData("4G..4G+64K", "", "4G", "4G", "4G+48K")]
    [InlineData("4G..4G+12K", "", null, null, null)]
    [InlineData("4G..4G+64K, 5G..5G+16K, 6G..6G+32K", "", "4G", "5G", "6G+16K")]
    [InlineData("4G..4G+64K, 5G..5G+12K", "", "4G", "4G", "4G+48K")]
    [InlineData("4G+4K..4G+20K, 5G..5G+16K", "", "4G+4K", "4G+4K", "5G")]
    [InlineData("4G..4G+64K", "4G+16K..4G+44K", "4G", "4G", "4G+48K")]
    [InlineData("4G..4G+64K", "4G+24K..4G+40K", "4G", "4G", "4G+48K")]
    [InlineData("4G..4G+64K", "4G+12K..4G+16K", "4G+16K", "4G+16K", "4G+48K")]
    [InlineData("4G..4G+64K", "4G+12K..4G+16K, 4G+32K..4G+52K", "4G+16K", "4G+16K", "4G+16K")]
    [InlineData("4G..4G+64K", "4G..4G+16K, 4G+40K..4G+64K", "4G+16K", "4G+16K", "4G+24K")]
    [InlineData("4G..4G+64K", "4G+12K..4G+16K, 4G+28K..4G+56K", null, null, null)]
    [InlineData("4G..4G+64K", "4G..4G+64K", null, null, null)]
    [InlineData("4G..4G+64K, 5G..5G+32K", "5G..5G+16K", "4G", "5G+16K", "5G+16K")]
    [InlineData("4G..4G+32K, 5G..5G+64K", "4G+16K..4G+32K", "4G", "4G", "5G+48K")]
    [InlineData("4G..4G+16K, 5G..5G+32K", "5G..5G+16K", "4G", "4G", "5G+16K")]
    [InlineData("4G..4G+32K, 5G..5G+16K", "4G..4G+16K", "4G+16K", "4G+16K", "5G")]
    [InlineData("4G..4G+16K, 5G..5G+20K, 6G..6G+24K", "4G..4G+4K", "5G", "5G", "6G+8K")]
    [InlineData("4G..4G+16K, 5G..5G+20K, 6G..6G+24K", "4G+12K..4G+16K, 5G+8K..5G+12K", "6G", "6G", "6G+8K")]
    [InlineData("4G..4G+64K, 5G..5G+64K", "4G+52K..5G+4K", "4G", "4G", "5G+48K")]
    [InlineData("4G..4G+64K, 5G..5G+64K", "4G+4K..5G+20K", "5G+20K", "5G+20K", "5G+48K")]
    public void four_pages_are_the_first_the_last_or_of_the_shortest_run(
        string memory, string inUse, string? first, string? best, string? last)
    {
        FreePageIndex index = FreePageIndex.Create(Machine.Of(memory));
        (PageAllocator Allocator, string? Address)[] policies =
        [
            (new FirstFitPageAllocator(index), first),
            (new BestFitPageAllocator(index), best),
            (new LastFitPageAllocator(index), last),
        ];
        foreach ((PageAllocator allocator, string? address) in policies)
        {
            foreach (AddressRange range in Machine.Ranges(inUse))
                allocator.Busy.Add(PageRun.FromRange(range));

            ulong? answer = allocator.TryAllocate(4, [0], out ulong found) ? found : null;
            answer.Should().Be(address is null ? null : Machine.Address(address), "{0}", allocator);
        }
    }
}
