using System.Text.RegularExpressions;
using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public partial class SeamcallExplanationTests
{
    private const int SysInit = 33;
    private const int SysRd = 34;
    private const int SysConfig = 45;
    private const int PamtAdd = 58;

    [Fact]
    public void every_status_has_a_cause_of_its_own_and_something_to_do()
    {
        string unknown = Explain(0xC000123400000000).Cause;
        CompletionCode[] codes = Enum.GetValues<CompletionCode>();
        foreach (CompletionCode code in codes)
        {
            SeamcallExplanation explanation = Explain((ulong)code << 32);
            explanation.Cause.Should().NotBe(unknown, "{0} is known", code);
            explanation.Action.Should().NotBeEmpty("{0} can be helped", code);
            explanation.Class.Should().NotStartWith("unknown");
        }

        codes.Select(static code => Explain((ulong)code << 32).Cause).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void every_rule_is_a_place_of_the_rule_book()
    {
        HashSet<string> places = [.. Anchor().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/model.md")))
            .Select(static match => $"docs/model.md#{match.Groups["name"].Value}")];
        Explanations().Select(static explanation => explanation.Rule).OfType<string>().Distinct(StringComparer.Ordinal)
            .Should().NotBeEmpty().And.BeSubsetOf(places);
    }

    [Fact]
    public void every_text_has_words_and_no_blank_at_its_ends()
    {
        HashSet<string> texts = [];
        foreach (SeamcallExplanation explanation in Explanations())
        {
            texts.Add(explanation.Cause);
            if (explanation.Completion is not null)
                texts.UnionWith([explanation.Action, explanation.Class, explanation.Severity]);
        }

        texts.Should().HaveCountGreaterThan(300).And.OnlyContain(static text => Words().IsMatch(text));
    }

    [Fact]
    public void every_name_explains_itself()
    {
        SeamcallExplanation.Names.Should().OnlyHaveUniqueItems().And.HaveCountGreaterThan(280);
        foreach (string name in SeamcallExplanation.Names)
        {
            foreach (string form in (string[])[name, name.ToLowerInvariant()])
                Parse(form).Name.Should().Be(name);
        }
    }

    [Theory]
    [InlineData("0xC000050500000000", "TDX_SYS_NOT_READY")]
    [InlineData("c000050500000000", "TDX_SYS_NOT_READY")]
    [InlineData("0XC0000505", "TDX_SYS_NOT_READY")]
    [InlineData("0x00000A0300000000", "TDX_TDMR_ALREADY_INITIALIZED")]
    [InlineData("sys_not_ready", "TDX_SYS_NOT_READY")]
    [InlineData("0", "TDX_SUCCESS")]
    [InlineData("0x0", "TDX_SUCCESS")]
    [InlineData("0x22", "TDH_SYS_RD")]
    [InlineData("2d", "TDH_SYS_CONFIG")]
    [InlineData("tdh.sys.rd", "TDH_SYS_RD")]
    [InlineData("Sys.Rd", "TDH_SYS_RD")]
    [InlineData("SYS_SHUTDOWN", "TDX_SYS_SHUTDOWN")]
    [InlineData("SYS.SHUTDOWN", "TDH_SYS_SHUTDOWN")]
    [InlineData("op_state", "OP_STATE")]
    [InlineData("0xC000123400000000", "0xC0001234")]
    [InlineData("0xC0001234", "0xC0001234")]
    [InlineData("10000", "0x00010000")]
    [InlineData("FFFFFFFF", "0xFFFFFFFF")]
    [InlineData("100000000", "0x00000001")]
    public void a_word_is_a_status_a_call_or_an_operand(string word, string name) => Parse(word).Name.Should().Be(name);

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x1FF")]
    [InlineData("0x10000000000000000")]
    [InlineData("TDX_")]
    [InlineData("fox")]
    [InlineData(" 0x22")]
    public void other_words_mean_nothing(string word)
    {
        SeamcallExplanation.TryParse(word, out SeamcallExplanation? explanation).Should().BeFalse();
        explanation.Should().BeNull();
    }

    [Theory]
    [InlineData(0xC000010000000002, "RDX")]
    [InlineData(0xC0000100000000AC, "OP_STATE")]
    [InlineData(0xC00001000000004D, "operand 77")]
    [InlineData(0xC0000A1000000203, "TDMR 3, PAMT 1G")]
    [InlineData(0xC0000A1200010105, "TDMR 5, PAMT 2M, with TDMR 1")]
    [InlineData(0xC0000A2100000702, "TDMR 2, reserved area 7")]
    [InlineData(0xC000030600000001, "page 1 of the pair")]
    [InlineData(0xC000092100000122, "MSR 0x122")]
    [InlineData(0xC000091000000001, "SMRR2")]
    [InlineData(0xC000091200000500, "SMRR, CMR 5")]
    [InlineData(0xC000082500000800, "2048 key ids")]
    [InlineData(0xC000090600000009, "package 9")]
    [InlineData(0x8000051200030000, "3 TDs")]
    [InlineData(0xC000060800000002, "state 2")]
    [InlineData(0xC000060800000000, "")]
    [InlineData(0xC000050500000000, "")]
    [InlineData(0xC000050500000005, "0x5 in bits 31:0")]
    [InlineData(0x8000FF00FFFF0000, "VMfailInvalid: no module is loaded, or it is being updated")]
    [InlineData(0x8000FF000000000D, "#GP: TDX is off in the BIOS")]
    [InlineData(0x8000FF0000000006, "#UD: virtualisation (VMX) is off on this processor")]
    public void operands_are_said_in_words(ulong status, string operands) =>
        string.Join(", ", Explain(status).Operands).Should().Be(operands);

    [Fact]
    public void a_name_has_no_operands() => Parse("TDX_OPERAND_INVALID").Operands.Should().BeEmpty();

    [Theory]
    [InlineData(0xC000050500000000, SysRd, "modules 1.0 do not")]
    [InlineData(0xC000010000000000, SysRd, "does not know SYS.RD")]
    [InlineData(0xC000010000000001, SysConfig, "array of TDMR_INFO addresses")]
    [InlineData(0xC000010000000002, SysConfig, "not from 1 to MAX_TDMRS")]
    [InlineData(0xC000010000000008, SysConfig, "Dynamic PAMT is on and the key ids begin above address bit 48")]
    [InlineData(0xC000010000000008, SysInit, "log address")]
    [InlineData(0xC000010000000000, PamtAdd, "Dynamic PAMT is off")]
    [InlineData(0xC000090000000000, SysInit, "CPUID leaf has another value")]
    [InlineData(0xC0000C0000000000, SysRd, "the kernel is newer than the module")]
    [InlineData(0xC000050200000000, SysRd, "SYS.RD was made on a processor")]
    [InlineData(0xC000050500000000, 36, "SYS.TDMR.INIT needs a module that is configured")]
    [InlineData(0xC000030000000001, 28, "belongs to a page pair")]
    [InlineData(0xC0000A2200000000, SysInit, "list of convertible memory regions")]
    public void the_call_decides_what_a_status_means(ulong status, int leaf, string cause) =>
        SeamcallExplanation.Create(new(status), leaf).Cause.Should().Contain(cause);

    [Fact]
    public void a_status_says_how_bad_it_is_and_what_it_is_about()
    {
        (Explain(0xE000060400000000).Severity, Explain(0xE000060400000000).Class)
            .Should().Be(("error, not recoverable, fatal", "state of a TD (0x06)"));
        Explain(0x8000020200000000).Severity.Should().Be("error");
        Explain(0x00000A0300000000).Severity.Should().Be("no error");
        Explain(0xC000777700000000).Class.Should().Be("unknown (0x77)");
    }

    [Fact]
    public void the_text_is_cause_and_action()
    {
        Explain(0xC000091000000000).ToString().Should().Be(
            "The firmware left the range registers of SMM memory unlocked. To do: update the BIOS.");
        Parse("R8").ToString().Should().Be("A register of the call.");
    }

    [Fact]
    public void every_operand_says_what_it_is()
    {
        foreach (string name in SeamcallExplanation.Names)
        {
            SeamcallExplanation explanation = Parse(name);
            if (explanation.Operand is not null)
                explanation.Cause.Should().MatchRegex("^(a|an|the) [A-Za-z].*[a-zA-Z0-9]$", "{0} is an operand", name);
        }

        Parse("CPUID_CONFIG").Cause.Should().Be(
            "a field of the parameters with which a TD is initialised; RCX has the CPUID leaf and subleaf");
    }

    [Fact]
    public void a_call_has_a_name_whatever_its_version()
    {
        SeamcallExplanation.NameOfLeaf(0x1002D).Should().Be("TDH_SYS_CONFIG");
        SeamcallExplanation.NameOfLeaf(0x1FF).Should().BeNull();
        SeamcallExplanation.LeafOfName("TDH_SYS_CONFIG").Should().Be(SysConfig);
        SeamcallExplanation.LeafOfName("TDX_SUCCESS").Should().BeNull();
        SeamcallExplanation.Create(default, 0x1FF).LeafName.Should().BeNull();
        Explain(0).LeafName.Should().BeNull();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0x10000)]
    public void a_calls_number_has_16_bits(int leaf) =>
        FluentActions.Invoking(() => SeamcallExplanation.Create(default, leaf))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("leaf must be from 0 to 65535*");

    /// <summary>What every name means, and every status from every call with the operands that are registers.</summary>
    private static IEnumerable<SeamcallExplanation> Explanations()
    {
        foreach (CompletionCode code in Enum.GetValues<CompletionCode>())
        {
            for (int leaf = 0; leaf < 100; leaf++)
            {
                for (uint operand = 0; operand < 16; operand++)
                    yield return SeamcallExplanation.Create(new(((ulong)code << 32) | operand), leaf);
            }
        }

        foreach (string name in SeamcallExplanation.Names)
            yield return Parse(name);
    }

    private static SeamcallExplanation Explain(ulong status) => SeamcallExplanation.Create(new(status));

    private static SeamcallExplanation Parse(string word)
    {
        SeamcallExplanation.TryParse(word, out SeamcallExplanation? explanation).Should().BeTrue("{0} is known", word);
        return explanation!;
    }

    [GeneratedRegex(@"^\S+( \S+)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Words();

    [GeneratedRegex("<a id=\"(?<name>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Anchor();
}
