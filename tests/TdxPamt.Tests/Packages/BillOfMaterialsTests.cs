namespace TdxPamt.Tests.Packages;

public class BillOfMaterialsTests
{
    private static readonly string[] Permissive = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"];

    [Fact]
    public void nothing_but_permissive_licences_ships() =>
        BillOfMaterials.Read().Components.Should()
            .OnlyContain(static pair => Permissive.Contains(pair.Value.License));

    [Fact]
    public void the_tool_gives_notice_of_whose_code_it_comes_with()
    {
        string notices = File.ReadAllText(Path.Combine(Repository.Root, "src/TdxPamt.Cli/THIRD-PARTY-NOTICES.txt"));
        BillOfMaterials.NeededBy("TdxPamt.Cli", "net10.0").Should()
            .NotBeEmpty().And.OnlyContain(id => notices.Contains($"  {id}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void the_bill_of_materials_in_the_packages_is_what_was_restored() =>
        Renewal.ShouldBe("bom.cdx.json", BillOfMaterials.Read().ToCycloneDx());
}
