using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>Memory in which one thread stops at an address, inside a call, until it may go on.</summary>
internal sealed class PausedMemory : IPhysicalMemory
{
    private readonly SparsePhysicalMemory _memory = new();
    private readonly object _gate = new();
    private ulong? _stopAt;
    private bool _stands;
    private bool _mayGoOn;

    /// <summary>Makes a call on a thread of its own, and does something else while it stands still at
    /// an access to an address.</summary>
    public void While(ulong address, Action call, Action meanwhile)
    {
        (_stopAt, _stands, _mayGoOn) = (address, false, false);
        bool ended = false;
        Thread thread = new(() =>
        {
            call();
            Set(ref ended);
        });
        thread.Start();
        lock (_gate)
        {
            while (!_stands && !ended)
                Monitor.Wait(_gate);
        }

        try
        {
            _stands.Should().BeTrue("the call comes to 0x{0:x}", address);
            meanwhile();
        }
        finally
        {
            Set(ref _mayGoOn);
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
        Set(ref _stands);
        lock (_gate)
        {
            while (!_mayGoOn)
                Monitor.Wait(_gate);
        }
    }

    private void Set(ref bool condition)
    {
        lock (_gate)
        {
            condition = true;
            Monitor.PulseAll(_gate);
        }
    }
}
