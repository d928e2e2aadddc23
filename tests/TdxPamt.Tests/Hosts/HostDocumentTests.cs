using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class HostDocumentTests
{
    private const string Whole = """
        {"name":"fox",
        "memory":[{"start":"0x1000","end":"0x9f000","node":0},{"start":"0x100000","end":"0x40000000","node":1}],
        "cmrs":[{"start":"0x100000","end":"0x40000000"}],
        "blocked":[{"start":"0x140000000","end":"0x140200000","kind":"unmovable"},
        {"start":"0x0","end":"0x1000","kind":"reserved"},
        {"start":"0x0","end":"0x200000","kind":"hugetlb"}],
        "fallbackOrder":[[0,5,1],[1,0]],"kernel":"cmr-holes","module":{"maxTdmrs":63,"maxReservedAreas":15,
        "pamtEntrySize":{"4K":8,"2M":24,"1G":32},"dynamicPamt":true,"pamtPageBitmapEntryBits":2,"keyIdBits":5}}
        """;

    [Fact]
    public void a_whole_document_is_read()
    {
        HostDescription host = Texts.Document(Whole);

        host.Name.Should().Be("fox");
        host.Evidence.Should().Be(MemoryEvidence.Document);
        host.NodesKnown.Should().BeTrue();
        host.Reported.Should().BeNull();
        host.Warnings.Should().BeEmpty();
        host.Memory.Regions.ToString().Should().Be("node 0: [0x1000, 0x9f000), node 1: [0x100000, 0x40000000)");
        host.Memory.Cmrs.ToString().Should().Be("[0x100000, 0x40000000)");
        host.Memory.BlockedRanges.ToString().Should().Be(
            "unmovable [0x140000000, 0x140200000), reserved [0x0, 0x1000), hugetlb [0x0, 0x200000)");
        host.Memory.FallbackOrder(0).ToArray().Should().Equal(0, 5, 1);
        host.Kernel.Should().Be(KernelModel.CmrHoles);
        host.Module.Should().Be(new ModuleParameters
        {
            MaxTdmrs = 63,
            MaxReservedAreas = 15,
            PamtEntrySizes = new(8, 24, 32),
            DynamicPamt = true,
            PamtPageBitmapEntryBits = 2,
            KeyIdBits = 5,
        });
    }

    [Fact]
    public void memory_is_all_a_document_needs()
    {
        HostDescription host = Texts.Document("""{"memory":[]}""");

        host.Name.Should().Be("host");
        host.Kernel.Should().BeNull();
        host.Module.Should().Be(ModuleParameters.Default);
        HostPlan.Create(host).Failure!.Code.Should().Be(TdmrFailureCode.NoTdxMemory);
    }

    [Fact]
    public void what_is_written_reads_as_the_same_host_and_writes_as_the_same_bytes()
    {
        const string oddName = """{"name":"a \"b\" \\ é < \u0001","memory":[{"start":0,"end":8192,"node":3}]}""";
        foreach (string json in new[] { Whole, oddName })
        {
            HostDescription host = Texts.Document(json);

            HostDescription again = Texts.Document(Texts.Json(host));

            again.Name.Should().Be(host.Name);
            again.Memory.Regions.Should().Equal(host.Memory.Regions);
            again.Memory.Cmrs.Should().Equal(host.Memory.Cmrs);
            again.Memory.BlockedRanges.Should().Equal(host.Memory.BlockedRanges);
            for (int node = 0; node <= host.Memory.Nodes[^1]; node++)
                again.Memory.FallbackOrder(node).ToArray().Should().Equal(host.Memory.FallbackOrder(node).ToArray());
            again.Kernel.Should().Be(host.Kernel);
            again.Module.Should().Be(host.Module);
            Texts.Json(again).Should().Be(Texts.Json(host));
        }
    }

    [Fact]
    public void a_document_is_written_in_the_order_of_its_properties() =>
        Texts.Json(Texts.Document(Whole)).Should().Be(Whole.ReplaceLineEndings(""));

    [Fact]
    public void orders_that_follow_from_the_nodes_are_not_written() => Texts.Json(Texts.Document("""
        {"memory":[
        {"start":4096,"end":8192,"node":0},{"start":8192,"end":12288,"node":1}],"fallbackOrder":[[0,1],[1,0]]}
        """)).Should().NotContain("fallbackOrder");

    [Fact]
    public void distances_give_the_order_of_a_node_that_has_none() => Texts.Document("""
        {"memory":[
        {"start":0,"end":8192,"node":0},{"start":8192,"end":12288,"node":1},{"start":12288,"end":16384,"node":2}],
        "fallbackOrder":[[0,1]],"distances":[[10,20,30],[30,10,20],[20,21,10]]}
        """).Memory.FallbackOrder(1).ToArray().Should().Equal(1, 2, 0);

    [Theory]
    [InlineData("""{"memory":[],}""")]
    [InlineData("""{"memory":[{"start":0,"end":4096,"node":0},]}""")]
    [InlineData("""{"memory":[{"start":0,"end":4096,"node":0,}]}""")]
    [InlineData("""{"memory":[{"start":00,"end":4096,"node":0}]}""")]
    [InlineData("""{"memory":[{"start":0,"end":4096,"node":01}]}""")]
    [InlineData("""{"memory":[{"start":0 "end":4096,"node":0}]}""")]
    [InlineData("""{"memory":[{"start":0,"end":4096,"node":0}}""")]
    [InlineData("""{"memory":[{"start":0,"end":4096,"node":0]]}""")]
    [InlineData("""{"memory":[]}}""")]
    [InlineData("""{"memory":[]} {}""")]
    [InlineData("""{"memory":[],"distances":[[10,],[]]}""")]
    [InlineData("""{"memory":[],"module":{"maxTdmrs":1}""")]
    [InlineData("""{"memory":[],"name":"a""")]
    [InlineData("{\"memory\":[],\"name\":\"a\nb\"}")]
    [InlineData("""{'memory':[]}""")]
    [InlineData("""{"memory":[],"name":'a'}""")]
    public void what_is_almost_json_is_refused(string json) => FluentActions.Invoking(() => Texts.Document(json))
        .Should().Throw<HostFormatException>().Which.Reason.Should().StartWith("not valid JSON: ");

    [Fact]
    public void a_document_is_read_alike_however_it_is_written()
    {
        string plain = Whole.ReplaceLineEndings("");
        string[] forms =
        [
            plain.Replace("fox", "f\\u006fx"),
            plain.Replace("\"name\"", "\"n\\u0061me\""),
            plain.Replace("\"start\"", "\"st\\u0061rt\""),
            plain.Replace(",", " ,\t\n ").Replace(":", " :\r\n").Replace("]", " ]").Replace("}", " }"),
            plain.Replace("0x100000\"", "0X00100000\""),
            plain.Replace("\"0x1000\"", "4096"),
        ];
        foreach (string form in forms)
            Texts.Json(Texts.Document(form)).Should().Be(plain, "{0} says the same", form);
    }

    [Theory]
    [InlineData("4096")]
    [InlineData("\"4096\"")]
    [InlineData("\"0x1000\"")]
    [InlineData("\"0X1000\"")]
    [InlineData("\"0x00000000000000000000001000\"")]
    [InlineData("\"\\u0030x1000\"")]
    public void an_address_is_a_hex_string_a_decimal_string_or_a_number(string address) =>
        Texts.Document($$"""{"memory":[{"end":"0x2000","node":0,"start":{{address}}}]}""")
            .Memory.Regions.ToString().Should().Be("node 0: [0x1000, 0x2000)");

    [Theory]
    [InlineData("\"0x\"")]
    [InlineData("\"\"")]
    [InlineData("\"0x1000 \"")]
    [InlineData("\" 4096\"")]
    [InlineData("\"+4096\"")]
    [InlineData("\"-4096\"")]
    [InlineData("\"4,096\"")]
    [InlineData("\"4096.0\"")]
    [InlineData("\"1000h\"")]
    [InlineData("\"0x0x1000\"")]
    [InlineData("\"0x10000000000000000\"")]
    [InlineData("\"18446744073709551616\"")]
    [InlineData("18446744073709551616")]
    [InlineData("4096.0")]
    [InlineData("4.096e3")]
    [InlineData("4096e0")]
    [InlineData("-0")]
    [InlineData("-4096")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[4096]")]
    [InlineData("{}")]
    public void anything_else_is_no_address(string address) => Texts.ShouldBeRefused(
        () => Texts.Document($$"""{"memory":[{"start":{{address}},"end":"0x2000","node":0}]}"""),
        "some/host.json: memory[0].start: it must be a hex string, a decimal string or a whole number, below 2^64");

    [Theory]
    [InlineData("""{"memory":[],"foo":1}""", "foo: there is no such property")]
    [InlineData("""{"memory":[],"Name":"x"}""", "Name: there is no such property")]
    [InlineData("""{"memory":[],"a\u0007b":1}""", "*a?b*: there is no such property")]
    [InlineData("""{"memory":[],"memory":[]}""", "memory: it is given twice")]
    [InlineData("""{"memory":[],"m\u0065mory":[]}""", "memory: it is given twice")]
    [InlineData("""{}""", "memory: it is missing")]
    [InlineData("""{"cmrs":[]}""", "memory: it is missing")]
    [InlineData("""{"memory":null}""", "memory: it must be an array")]
    [InlineData("""{"memory":{}}""", "memory: it must be an array")]
    [InlineData("""{"memory":[1]}""", "memory[0]: it must be an object")]
    [InlineData("""{"memory":[null]}""", "memory[0]: it must be an object")]
    [InlineData("""{"memory":[{}]}""", "memory[0].start: it is missing")]
    [InlineData("""{"memory":[{"start":0}]}""", "memory[0].end: it is missing")]
    [InlineData(
        """{"memory":[{"start":0,"end":4096,"node":0},{"start":8192,"end":12288}]}""",
        "memory[1].node: it is missing")]
    [InlineData(
        """{"memory":[{"start":0,"end":4096,"node":0,"kind":1}]}""",
        "memory[0].kind: there is no such property")]
    [InlineData("""{"memory":[{"start":0,"end":4096,"node":0,"start":1}]}""", "memory[0].start: it is given twice")]
    [InlineData(
        """{"memory":[{"start":0,"end":4096,"node":"0"}]}""",
        "memory[0].node: it must be a whole number from 0 to 1023")]
    [InlineData(
        """{"memory":[{"start":0,"end":4096,"node":1024}]}""",
        "memory[0].node: it must be a whole number from 0 to 1023")]
    [InlineData(
        """{"memory":[{"start":0,"end":4096,"node":-1}]}""",
        "memory[0].node: it must be a whole number from 0 to 1023")]
    [InlineData(
        """{"memory":[{"start":0,"end":4096,"node":1.0}]}""",
        "memory[0].node: it must be a whole number from 0 to 1023")]
    [InlineData(
        """{"memory":[{"start":0,"end":4095,"node":0}]}""",
        "memory[0]: [0x0, 0xfff) is not a whole number of 4 KiB pages")]
    [InlineData("""{"memory":[{"start":4096,"end":4096,"node":0}]}""", "memory[0]: [0x1000, 0x1000) is empty")]
    [InlineData(
        """{"memory":[{"start":8192,"end":4096,"node":0}]}""",
        "memory[0]: [0x2000, 0x1000) ends before it starts")]
    [InlineData(
        """{"memory":[{"start":0,"end":"0x10000000001000","node":0}]}""",
        "memory[0]: [0x0, 0x10000000001000) is not below 2^52, where physical addresses end")]
    [InlineData(
        """{"memory":[{"start":4096,"end":12288,"node":0},{"start":0,"end":8192,"node":1}]}""",
        "memory: memory ranges [0x0, 0x2000) of node 1 and [0x1000, 0x3000) of node 0 overlap")]
    [InlineData(
        """{"memory":[{"start":4096,"end":12288,"node":0},{"start":4096,"end":12288,"node":0}]}""",
        "memory: memory ranges [0x1000, 0x3000) of node 0 and [0x1000, 0x3000) of node 0 overlap")]
    [InlineData(
        """{"memory":[],"cmrs":[{"start":0,"end":8192},{"start":4096,"end":12288}]}""",
        "cmrs: CMRs [0x0, 0x2000) and [0x1000, 0x3000) overlap")]
    [InlineData(
        """{"memory":[],"cmrs":[{"start":0,"end":8192,"node":0}]}""",
        "cmrs[0].node: there is no such property")]
    [InlineData("""{"memory":[],"cmrs":null}""", "cmrs: it must be an array")]
    [InlineData("""{"memory":[],"blocked":[{"start":0,"end":8192}]}""", "blocked[0].kind: it is missing")]
    [InlineData(
        """{"memory":[],"blocked":[{"start":0,"end":8192,"kind":"movable"}]}""",
        "blocked[0].kind: it must be reserved, unmovable or hugetlb")]
    [InlineData(
        """{"memory":[],"blocked":[{"start":0,"end":8192,"kind":2}]}""",
        "blocked[0].kind: it must be reserved, unmovable or hugetlb")]
    [InlineData(
        """{"memory":[],"blocked":[{"start":1,"end":8192,"kind":"reserved"}]}""",
        "blocked[0]: [0x1, 0x2000) is not a whole number of 4 KiB pages")]
    [InlineData(
        """{"memory":[],"blocked":[{"start":0,"end":8192,"kind":"hugetlb","pageSize":"4K"}]}""",
        "blocked[0].pageSize: it must be 2M or 1G")]
    [InlineData(
        """{"memory":[],"blocked":[{"start":0,"end":8192,"kind":"hugetlb","pageSize":2}]}""",
        "blocked[0].pageSize: it must be 2M or 1G")]
    [InlineData(
        """{"memory":[],"blocked":[{"start":0,"end":8192,"pageSize":"2M","kind":"reserved"}]}""",
        "blocked[0].pageSize: only hugetlb has a page size")]
    [InlineData(
        """{"memory":[{"start":0,"end":8192,"node":0,"pageSize":"2M"}]}""",
        "memory[0].pageSize: there is no such property")]
    [InlineData("""{"memory":[],"movable":[{"node":1}]}""", "movable[0].start: it is missing")]
    [InlineData("""{"memory":[],"movable":[{"start":0}]}""", "movable[0].node: it is missing")]
    [InlineData(
        """{"memory":[],"movable":[{"node":1,"start":0,"end":4096}]}""", "movable[0].end: there is no such property")]
    [InlineData(
        """{"memory":[],"movable":[{"node":1,"start":1}]}""",
        "movable[0].start: it must be a multiple of 4 KiB, at most 2^52")]
    [InlineData(
        """{"memory":[],"movable":[{"node":1024,"start":0}]}""",
        "movable[0].node: it must be a whole number from 0 to 1023")]
    [InlineData(
        """{"memory":[],"movable":[{"node":1,"start":0},{"node":1,"start":4096}]}""",
        "movable: node 1 has ZONE_MOVABLE twice")]
    [InlineData("""{"memory":[],"movable":{}}""", "movable: it must be an array")]
    [InlineData(
        """{"memory":[],"fallbackOrder":[[0],[0,1]]}""",
        "fallbackOrder: the order of node 1 does not start with 1")]
    [InlineData("""{"memory":[],"fallbackOrder":[[0],[1,2,2]]}""", "fallbackOrder: the order of node 1 repeats a node")]
    [InlineData(
        """{"memory":[],"fallbackOrder":[[0,1024]]}""",
        "fallbackOrder: the order of node 0 names a node that is not from 0 to 1023")]
    [InlineData("""{"memory":[],"fallbackOrder":[null]}""", "fallbackOrder[0]: it must be an array")]
    [InlineData(
        """{"memory":[],"fallbackOrder":[[0,"1"]]}""",
        "fallbackOrder[0][1]: it must be a whole number, not negative, below 2^31")]
    [InlineData(
        """{"memory":[],"fallbackOrder":[[0,-1]]}""",
        "fallbackOrder[0][1]: it must be a whole number, not negative, below 2^31")]
    [InlineData(
        """{"memory":[],"fallbackOrder":[[0],[]]}""",
        "fallbackOrder: the order of node 1 does not start with 1")]
    [InlineData(
        """{"memory":[],"distances":[[10,20],[20]]}""",
        "distances: the row of node 1 has 1 distances, for 2 nodes")]
    [InlineData(
        """{"memory":[],"distances":[[256]]}""",
        "distances: the row of node 0 has a distance that is not from 0 to 255")]
    [InlineData(
        """{"memory":[],"kernel":"v6"}""",
        "kernel: it must be one of v5, 6.8, 7.1, mainline, dynamic-pamt, cmr-holes, cmr-holes-2024, not \"v6\"")]
    [InlineData(
        """{"memory":[],"kernel":5}""",
        "kernel: it must be one of v5, 6.8, 7.1, mainline, dynamic-pamt, cmr-holes, cmr-holes-2024")]
    [InlineData(
        """{"memory":[],"kernel":null}""",
        "kernel: it must be one of v5, 6.8, 7.1, mainline, dynamic-pamt, cmr-holes, cmr-holes-2024")]
    [InlineData("""{"memory":[],"name":5}""", "name: it must be a text")]
    [InlineData("""{"memory":[],"name":null}""", "name: it must be a text")]
    [InlineData("""{"memory":[],"name":"\ud800"}""", "name: it has a text that is not valid UTF-8 or UTF-16")]
    [InlineData("""{"memory":[],"module":null}""", "module: it must be an object")]
    [InlineData("""{"memory":[],"module":{"maxTdmrs":0}}""", "module.maxTdmrs: it must be from 1 to 65535")]
    [InlineData("""{"memory":[],"module":{"maxTdmrs":65536}}""", "module.maxTdmrs: it must be from 1 to 65535")]
    [InlineData(
        """{"memory":[],"module":{"maxTdmrs":"64"}}""",
        "module.maxTdmrs: it must be a whole number, not negative, below 2^31")]
    [InlineData(
        """{"memory":[],"module":{"maxTdmrs":null}}""",
        "module.maxTdmrs: it must be a whole number, not negative, below 2^31")]
    [InlineData(
        """{"memory":[],"module":{"maxReservedAreas":65536}}""",
        "module.maxReservedAreas: it must be from 0 to 65535")]
    [InlineData(
        """{"memory":[],"module":{"pamtPageBitmapEntryBits":0}}""",
        "module.pamtPageBitmapEntryBits: it must be from 1 to 65535")]
    [InlineData("""{"memory":[],"module":{"keyIdBits":53}}""", "module.keyIdBits: it must be from 0 to 52")]
    [InlineData("""{"memory":[],"module":{"dynamicPamt":1}}""", "module.dynamicPamt: it must be true or false")]
    [InlineData(
        """{"memory":[],"module":{"pamtEntrySize":{"4K":0}}}""",
        "module.pamtEntrySize.4K: it must be from 1 to 65535")]
    [InlineData(
        """{"memory":[],"module":{"pamtEntrySize":{"1G":"0x10000"}}}""",
        "module.pamtEntrySize.1G: it must be from 1 to 65535")]
    [InlineData(
        """{"memory":[],"module":{"pamtEntrySize":{"2M":-1}}}""",
        "module.pamtEntrySize.2M: it must be a hex string, a decimal string or a whole number, below 2^64")]
    [InlineData(
        """{"memory":[],"module":{"pamtEntrySize":{"3K":1}}}""",
        "module.pamtEntrySize.3K: there is no such property")]
    [InlineData("""{"memory":[],"module":{"pamtEntrySize":16}}""", "module.pamtEntrySize: it must be an object")]
    [InlineData("""{"memory":[],"module":{"keyIdBits":1,"keyIdBits":2}}""", "module.keyIdBits: it is given twice")]
    [InlineData("""{"memory":[{"x y":1}]}""", "memory[0]['x y']: there is no such property")]
    [InlineData("""{"memory":[],"\ud800":1}""", "['\\ud800']: it has a text that is not valid UTF-8 or UTF-16")]
    [InlineData("""{"memory":[],"m\u006fdule":{"key":1}}""", "module.key: there is no such property")]
    [InlineData("""[]""", "it must be an object")]
    [InlineData("""null""", "it must be an object")]
    public void what_is_no_host_is_refused_naming_the_property(string json, string reason)
    {
        Texts.ShouldBeRefused(() => Texts.Document(json), $"some/host.json: {reason}").Line.Should().BeNull();
        Texts.ShouldBeRefused(() => HostDocument.Parse(Encoding.UTF8.GetBytes(json), "-", line: 7), $"-:7: {reason}")
            .Line.Should().Be(7);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\"memory\":[", 1)]
    [InlineData("{\"memory\":\n[{\"start\"", 2)]
    [InlineData("{\n\"memory\":[\n{\"start\": 5 6}]}", 3)]
    [InlineData("{\"memory\":[]}\n\nx", 3)]
    [InlineData("{\"memory\":[],}", 1)]
    [InlineData("{\"memory\":[{\"start\":0,\"end\":4096,\"node\":0},]}", 1)]
    [InlineData("{\"memory\":[] /* none */}", 1)]
    [InlineData("{\"memory\":[{\"start\":0x1000}]}", 1)]
    [InlineData("{'memory':[]}", 1)]
    [InlineData("{\"memory\":[{\"start\":\"a\nb\"}]}", 1)]
    public void what_is_no_json_is_refused_with_its_line(string json, int line)
    {
        Texts.ShouldBeRefused(() => Texts.Document(json), $"some/host.json:{line}: not valid JSON: *")
            .Line.Should().Be(line);
        Assert.Throws<HostFormatException>(() => HostDocument.Parse(Encoding.UTF8.GetBytes(json), "-", line: 7))
            .Line.Should().Be(7);
    }

    [Fact]
    public void deep_nesting_is_refused()
    {
        string deep = new('[', 100_000);

        Texts.ShouldBeRefused(
            () => Texts.Document($$"""{"fallbackOrder":{{deep}}"""), "some/host.json: fallbackOrder*");
        Texts.ShouldBeRefused(() => Texts.Document($$"""{"memory":[{"start":{{deep}}"""), "some/host.json: memory*");
    }

    [Fact]
    public void a_byte_order_mark_is_passed_over() =>
        Texts.Document("\ufeff{\"memory\":[]}").Memory.Regions.Count.Should().Be(0);

    [Fact]
    public void text_that_is_no_utf8_is_refused()
    {
        byte[] json = [.. "{\"memory\":[],\"name\":\""u8, 0xff, .. "\"}"u8];

        Texts.ShouldBeRefused(
            () => HostDocument.Parse(json, "f"), "f: name: it has a text that is not valid UTF-8 or UTF-16");
    }

    [Fact]
    public void adjacent_memory_of_a_node_counts_as_one_and_the_order_does_not_matter() => Texts.Document("""
        {"memory":[{"start":8192,"end":12288,"node":0},{"start":0,"end":4096,"node":0},
        {"start":4096,"end":8192,"node":0}]}
        """).Memory.Regions.Should().Equal(new MemoryRegion(AddressRange.Create(0, 12288), 0));
}
