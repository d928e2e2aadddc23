namespace TdxPamt.Tests.Web;

/// <summary>The documents as a site, as its readers meet it, in a real browser.</summary>
public class SiteTests
{
    [PageFact("TDXPAMT_SITE", "eng/docs-site")]
    public async Task the_search_finds_documents_and_types()
    {
        using StaticServer server = new(PageFactAttribute.FolderOf("TDXPAMT_SITE")!);
        await using Browser browser = await Browser.Start();
        await browser.Open(server.Address + "README.html");
        await Find("TdmrConstructor", "api/TdxPamt.TdmrConstructor.html");
        await Find("glossary", "docs/model.html");
        browser.Complaints.Should().BeEmpty();

        // What the search offers comes from a worker, once it has read the index.
        async Task Find(string words, string page) => (await browser.Evaluate<string[]>($$"""
            new Promise(done => {
              const query = document.getElementById("search-query");
              const results = document.getElementById("search-results");
              const links = () => [...results.querySelectorAll("a")].map(it => it.getAttribute("href"));
              const ask = setInterval(() => {
                query.value = "{{words}}";
                query.dispatchEvent(new Event("input"));
                if (links().some(it => it.includes("{{page}}"))) {
                  clearInterval(ask);
                  done(links());
                }
              }, 200);
            })
            """)).Should().Contain(link => link.Contains(page, StringComparison.Ordinal), "{0} is there", words);
    }
}
