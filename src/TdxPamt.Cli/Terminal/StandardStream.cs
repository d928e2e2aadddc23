using System.Runtime.InteropServices;

namespace TdxPamt.Cli;

/// <summary>Standard input, output or error: says where one is closed, and when nobody reads the output.</summary>
/// <remarks>The console's own streams say neither: where a descriptor is closed, they use whatever the runtime opened
/// under its number.</remarks>
internal sealed class StandardStream : Stream
{
    private const int TryAgain = 11;

    /// <summary>How long to wait where a descriptor that does not block has no room or nothing to read.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly int _descriptor;
    private readonly string _name;

    private StandardStream(int descriptor, string name) => (_descriptor, _name) = (descriptor, name);

    public override bool CanRead => _descriptor == 0;

    public override bool CanWrite => _descriptor != 0;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal static Stream Input() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardInput() : Open(0, "stdin");

    internal static Stream Output() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : Open(1, "stdout");

    /// <summary>What is said on it is lost where it is closed or nobody reads it.</summary>
    internal static TextWriter Errors()
    {
        if (OperatingSystem.IsWindows())
            return Console.Error;
        return Posix.WasInherited(2)
            ? new StreamWriter(new StandardStream(2, "stderr")) { AutoFlush = true }
            : TextWriter.Null;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        while ((read = Posix.Read(_descriptor, buffer)) < 0)
            Wait();
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int written = Posix.Write(_descriptor, buffer);
            if (written >= 0)
                buffer = buffer[written..];
            else if (_descriptor == 2 && Marshal.GetLastPInvokeError() != TryAgain)
                return;
            else if (Marshal.GetLastPInvokeError() == Posix.BrokenPipe)
                throw new ClosedReaderException();
            else
                Wait();
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static StandardStream Open(int descriptor, string name) =>
        new(Posix.WasInherited(descriptor) ? descriptor : -1, name);

    private void Wait()
    {
        if (_descriptor < 0)
            throw new IOException($"{_name}: it is closed");
        if (Marshal.GetLastPInvokeError() != TryAgain)
            throw new IOException($"{_name}: {Posix.LastError()}");
        Thread.Sleep(Pause);
    }
}
