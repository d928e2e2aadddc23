using System.Globalization;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Hosts.Drawing;

public class MemoryMapTests
{
    private const ulong MiB = 1 << 20;
    private const ulong GiB = 1 << 30;

    [Theory]
    [MemberData(nameof(RealHosts.OnEachKernel), MemberType = typeof(RealHosts))]
    public void a_real_machine_is_drawn_whole(string file, string kernel)
    {
        DrawnMap map = new(HostPlan.Create(Texts.ReadFile(file), Named.Kernel(kernel)));
        map.ShouldBeSound();
        map.Of("summary").Should().BeEmpty("there is room for everything");
    }

    [Fact]
    public void a_random_machine_is_drawn_whole() =>
        new RandomHosts(tiny: false).Hold(RandomHosts.Iterations / 20, static random =>
            new DrawnMap(HostPlan.Create(
                new HostDescription("random", random.ToHostMemory()), random.Kernel, random.ToModuleParameters()))
                .ShouldBeSound());

    [Theory]
    [InlineData("", "no memory at or above 1 MiB")]
    [InlineData("0x1000-0x9f000", "no memory at or above 1 MiB")]
    [InlineData("0x100000-0x101000", "FAILS")]
    [InlineData("0x100000-0x40000000", "works")]
    [InlineData("0x0-0x10000000000000", "4096 TiB of RAM")]
    public void a_machine_of_one_range_is_drawn_whole(string ranges, string outcome)
    {
        IEnumerable<MemoryRegion> memory = ranges.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(static range => range.Split('-'))
            .Select(static ends => Region(Convert.ToUInt64(ends[0], 16), Convert.ToUInt64(ends[1], 16)));
        DrawnMap map = Map(HostMemory.Create(memory));
        map.ShouldBeSound();
        map.Root.Value.Should().Contain(outcome);
    }

    [Fact]
    public void nodes_that_look_the_same_share_a_band_unless_it_fails_there()
    {
        HostPlan alike = HostPlan.Create(new HostDescription("alike", EightNodes(lastFails: false)));
        Folded(alike).Should().Contain(">nodes 1 to<").And.NotContain("node 7");
        DrawnMap.Draw(alike).Length.Should().BeGreaterThan(Folded(alike).Length);

        string failing = Folded(HostPlan.Create(new HostDescription("fails", EightNodes(lastFails: true))));
        failing.Should().Contain("RESERVED AREAS EXHAUSTED").And.NotContain("many small things");
        failing.IndexOf(">node 7<", StringComparison.Ordinal)
            .Should().BeInRange(1, failing.IndexOf(">node 0<", StringComparison.Ordinal));
    }

    [Fact]
    public void a_map_of_a_machine_that_fails_names_what_to_do_first_and_how_little_pamts_are()
    {
        string map = Folded(HostPlan.Create(Texts.ReadFile(RealHosts.FoxCreekPass)));
        map.Should().Contain("first thing to try: boot with memmap=4K$0x64158000")
            .And.Contain("PAMTs, 0.3923 % of RAM, are drawn far too large");
    }

    [Fact]
    public void a_node_that_holds_the_pamts_of_another_does_not_look_the_same()
    {
        // All of node 6 is in use, so that its PAMTs lie in node 7.
        HostMemory host = EightNodes(lastFails: false, AddressRange.Create(6 * 64 * GiB, 7 * 64 * GiB));
        string map = Folded(HostPlan.Create(new HostDescription("away", host)));
        map.Should().Contain(">nodes 1 to<").And.Contain(">5: the same<").And.Contain(">node 6<")
            .And.Contain(">node 7<");
    }

    [Fact]
    public void the_first_tdmr_that_fails_is_drawn_whole_where_others_are_summed_up()
    {
        List<MemoryRegion> memory = [];
        foreach ((ulong start, ulong holes) in new (ulong, ulong)[] { (0, 20), ((32 * GiB) + MiB, 200) })
        {
            for (ulong i = 0; i < holes; i++)
                memory.Add(Region(start + (i * MiB), start + (i * MiB) + 4096));
            memory.Add(Region(start + (holes * MiB), start == 0 ? 32 * GiB : 64 * GiB));
        }

        HostPlan plan = HostPlan.Create(new HostDescription("two fail", HostMemory.Create(memory)));
        DrawnMap map = new(plan);
        map.ShouldBeSound();
        map.Of("summary").Should().NotBeEmpty();
        LayoutExplanation.Create(plan.Host.Memory).Tdmrs[0].Areas.Select(static area => $"{area.Range}")
            .Should().HaveCountGreaterThan(16)
            .And.BeSubsetOf(map.Of("area").Select(static area => area.Attribute("data-range")!.Value));
    }

    private static string Folded(HostPlan plan)
    {
        using MemoryStream stream = new();
        MemoryMap.Write(plan, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Eight nodes of 64 GiB in one CMR; the last one may have twenty holes.</summary>
    private static HostMemory EightNodes(bool lastFails, params AddressRange[] blocked)
    {
        List<MemoryRegion> memory = [];
        for (int node = 0; node < 8; node++)
        {
            ulong start = (ulong)node * 64 * GiB;
            ulong holes = node == 7 && lastFails ? 20UL : 0;
            for (ulong hole = 0; hole < holes; hole++)
                memory.Add(new(AddressRange.Create(start + (hole * MiB), start + (hole * MiB) + 4096), node));
            memory.Add(new(AddressRange.Create(start + (holes * MiB), start + (64 * GiB)), node));
        }

        return HostMemory.Create(memory, [AddressRange.Create(0, 8 * 64 * GiB)], blocked.Select(
            static range => new BlockedRange(range, BlockedKind.Unmovable)));
    }

    [Fact]
    public void many_holes_are_counted_where_they_cannot_be_drawn()
    {
        List<MemoryRegion> memory = [];
        for (ulong i = 0; i < 1000; i++)
            memory.Add(Region((i + 1) * MiB, ((i + 1) * MiB) + ((i % 100) + 1) * 4096));
        DrawnMap map = Map(HostMemory.Create(memory, memory.Select(static region => region.Range)));

        map.ShouldBeSound();
        map.Of("summary").Should().HaveCountLessThan(40).And.NotBeEmpty();
        map.Of("summary").First().Attribute("data-what")!.Value.Should().Contain(" holes, ").And.Contain("to blame");
        map.Of("tdmr").Should().ContainSingle().Which.Attribute("class")!.Value.Should().Be("tdmr fault");
    }

    [Fact]
    public void many_nodes_with_many_holes_stay_on_a_page_or_two()
    {
        DrawnMap map = Map(ManyHoles.Of(20));
        map.ShouldBeSound();
        double.Parse(map.Root.Attribute("height")!.Value, CultureInfo.InvariantCulture).Should().BeLessThan(3000);
    }

    [Fact]
    public void a_machine_that_fails_shows_the_tdmr_and_the_holes_to_blame()
    {
        DrawnMap map = new(HostPlan.Create(Texts.ReadFile(RealHosts.FoxCreekPass)));
        map.Root.Value.Should()
            .Contain("FAILS: TDMR [0x0, 0x80000000): reserved areas exhausted (ENOSPC); TDMR 0 needs 17");
        map.Of("fault").Should().ContainSingle().Which.Attribute("data-what")!.Value.Should().Be("TDMR 0");
        map.Of("blame").Should().ContainSingle()
            .Which.Attribute("data-range")!.Value.Should().Be("[0x619e2000, 0x619ea000)");
    }

    [Fact]
    public void ram_that_is_not_convertible_is_marked()
    {
        AddressRange cmr = AddressRange.Create(MiB, GiB);
        HostPlan plan = HostPlan.Create(
            new("host", HostMemory.Create([Region(MiB, GiB), Region(2 * GiB, 3 * GiB)], [cmr])), KernelModel.V5);
        DrawnMap map = new(plan);
        map.ShouldBeSound();
        map.Of("ram").Where(static ram => ram.Attribute("class")!.Value == "ram fault")
            .Should().ContainSingle().Which.Attribute("data-range")!.Value.Should().Be("[0x80000000, 0xc0000000)");
    }

    [Fact]
    public void tdmrs_beyond_the_limit_are_marked()
    {
        HostDescription host = Texts.ReadFile("uneven-8-node-496GiB.log");
        DrawnMap map = new(HostPlan.Create(host, module: host.Module with { MaxTdmrs = 7 }));
        map.ShouldBeSound();
        map.Of("fault").Select(static tdmr => tdmr.Attribute("data-what")!.Value).Should().Equal("TDMR 7", "TDMR 8");
    }

    [Fact]
    public void blocked_pages_are_marked_and_those_too_close_are_counted()
    {
        BlockedRange[] blocked =
        [
            new(AddressRange.Create(GiB, 2 * GiB), BlockedKind.Hugetlb),
            new(AddressRange.Create(7 * GiB, (7 * GiB) + 4096), BlockedKind.Unmovable),
            new(AddressRange.Create((7 * GiB) + 8192, (7 * GiB) + 12288), BlockedKind.Unmovable),
            new(AddressRange.Create(100 * GiB, 101 * GiB), BlockedKind.Reserved),
        ];
        DrawnMap map = Map(HostMemory.Create([Region(MiB, 2 * GiB), Region(4 * GiB, 8 * GiB)], null, blocked));
        map.ShouldBeSound();
        map.Of("blocked")
            .Select(static mark => $"{mark.Attribute("data-what")!.Value} {mark.Attribute("data-range")!.Value}")
            .Should().Equal("hugetlb pages [0x40000000, 0x80000000)", "2 blocked ranges [0x1c0000000, 0x1c0003000)");
    }

    [Fact]
    public void a_name_may_hold_anything()
    {
        HostMemory memory = HostMemory.Create([Region(MiB, GiB)]);
        string name = "<b> & \"c\" \u0001 \ud800" + new string('x', 100);
        DrawnMap map = new(HostPlan.Create(new HostDescription(name, memory)));
        map.ShouldBeSound();
        map.Root.Value.Should().StartWith("<b> & \"c\" ? ?xxx").And.Contain("xxx...: physical memory");
    }

    [Fact]
    public void a_name_is_drawn_in_whole_characters_without_those_that_act_on_its_line()
    {
        const string Fox = "\U0001F98A";
        ShouldBeDrawn("fox" + Fox, "fox" + Fox);
        ShouldBeDrawn("a\u202e\u2028\udc00\ufffe", "a????");
        ShouldBeDrawn(Fox + new string('x', 59), Fox + new string('x', 58) + "...");
        ShouldBeDrawn(new string('x', 59) + Fox, new string('x', 59) + "...");

        static void ShouldBeDrawn(string name, string drawn)
        {
            DrawnMap map = new(HostPlan.Create(new HostDescription(name, HostMemory.Create([Region(MiB, GiB)]))));
            map.Root.Value.Should().StartWith(drawn + ": physical memory");
        }
    }

    [Fact]
    public void the_same_plan_gives_the_same_bytes_in_any_culture()
    {
        HostPlan plan = HostPlan.Create(Texts.ReadFile(RealHosts.FoxCreekPass));
        byte[] bytes = DrawnMap.Draw(plan);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = other;
            DrawnMap.Draw(HostPlan.Create(Texts.ReadFile(RealHosts.FoxCreekPass))).Should().Equal(bytes);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static DrawnMap Map(HostMemory memory) => new(HostPlan.Create(new HostDescription("host", memory)));

    private static MemoryRegion Region(ulong start, ulong end) => new(AddressRange.Create(start, end), node: 0);
}
