using System.Text.Json;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Report;

namespace TdxPamt.Tests.Web;

/// <summary>The page as its users meet it, in a real browser.</summary>
public class PageTests
{
    private static string FoxCreekPass => File.ReadAllText(Texts.PathOf("fox-creek-pass.json"));

    [PageFact]
    public async Task a_pasted_log_is_answered_and_options_change_the_answer()
    {
        await using OpenPage page = await OpenPage.Start();
        await page.Paste(FoxCreekPass);
        (await page.Status()).Should().Contain("reserved areas exhausted");
        (await page.Text("#report-body")).Should().Contain("Memory map").And.Contain("Kernels and strategies");
        (await page.Text("#doctor")).Should().Contain("areas").And.Contain("fail").And.Contain("bios, keyids");
        await page.Choose("kernel", "cmr-holes");
        (await page.Status()).Should().Be("fox-creek-pass, kernel cmr-holes: 5 TDMRs, 1.002 GiB of PAMTs");
        HostCost cost = HostCost.Create(HostPlan.Create(Texts.ReadFile("fox-creek-pass.json"), KernelModel.CmrHoles));
        ulong[] sizes =
        [
            cost.Host.Memory.RamBytes, cost.Cost.StaticBytes, cost.Cost.FixedBytes, cost.ReferenceCountBytes,
            cost.BytesAt(1),
        ];
        (await page.Text("#cost")).Should().Contain("Static PAMT")
            .And.ContainAll(sizes.Select(static size => TableCell.Bytes(size).Text), "a size reads as in the report");
        await page.Choose("maxReservedAreas", "1");
        (await page.Status()).Should().Contain("reserved areas exhausted");
        page.Browser.Complaints.Should().BeEmpty();
    }

    [PageFact]
    public async Task a_dropped_file_is_read()
    {
        await using OpenPage page = await OpenPage.Start();
        await page.Do($$"""
            const files = new DataTransfer();
            files.items.add(new File([{{JsonSerializer.Serialize(FoxCreekPass)}}], "boot.json"));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
            """);
        (await page.Status()).Should().StartWith("fox-creek-pass, kernel ");
        page.Browser.Complaints.Should().BeEmpty();
    }

    [PageFact]
    public async Task what_cannot_be_read_says_why_and_shows_no_answer()
    {
        await using OpenPage page = await OpenPage.Start();
        await page.Paste("nothing of use");
        (await page.Status()).Should().StartWith("pasted: ");
        (await page.Browser.Evaluate<bool>("document.getElementById('answer').hidden")).Should().BeTrue();
        await page.Paste(FoxCreekPass);
        (await page.Status()).Should().StartWith("fox-creek-pass, ");
        (await page.Browser.Evaluate<bool>("document.getElementById('answer').hidden")).Should().BeFalse();
        page.Browser.Complaints.Should().BeEmpty();
    }

    [PageFact]
    public async Task a_link_holds_the_input_and_the_options()
    {
        await using OpenPage page = await OpenPage.Start();
        await page.Paste(FoxCreekPass);
        await page.Choose("kernel", "cmr-holes");
        string answer = await page.Status();
        await page.Do("document.getElementById('share').click();");
        (await page.Status()).Should().StartWith("The link holds the whole input.");
        string link = await page.Browser.Evaluate<string>("location.href");
        await page.Open("about:blank");
        await page.Open(link);
        (await page.Status()).Should().Be(answer);
        (await page.Browser.Evaluate<string>("document.getElementById('input').value")).Should().Be(FoxCreekPass);
        await page.Open("about:blank");
        await page.Open(link[..^40]);
        (await page.Status()).Should().Be("The link is damaged: it does not hold an input.");
    }

    [PageFact]
    public async Task nothing_is_requested_once_it_has_loaded_and_it_works_without_the_server()
    {
        await using OpenPage page = await OpenPage.Start();
        await page.Browser.Evaluate<bool>("navigator.serviceWorker.ready.then(() => true)");
        int loaded = page.Server.Requests.Count;
        await page.Paste(FoxCreekPass);
        await page.Choose("kernel", "cmr-holes");
        (await page.Status()).Should().Contain("5 TDMRs");
        page.Server.Requests.Skip(loaded).Should().BeEmpty();
        (await page.Browser.Evaluate<string>(
            "fetch('https://example.com/').then(() => 'sent', error => error.name)")).Should().Be("TypeError");
        page.Server.Dispose();
        await page.Open(page.Server.Address);
        await page.Paste(FoxCreekPass);
        (await page.Status()).Should().Contain("reserved areas exhausted");
    }

    [PageFact]
    public async Task every_control_has_a_name_and_can_be_reached_by_keyboard()
    {
        await using OpenPage page = await OpenPage.Start();
        (await page.Browser.Evaluate<string[]>("""
            [...document.querySelectorAll("input, select, textarea, button, iframe")]
              .filter(it => !(it.labels?.length || it.getAttribute("aria-labelledby") || it.title
                || it.textContent.trim()))
              .map(it => it.outerHTML)
            """)).Should().BeEmpty();
        await page.Browser.Press("Tab");
        (await page.Browser.Evaluate<string>("document.activeElement.textContent")).Should().Be("Skip to the answer");
    }
}
