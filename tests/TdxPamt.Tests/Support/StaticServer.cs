using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TdxPamt.Tests.Support;

/// <summary>Serves a folder over HTTP as any static server does, and remembers what was asked for.</summary>
internal sealed class StaticServer : IDisposable
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html",
        [".js"] = "text/javascript",
        [".css"] = "text/css",
        [".svg"] = "image/svg+xml",
        [".wasm"] = "application/wasm",
        [".json"] = "application/json",
    };

    private readonly string _folder;
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _requests = [];

    internal StaticServer(string folder)
    {
        _folder = folder;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/some/folder/";
        }

        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Serve();
    }

    internal string Address { get; }

    internal IReadOnlyCollection<string> Requests => _requests;

    public void Dispose() => _listener.Close();

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            string name = context.Request.Url!.AbsolutePath["/some/folder/".Length..];
            _requests.Enqueue(name);
            string path = Path.Combine(_folder, name.Length == 0 ? "index.html" : name);
            using HttpListenerResponse response = context.Response;
            if (!File.Exists(path))
            {
                response.StatusCode = 404;
                continue;
            }

            response.ContentType = Types.GetValueOrDefault(Path.GetExtension(path), "application/octet-stream");
            await response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(path));
        }
    }
}
