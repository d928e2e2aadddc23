using System.Runtime.InteropServices;

namespace TdxPamt.Native;

/// <summary>What callers pass, checked.</summary>
internal static unsafe class Arguments
{
    internal static ReadOnlySpan<byte> Bytes(void* data, nuint length, string name)
    {
        if (data is null && length != 0)
            throw NativeException.Null(name);
        return length <= int.MaxValue
            ? new(data, (int)length)
            : throw new NativeException(NativeResult.BadArgument, $"{name} must have less than 2^31 bytes");
    }

    internal static ReadOnlySpan<T> Array<T>(T* items, nuint count, string name)
        where T : unmanaged
    {
        if (items is null && count != 0)
            throw NativeException.Null(name);
        return count <= int.MaxValue / (nuint)sizeof(T)
            ? new(items, (int)count)
            : throw new NativeException(NativeResult.BadArgument, $"{name} must take less than 2^31 bytes");
    }

    /// <summary>A NUL-terminated text; empty for null.</summary>
    internal static ReadOnlySpan<byte> Text(byte* text) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);

    /// <summary>Copies as many items as there is room for, and says how many there are.</summary>
    internal static NativeResult Copy<T>(ReadOnlySpan<T> items, T* room, nuint capacity, nuint* count, string name)
        where T : unmanaged
    {
        if (room is null && capacity != 0)
            throw NativeException.Null(name);
        if (count is null)
            throw NativeException.Null("count");
        int copied = (int)Math.Min((nuint)items.Length, capacity);
        items[..copied].CopyTo(new(room, copied));
        *count = (nuint)items.Length;
        return copied == items.Length || capacity == 0
            ? NativeResult.Ok
            : Boundary.Fail(NativeResult.TooSmall, $"{name} has room for {capacity}, and there are {items.Length}");
    }
}
