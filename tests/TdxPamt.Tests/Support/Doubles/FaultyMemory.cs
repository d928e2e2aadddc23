using System.Collections.Concurrent;
using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>Memory that fails at a call from <see cref="Arm"/> on: it throws, half done, or reads what was never
/// written. While it is armed, it is called from one thread.</summary>
internal sealed class FaultyMemory : IPhysicalMemory
{
    private readonly SparsePhysicalMemory _memory = new();
    private readonly ConcurrentDictionary<int, uint> _callsOfThread = new();
    private readonly List<(ulong Address, byte[] Bytes)> _before = [];
    private int _failing = -1;
    private int _ends = -1;
    private bool _lies;

    public Exception Thrown { get; } = new InvalidTimeZoneException("machine check");

    /// <summary>At one of about how many calls of a thread it throws whether armed or not; 0: never. What is called in
    /// steady rhythm is not always hit at the same place.</summary>
    public int Every { get; set; }

    /// <summary>How often it was called since it was armed.</summary>
    public int Calls { get; private set; }

    /// <summary>How often something really went wrong.</summary>
    public int Faults { get; private set; }

    /// <summary>Whether all bytes are what they were when the memory was armed, of those written since.</summary>
    public bool IsAsBefore => _before.TrueForAll(before =>
    {
        byte[] now = new byte[before.Bytes.Length];
        _memory.Read(before.Address, now);
        return now.AsSpan().SequenceEqual(before.Bytes);
    });

    /// <summary>Fails at a call, from 0 on, and a number of those after it.</summary>
    public void Arm(int call, int calls = 1, bool lies = false)
    {
        _before.Clear();
        Calls = 0;
        Faults = 0;
        (_failing, _ends, _lies) = (call, call + calls, lies);
    }

    public void Disarm() => _failing = _ends = -1;

    public void Read(ulong address, Span<byte> destination)
    {
        CheckAddress(address, (ulong)destination.Length);
        _memory.Read(address, destination);
        if (!IsFailing())
            return;
        if (!_lies)
            throw FirstThrown();
        new Random(Calls).NextBytes(destination);
    }

    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        CheckAddress(address, (ulong)source.Length);
        byte[] before = new byte[source.Length];
        _memory.Read(address, before);
        if (_failing >= 0 && !_before.Exists(earlier => earlier.Address == address))
            _before.Add((address, before));
        if (!IsFailing())
        {
            _memory.Write(address, source);
            return;
        }

        if (_lies)
            return;
        // What takes changes back fails outright; else the bytes are lost whatever the module does.
        if (Faults == 1)
            _memory.Write(address, source[..(source.Length / 2)]);
        throw FirstThrown();
    }

    public void Clear(ulong address, ulong length)
    {
        CheckAddress(address, length);
        if (!IsFailing())
            _memory.Clear(address, length);
        else if (!_lies)
            throw FirstThrown();
    }

    private static void CheckAddress(ulong address, ulong length)
    {
        if (address > (1UL << 52) - length)
            throw new InvalidOperationException($"the module asks for {length} bytes at 0x{address:x}");
    }

    private bool IsFailing()
    {
        bool fails = Calls >= _failing && Calls < _ends;
        Calls++;
        if (Every > 0)
        {
            int thread = Environment.CurrentManagedThreadId;
            uint call = _callsOfThread.AddOrUpdate(thread, 1, static (_, calls) => calls + 1);
            fails |= (unchecked(call * 2654435761u) >> 16) % Every == 0;
        }

        if (fails)
            Faults++;
        return fails;
    }

    private Exception FirstThrown() => Faults == 1 ? Thrown : new InvalidCastException("again");
}
