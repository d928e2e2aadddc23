using System.Buffers;
using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Tests.Hosts;

public class PlanDocumentTests
{
    private const string Area = """{"offset":0,"size":0}""";
    private const string FourAreas = $"{Area},{Area},{Area},{Area}";
    private const string SixteenAreas = $"{FourAreas},{FourAreas},{FourAreas},{FourAreas}";

    [Fact]
    public void a_module_that_was_not_asked_rejects_nothing()
    {
        ArrayBufferWriter<byte> output = new();
        VerdictDocument.Write("fox", ModuleVerdict.NotAsked, output);
        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be(
            """{"name":"fox","status":"unknown","message":"there are no TDMRs"}""");
    }

    [Fact]
    public void a_plan_is_written_in_the_order_of_its_properties() => Texts.Json(HostPlan.Create(Texts.Document("""
        {"name":"small","memory":[{"start":"0x100000","end":"0x30000000","node":2}],
        "cmrs":[{"start":"0x100000","end":"0x30000000"}],
        "module":{"maxTdmrs":4}}
        """))).Should().Be("""
        {"name":"small","kernel":"mainline","status":"constructed","pamtPages":1027,"pamtKiB":4108,
        "ram":"0x2ff00000","evidence":"document","dynamicPamt":false,"cmrs":[{"start":"0x100000","end":"0x30000000"}],
        "module":{"maxTdmrs":4,"maxReservedAreas":16,"pamtEntrySize":{"4K":16,"2M":16,"1G":16},"dynamicPamt":false,
        "pamtPageBitmapEntryBits":1,"keyIdBits":6},
        "tdmrs":[{"base":"0x0","size":"0x40000000","node":2,
        "pamt":{"4K":{"base":"0x1000000","size":"0x400000"},"2M":{"base":"0x1400000","size":"0x2000"},
        "1G":{"base":"0x1402000","size":"0x1000"}},
        "reservedAreas":[{"offset":"0x0","size":"0x100000","source":"hole"},
        {"offset":"0x1000000","size":"0x403000","source":"pamt"},
        {"offset":"0x30000000","size":"0x10000000","source":"hole"}]}],
        "check":{"status":"accepted","completion":"0x0"},"warnings":[]}
        """.ReplaceLineEndings(""));

    [Fact]
    public void a_failure_is_written_with_its_values()
    {
        string json = Texts.Json(HostPlan.Create(Texts.ReadFile(RealHosts.FoxCreekPassLog)));
        JsonElement plan = JsonDocument.Parse(json).RootElement;

        plan.EnumerateObject().Select(property => property.Name)
            .Should().Equal(
                "name", "kernel", "status", "ram", "evidence", "dynamicPamt", "moduleVersion", "cmrs", "unknown",
                "error", "reported", "actions", "warnings");
        plan.GetProperty("status").GetString().Should().Be("failed");
        plan.GetProperty("evidence").GetString().Should().Be("e820");
        JsonElement error = plan.GetProperty("error");
        error.GetProperty("code").GetString().Should().Be("ReservedAreasExhausted");
        error.GetProperty("errno").GetString().Should().Be("ENOSPC");
        error.GetProperty("tdmr").GetInt32().Should().Be(0);
        error.GetProperty("message").GetString().Should().Be(RealHosts.FoxCreekPassFailure);
        error.GetProperty("allowed").GetInt32().Should().Be(16);
        error.GetProperty("reservedAreas").GetArrayLength().Should().Be(error.GetProperty("needed").GetInt32());
        plan.GetProperty("reported").GetRawText().Should().Be(
            """{"pamtKiB":null,"error":"TDMR [0x0, 0x80000000): reserved areas exhausted","matches":true}""");
    }

    [Theory]
    [InlineData(
        """{"memory":[]}""",
        "mainline",
        """{"code":"NoTdxMemory","errno":"EINVAL","message":"no memory at or above 1 MiB"}""")]
    [InlineData(
        """{"memory":[{"start":"0x100000","end":"0x200000","node":0}]}""",
        "v5",
        """{"code":"MemoryNotConvertible","errno":"EINVAL","message":"memory region [0x100000, 0x200000) """
        + """is not TDX convertible memory"}""")]
    [InlineData(
        """{"memory":[{"start":"0x100000","end":"0x200000","node":0}]}""",
        "mainline",
        """{"code":"PamtAllocationFailed","errno":"ENOMEM","tdmr":0,"message":"TDMR [0x0, 0x40000000): """
        + """no 1027 contiguous pages for its PAMTs","needed":1027}""")]
    public void a_failure_without_a_value_leaves_it_out(string json, string kernel, string error)
    {
        HostPlan plan = HostPlan.Create(Texts.Document(json), Named.Kernel(kernel));

        JsonDocument.Parse(Texts.Json(plan)).RootElement.GetProperty("error").GetRawText().Should().Be(error);
    }

    [Fact]
    public void what_the_logs_kernel_did_is_written_with_explicit_nulls()
    {
        JsonElement plan = JsonDocument.Parse(
            Texts.Json(HostPlan.Create(Texts.ReadFile(RealHosts.FourNodes.File)))).RootElement;

        plan.GetProperty("reported").GetRawText().Should().Be(
            $$"""{"pamtKiB":{{RealHosts.FourNodes.PamtKiB}},"error":null,"matches":true}""");
    }

    [Fact]
    public void the_same_plan_gives_the_same_bytes()
    {
        foreach (string file in Directory.GetFiles(Texts.PathOf(""), "*.*o*"))
        {
            HostDescription host = Texts.ReadFile(Path.GetFileName(file));

            Texts.Json(HostPlan.Create(host)).Should().Be(
                Texts.Json(HostPlan.Create(Texts.ReadFile(Path.GetFileName(file)))));
            string indented = Texts.Json(HostPlan.Create(host), indented: true);
            indented.Should().NotContain("\r");
            JsonDocument.Parse(indented).RootElement.GetProperty("name").GetString().Should().Be(host.Name);
        }
    }

    [Fact]
    public void a_plan_reads_back_with_the_same_numbers()
    {
        foreach (string file in Directory.GetFiles(Texts.PathOf(""), "*.*o*"))
        {
            HostPlan plan = HostPlan.Create(
                HostReader.Read(File.ReadAllBytes(file), file),
                file.EndsWith(".json", StringComparison.Ordinal) ? KernelModel.CmrHoles : null,
                new ModuleParameters { DynamicPamt = true });
            if (!plan.IsConstructed || plan.Host.Memory.Cmrs.Count == 0)
                continue;

            TdmrSet set = PlanDocument.Parse(Encoding.UTF8.GetBytes("\ufeff" + Texts.Json(plan)), "p.json");

            set.Cmrs.Should().Equal(plan.Host.Memory.Cmrs.Select(CmrInfo.FromRange));
            set.Name.Should().Be(plan.Host.Name);
            set.Module.Should().Be(plan.Module);
            set.Tdmrs.Should().Equal(plan.Tdmrs.Select(static tdmr => TdmrInfoEntry.FromTdmr(tdmr)));
        }
    }

    [Fact]
    public void a_set_written_by_hand_may_have_any_numbers_and_other_properties()
    {
        TdmrSet set = Parse("""
            {"comment":[{"deep":{}}],"cmrs":[{"start":18446744073709551615,"end":"1","x":null}],"status":7,
            "tdmrs":[{"base":"0xffffffffffffffff","size":3,"node":"x",
            "reservedAreas":[{"offset":1,"size":"0x2","source":5}]},
            {"size":0,"base":0,"pamt":{"2M":{"base":1,"size":2},"8K":{}}}]}
            """);

        set.Name.Should().Be("set");
        set.Module.Should().Be(ModuleParameters.Default);
        set.Cmrs.Should().Equal(new CmrInfo(ulong.MaxValue, 2));
        TdmrInfoEntry first = new() { Base = ulong.MaxValue, Size = 3 };
        first.SetReservedArea(0, new(1, 2));
        set.Tdmrs.Should().Equal(first, new TdmrInfoEntry { Pamt2M = new(1, 2) });
    }

    [Theory]
    [InlineData("""{"cmrs":[]}""", "tdmrs: it is missing")]
    [InlineData("""{"tdmrs":[]}""", "cmrs: it is missing")]
    [InlineData("""{"tdmrs":null,"cmrs":[]}""", "tdmrs: it must be an array")]
    [InlineData("""{"tdmrs":{},"cmrs":[]}""", "tdmrs: it must be an array")]
    [InlineData("""{"tdmrs":[null],"cmrs":[]}""", "tdmrs[0]: it must be an object")]
    [InlineData("""{"tdmrs":[7],"cmrs":[]}""", "tdmrs[0]: it must be an object")]
    [InlineData("""{"tdmrs":[{"size":1}],"cmrs":[]}""", "tdmrs[0].base: it is missing")]
    [InlineData("""{"tdmrs":[{"base":1}],"cmrs":[]}""", "tdmrs[0].size: it is missing")]
    [InlineData(
        """{"tdmrs":[{"base":-1,"size":1}],"cmrs":[]}""",
        "tdmrs[0].base: it must be a hex string, a decimal string or a whole number, below 2^64")]
    [InlineData("""{"tdmrs":[{"base":0,"base":0,"size":1}],"cmrs":[]}""", "tdmrs[0].base: it is given twice")]
    [InlineData("""{"tdmrs":[{"base":0,"size":1,"pamt":[]}],"cmrs":[]}""", "tdmrs[0].pamt: it must be an object")]
    [InlineData(
        """{"a":[[{"b":[]}]],"tdmrs":[{"base":0,"size":1},{"x":[7,{}],"pamt":{"4K":null}}]}""",
        "tdmrs[1].pamt.4K: it must be an object")]
    [InlineData(
        """{"status":"failed","error":{"message":"\ud800"}}""",
        "error.message: it has a text that is not valid UTF-8 or UTF-16")]
    [InlineData(
        """{"tdmrs":[{"base":0,"size":1,"pamt":{"4K":{"base":1}}}],"cmrs":[]}""",
        "tdmrs[0].pamt.4K.size: it is missing")]
    [InlineData(
        """{"tdmrs":[{"base":0,"size":1,"pamt":{"1G":{"size":1}}}],"cmrs":[]}""",
        "tdmrs[0].pamt.1G.base: it is missing")]
    [InlineData(
        """{"tdmrs":[{"base":0,"size":1,"pamt":{"1G":{"base":true}}}],"cmrs":[]}""",
        "tdmrs[0].pamt.1G.base: it must be a hex string, a decimal string or a whole number, below 2^64")]
    [InlineData(
        """{"tdmrs":[{"base":0,"size":1,"reservedAreas":[{"offset":0,"size":1},{"size":1}]}],"cmrs":[]}""",
        "tdmrs[0].reservedAreas[1].offset: it is missing")]
    [InlineData(
        """{"tdmrs":[{"base":0,"size":1,"reservedAreas":[{"offset":"0xg","size":1}]}],"cmrs":[]}""",
        "tdmrs[0].reservedAreas[0].offset: it must be a hex string, a decimal string or a whole number, below 2^64")]
    [InlineData("""{"tdmrs":[],"cmrs":[{"start":1}]}""", "cmrs[0].end: it is missing")]
    [InlineData(
        """{"tdmrs":[],"cmrs":[],"module":{"keyIdBits":-1}}""",
        "module.keyIdBits: it must be a whole number, not negative, below 2^31")]
    [InlineData("""{"tdmrs":[],"cmrs":[],"module":{"keyIdBits":60}}""", "module.keyIdBits: it must be from 0 to 52")]
    [InlineData("""{"tdmrs":[],"cmrs":[],"module":{"keyBits":60}}""", "module.keyBits: there is no such property")]
    [InlineData(
        $$"""{"cmrs":[],"tdmrs":[{"base":0,"size":1,"reservedAreas":[{{SixteenAreas}},{{Area}}]}]}""",
        "tdmrs[0].reservedAreas: there are 17, and a TDMR_INFO has room for 16")]
    [InlineData("""null""", "it must be an object")]
    public void what_is_no_set_is_refused_naming_the_property(string json, string reason) =>
        Assert.Throws<HostFormatException>(() => Parse(json)).Message.Should().Be($"some/set.json: {reason}");

    [Fact]
    public void what_a_caller_asks_for_wins_over_the_document()
    {
        HostDescription host = Texts.Document("""
            {"memory":[{"start":"0x100000","end":"0x40000000","node":0}],"kernel":"v5","module":{"maxTdmrs":9}}
            """);

        HostPlan.Create(host).Kernel.Should().Be(KernelModel.V5);
        HostPlan.Create(host).Module.MaxTdmrs.Should().Be(9);
        HostPlan plan = HostPlan.Create(host, KernelModel.Mainline, new ModuleParameters { MaxTdmrs = 8 });
        plan.Kernel.Should().Be(KernelModel.Mainline);
        plan.Module.MaxTdmrs.Should().Be(8);
    }

    private static TdmrSet Parse(string json) => PlanDocument.Parse(Encoding.UTF8.GetBytes(json), "some/set.json");
}
