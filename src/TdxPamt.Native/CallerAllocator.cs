using System.Runtime.InteropServices;

namespace TdxPamt.Native;

/// <summary><c>tdxpamt_allocator</c>: the caller's pages.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AllocatorCallbacks
{
    internal void* Context;
    internal delegate* unmanaged<void*, ulong, int*, nuint, ulong*, int> Allocate;
    internal delegate* unmanaged<void*, ulong, ulong, void> Free;
}

/// <summary>Asks the caller for pages.</summary>
internal sealed unsafe class CallerAllocator : IContiguousPageAllocator
{
    private readonly AllocatorCallbacks _callbacks;

    internal CallerAllocator(AllocatorCallbacks callbacks)
    {
        if (callbacks.Allocate is null)
            throw NativeException.Null("allocator->allocate");
        if (callbacks.Free is null)
            throw NativeException.Null("allocator->free");
        _callbacks = callbacks;
    }

    public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
    {
        ulong found = 0;
        int result;
        fixed (int* first = nodes)
            result = _callbacks.Allocate(_callbacks.Context, pages, first, (nuint)nodes.Length, &found);
        address = found;
        return result >= 0
            ? result > 0
            : throw new NativeException(NativeResult.CallbackFailed, $"allocator->allocate returned {result}");
    }

    public void Free(ulong address, ulong pages) => _callbacks.Free(_callbacks.Context, address, pages);
}
