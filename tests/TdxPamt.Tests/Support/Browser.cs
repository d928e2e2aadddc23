using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TdxPamt.Tests.Support;

/// <summary>A headless Chromium, driven by its DevTools protocol; it and its folder end with the test.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("tdxpamt-browser-");
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonNode> _events = [];
    private Process? _process;
    private int _lastId;

    private Browser()
    {
    }

    /// <summary>The browser's program: TDXPAMT_BROWSER, or else the first known name on the path; null: none.</summary>
    public static string? Program { get; } =
        Environment.GetEnvironmentVariable("TDXPAMT_BROWSER") is { Length: > 0 } named
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .SelectMany(static folder => Names.Select(name => Path.Combine(folder, name)))
                .FirstOrDefault(File.Exists);

    /// <summary>What pages complained of: messages of the console and the log, exceptions.</summary>
    public IEnumerable<string> Complaints => _events
        .Where(static message => (string?)message["method"] is
            "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded")
        .Select(static message => message.ToJsonString());

    /// <summary>Starts it on an empty page.</summary>
    public static async Task<Browser> Start()
    {
        Browser browser = new();
        try
        {
            await browser.Connect();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page, and returns when it has loaded.</summary>
    public async Task Open(string file)
    {
        _events.Clear();
        await Send("Page.navigate", new { url = new Uri(file).AbsoluteUri });
        while (!_events.Exists(static message => (string?)message["method"] == "Page.loadEventFired"))
            await Receive();
    }

    /// <summary>What an expression is worth on the page, as JSON.</summary>
    public async Task<T> Evaluate<T>(string expression)
    {
        JsonNode answer = await Send("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        if (answer["exceptionDetails"] is { } exception)
            throw new InvalidOperationException($"{expression}: {exception.ToJsonString()}");
        return answer["result"]!["value"].Deserialize<T>()!;
    }

    public async Task MoveMouse(double x, double y) =>
        await Send("Input.dispatchMouseEvent", new { type = "mouseMoved", x, y });

    public async Task Press(string key)
    {
        string text = key == "Enter" ? "\r" : key.Length == 1 ? key : "";
        int code = key == "Enter" ? 13 : key == "Tab" ? 9 : 0;
        foreach (string type in new[] { text.Length > 0 ? "keyDown" : "rawKeyDown", "keyUp" })
            await Send("Input.dispatchKeyEvent", new { type, key, text, windowsVirtualKeyCode = code });
    }

    /// <summary>Emulates a screen or paper, light or dark.</summary>
    public async Task Media(bool dark, string medium = "screen") => await Send(
        "Emulation.setEmulatedMedia",
        new
        {
            media = medium,
            features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } },
        });

    /// <summary>Runs no script of pages that are opened from now on.</summary>
    public async Task DisableScripts() => await Send("Emulation.setScriptExecutionDisabled", new { value = true });

    /// <summary>The page as a PNG.</summary>
    public async Task<byte[]> Screenshot()
    {
        JsonNode answer = await Send("Page.captureScreenshot", new { format = "png" });
        return Convert.FromBase64String((string)answer["data"]!);
    }

    /// <summary>Asks for something, and takes the answer.</summary>
    private async Task<JsonNode> Send(string method, object? arguments = null)
    {
        int id = ++_lastId;
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = arguments ?? new { } });
        await _socket.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, _limit.Token);
        while (true)
        {
            JsonNode message = await Receive();
            if ((int?)message["id"] != id)
                continue;
            return message["result"] ?? throw new InvalidOperationException($"{method}: {message.ToJsonString()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        for (int tries = 0; _profile.Exists && tries < 50; tries++)
        {
            try
            {
                _profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                // A child of the browser is not gone yet.
                await Task.Delay(100);
            }

            _profile.Refresh();
        }

        _limit.Dispose();
    }

    private async Task Connect()
    {
        _process = Process.Start(new ProcessStartInfo(Program!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1280,900",
            $"--user-data-dir={_profile.FullName}", "--remote-debugging-port=0", "about:blank",
        ])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        string port = await Port();
        using HttpClient http = new();
        JsonNode pages = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/json", _limit.Token))!;
        JsonNode page = pages.AsArray().First(static page => (string?)page!["type"] == "page")!;
        await _socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), _limit.Token);
        foreach (string domain in new[] { "Page", "Runtime", "Log" })
            await Send($"{domain}.enable");
    }

    /// <summary>The port, which the browser writes to its folder once it listens.</summary>
    private async Task<string> Port()
    {
        string file = Path.Combine(_profile.FullName, "DevToolsActivePort");
        while (true)
        {
            if (_process!.HasExited)
                throw new InvalidOperationException($"{Program} ended with {_process.ExitCode} before it listened");
            if (File.Exists(file) && await File.ReadAllLinesAsync(file, _limit.Token) is [var port, _, ..])
                return port;
            await Task.Delay(50, _limit.Token);
        }
    }

    private async Task<JsonNode> Receive()
    {
        using MemoryStream text = new();
        byte[] buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _limit.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        text.Position = 0;
        JsonNode message = (await JsonNode.ParseAsync(text, cancellationToken: _limit.Token))!;
        _events.Add(message);
        return message;
    }
}
