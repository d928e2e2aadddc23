using System.Runtime.InteropServices;
using TdxPamt.Module;

namespace TdxPamt.Native;

/// <summary><c>tdxpamt_memory</c>: the machine's memory, which the caller has.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MemoryCallbacks
{
    internal void* Context;
    internal delegate* unmanaged<void*, ulong, void*, nuint, int> Read;
    internal delegate* unmanaged<void*, ulong, void*, nuint, int> Write;
    internal delegate* unmanaged<void*, ulong, ulong, int> Clear;
}

/// <summary>Reads and writes memory by way of the caller.</summary>
internal sealed unsafe class CallerMemory : IPhysicalMemory
{
    private readonly MemoryCallbacks _callbacks;

    internal CallerMemory(MemoryCallbacks callbacks)
    {
        if (callbacks.Read is null)
            throw NativeException.Null("memory->read");
        if (callbacks.Write is null)
            throw NativeException.Null("memory->write");
        if (callbacks.Clear is null)
            throw NativeException.Null("memory->clear");
        _callbacks = callbacks;
    }

    public void Read(ulong address, Span<byte> destination)
    {
        fixed (byte* first = destination)
            Check(_callbacks.Read(_callbacks.Context, address, first, (nuint)destination.Length), "read", address);
    }

    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        fixed (byte* first = source)
            Check(_callbacks.Write(_callbacks.Context, address, first, (nuint)source.Length), "write", address);
    }

    public void Clear(ulong address, ulong length) =>
        Check(_callbacks.Clear(_callbacks.Context, address, length), "clear", address);

    private static void Check(int result, string name, ulong address)
    {
        if (result != 0)
        {
            throw new NativeException(
                NativeResult.CallbackFailed, $"memory->{name} returned {result} for address 0x{address:x}");
        }
    }
}
