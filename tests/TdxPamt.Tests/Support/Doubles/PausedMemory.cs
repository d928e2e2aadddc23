using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>Memory in which one thread stops at an address, inside a call, until it may go on.</summary>
internal sealed class PausedMemory : IPhysicalMemory
{
    private readonly SparsePhysicalMemory _memory = new();
    private readonly ManualResetEventSlim _reached = new();
    private readonly ManualResetEventSlim _mayGoOn = new();
    private ulong? _stopAt;

    /// <summary>Makes a call on a thread of its own, and does something else while it stands still at an access to an
    /// address.</summary>
    public void While(ulong address, Action call, Action meanwhile)
    {
        _reached.Reset();
        _mayGoOn.Reset();
        _stopAt = address;
        Thread thread = new(() =>
        {
            call();
            _reached.Set();
        });
        thread.Start();
        _reached.Wait();
        try
        {
            _stopAt.Should().BeNull("the call stands still at 0x{0:x}", address);
            meanwhile();
        }
        finally
        {
            _mayGoOn.Set();
            thread.Join();
        }
    }

    public void Read(ulong address, Span<byte> destination)
    {
        Stop(address);
        _memory.Read(address, destination);
    }

    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        Stop(address);
        _memory.Write(address, source);
    }

    public void Clear(ulong address, ulong length)
    {
        Stop(address);
        _memory.Clear(address, length);
    }

    private void Stop(ulong address)
    {
        if (address != _stopAt)
            return;
        _stopAt = null;
        _reached.Set();
        _mayGoOn.Wait();
    }
}
