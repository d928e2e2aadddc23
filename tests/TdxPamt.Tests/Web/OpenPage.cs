using System.Text.Json;

namespace TdxPamt.Tests.Web;

/// <summary>The page, open in a browser, with the server that it came from.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private OpenPage(Browser browser) => Browser = browser;

    internal Browser Browser { get; }

    internal StaticServer Server { get; } = new(PageFactAttribute.FolderOf()!);

    public async ValueTask DisposeAsync()
    {
        Server.Dispose();
        await Browser.DisposeAsync();
    }

    internal static async Task<OpenPage> Start()
    {
        OpenPage page = new(await Browser.Start());
        await page.Open(page.Server.Address);
        return page;
    }

    /// <summary>Opens an address and waits until the model is ready.</summary>
    internal async Task Open(string address)
    {
        await Browser.Open(address);
        if (address.StartsWith("http", StringComparison.Ordinal))
            await Until("document.documentElement.dataset.ready === 'true'");
    }

    internal Task Paste(string text) => Do($$"""
        const input = document.getElementById("input");
        input.value = {{JsonSerializer.Serialize(text)}};
        document.getElementById("status").textContent = "Reading…";
        input.dispatchEvent(new Event("input", { bubbles: true }));
        """);

    internal Task Choose(string id, string value) => Do($$"""
        const control = document.getElementById({{JsonSerializer.Serialize(id)}});
        control.value = {{JsonSerializer.Serialize(value)}};
        control.dispatchEvent(new Event("change", { bubbles: true }));
        """);

    internal async Task Do(string script) => await Browser.Evaluate<bool>($"(() => {{ {script} return true; }})()");

    /// <summary>The line that says how it went, once it does.</summary>
    internal async Task<string> Status()
    {
        while (true)
        {
            string text = await Browser.Evaluate<string>("document.getElementById('status').textContent");
            if (!text.EndsWith('…'))
                return text;
            await Task.Delay(20);
        }
    }

    /// <summary>The text of a part of the page; <c>#report-body</c> is that of the report in its frame.</summary>
    internal async Task<string> Text(string selector)
    {
        if (selector != "#report-body")
            return await Browser.Evaluate<string>($"document.querySelector('{selector}').textContent");
        const string Report = "document.getElementById('report').contentDocument";
        await Until($"{Report}?.querySelector('footer') !== null");
        return await Browser.Evaluate<string>($"{Report}.body.textContent");
    }

    private async Task Until(string condition)
    {
        while (!await Browser.Evaluate<bool>(condition))
            await Task.Delay(20);
    }
}
