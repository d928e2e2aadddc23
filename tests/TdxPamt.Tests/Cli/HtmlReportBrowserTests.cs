using System.IO.Compression;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Report;

namespace TdxPamt.Tests.Cli;

/// <summary>The report as a reader sees it: in a browser, from a file.</summary>
public sealed class HtmlReportBrowserTests : IAsyncLifetime
{
    private const string Ranges =
        "[...document.querySelectorAll('#tdmrs .sortable tbody tr')].map(row => row.cells[1].textContent)";

    private const string Tooltip = "document.getElementById('tooltip')";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdxpamt-report-");
    private readonly HostPlan _plan = HostPlan.Create(RealHosts.Describe(RealHosts.FoxCreekPass), KernelModel.CmrHoles);

    private Browser _browser = null!;

    private string[] TdmrRanges => [.. _plan.Tdmrs.Select(static tdmr => tdmr.Range.ToString())];

    public async ValueTask InitializeAsync()
    {
        if (Browser.Program is not null)
            _browser = await Browser.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [BrowserFact]
    public async Task the_page_opens_without_a_complaint_and_is_not_blank()
    {
        await OpenReport();
        _browser.Complaints.Should().BeEmpty();
        (await _browser.Evaluate<string>("document.querySelector('h1').textContent")).Should().Be("fox-creek-pass");
        Values(await _browser.Screenshot()).Should().BeGreaterThan(50);
    }

    [BrowserFact]
    public async Task the_table_of_tdmrs_sorts_by_mouse_and_by_keyboard()
    {
        await OpenReport();
        (await _browser.Evaluate<string[]>(Ranges)).Should().Equal(TdmrRanges);
        string header = "document.querySelectorAll('#tdmrs .sortable th button')";
        await _browser.Evaluate<object>($"{header}[0].click()");
        (await _browser.Evaluate<string[]>(Ranges)).Should().Equal(TdmrRanges.Reverse());
        await _browser.Evaluate<object>($"{header}[0].focus()");
        await _browser.Press("Enter");
        (await _browser.Evaluate<string[]>(Ranges)).Should().Equal(TdmrRanges);
        await _browser.Press("Tab");
        await _browser.Press("Enter");
        await _browser.Press("Enter");
        (await _browser.Evaluate<string[]>(Ranges)).Should().Equal(TdmrRanges.Reverse());
        (await _browser.Evaluate<string[]>(
            "[...document.querySelectorAll('#tdmrs .sortable th')].map(h => h.getAttribute('aria-sort'))"))
            .Should().StartWith([null, "descending", null]);
        _browser.Complaints.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task the_tooltip_shows_the_range_of_the_area_under_the_mouse_or_in_focus()
    {
        await OpenReport();
        (await _browser.Evaluate<bool>($"{Tooltip}.hidden")).Should().BeTrue();
        double[] place = await _browser.Evaluate<double[]>(
            """
            (() => {
              const area = [...document.querySelectorAll('.drawing [data-range]')].find(each => {
                each.scrollIntoView({ block: 'center' });
                const box = each.getBoundingClientRect();
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return each.contains(top);
              });
              area.id = 'area-under-test';
              const box = area.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            })()
            """);
        string range = await _browser.Evaluate<string>("document.getElementById('area-under-test').dataset.range");
        await _browser.MoveMouse(place[0], place[1]);
        (await _browser.Evaluate<bool>($"{Tooltip}.hidden")).Should().BeFalse();
        (await _browser.Evaluate<string>($"{Tooltip}.textContent")).Should().Contain(range);
        await _browser.MoveMouse(1, 1);
        (await _browser.Evaluate<bool>($"{Tooltip}.hidden")).Should().BeTrue();

        await _browser.Evaluate<object>("document.querySelector('.drawing [tabindex=\"0\"]').focus()");
        string focused = "document.activeElement.dataset.range";
        (await _browser.Evaluate<bool>($"{Tooltip}.textContent.includes({focused})")).Should().BeTrue();
        string first = await _browser.Evaluate<string>($"{Tooltip}.textContent");
        await _browser.Press("ArrowRight");
        (await _browser.Evaluate<bool>($"{Tooltip}.textContent.includes({focused})")).Should().BeTrue();
        (await _browser.Evaluate<string>($"{Tooltip}.textContent")).Should().NotBe(first);
        await _browser.Press("Escape");
        (await _browser.Evaluate<bool>($"{Tooltip}.hidden")).Should().BeTrue();
        _browser.Complaints.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task the_drawing_zooms_by_buttons_and_keys()
    {
        await OpenReport();
        const string Width = "document.querySelector('.drawing svg').getBoundingClientRect().width";
        double width = await _browser.Evaluate<double>(Width);
        await _browser.Evaluate<object>("document.getElementById('zoom-in').click()");
        (await _browser.Evaluate<double>(Width)).Should().BeApproximately(1.5 * width, 2);
        await _browser.Evaluate<object>("document.querySelector('.drawing').focus()");
        await _browser.Press("+");
        (await _browser.Evaluate<double>(Width)).Should().BeApproximately(2.25 * width, 2);
        await _browser.Press("0");
        (await _browser.Evaluate<double>(Width)).Should().BeApproximately(width, 2);
        _browser.Complaints.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task dark_mode_is_dark_and_paper_is_white()
    {
        const string Background = "getComputedStyle(document.body).backgroundColor";
        await _browser.Media(dark: true);
        await OpenReport();
        (await _browser.Evaluate<string>(Background)).Should().Be("rgb(13, 17, 23)");
        Values(await _browser.Screenshot()).Should().BeGreaterThan(50);
        await _browser.Media(dark: true, medium: "print");
        (await _browser.Evaluate<string>(Background)).Should().Be("rgb(255, 255, 255)");
        _browser.Complaints.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task with_scripts_off_all_content_is_there()
    {
        await _browser.DisableScripts();
        await OpenReport();
        (await _browser.Evaluate<int>("document.querySelectorAll('th button, .zoom:not([hidden])').length"))
            .Should().Be(0);
        (await _browser.Evaluate<string[]>(Ranges)).Should().Equal(TdmrRanges);
        (await _browser.Evaluate<string>("document.body.innerText")).Should().ContainAll(
            [
                .. TdmrRanges, $"Works: {RealHosts.FoxCreekPassKiB} KB", "PAMTs of TDMR 4", "split-tdmrs",
                "a host document",
            ]);
        (await _browser.Evaluate<int>("document.querySelectorAll('.drawing [data-range] > title').length"))
            .Should().BeGreaterThan(10);
        Values(await _browser.Screenshot()).Should().BeGreaterThan(50);
    }

    private async Task OpenReport()
    {
        string file = Path.Combine(_folder.FullName, "report.html");
        using (FileStream stream = File.Create(file))
            HtmlReport.Write(_plan, stream);
        await _browser.Open(file);
    }

    /// <summary>How many values the bytes of a PNG's picture have; of a blank page's, a handful.</summary>
    private static int Values(byte[] png)
    {
        using MemoryStream packed = new();
        for (int at = 8; at < png.Length;)
        {
            int length = (png[at] << 24) | (png[at + 1] << 16) | (png[at + 2] << 8) | png[at + 3];
            if (Encoding.ASCII.GetString(png, at + 4, 4) == "IDAT")
                packed.Write(png, at + 8, length);
            at += length + 12;
        }

        packed.Position = 0;
        using ZLibStream picture = new(packed, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        picture.CopyTo(bytes);
        return bytes.ToArray().Distinct().Count();
    }
}
