using System.Collections.Concurrent;

namespace TdxPamt.Native;

/// <summary>The objects that callers hold, by number. A number is never given out twice.</summary>
internal static class Handles
{
    private static readonly ConcurrentDictionary<ulong, object> Objects = new();
    private static long _last;

    internal static int Count => Objects.Count;

    internal static ulong Add(object item)
    {
        ulong handle = (ulong)Interlocked.Increment(ref _last);
        Objects[handle] = item;
        return handle;
    }

    internal static T Get<T>(ulong handle)
        where T : class =>
        Objects.TryGetValue(handle, out object? item) && item is T found ? found : throw Bad(handle);

    /// <summary>Takes an object back from its caller; of two that free it at the same time, one does.</summary>
    internal static T Remove<T>(ulong handle)
        where T : class
    {
        T item = Get<T>(handle);
        return Objects.TryRemove(new(handle, item)) ? item : throw Bad(handle);
    }

    private static NativeException Bad(ulong handle) => new(
        NativeResult.BadHandle, $"there is no such object: {handle} was freed, never given out, or is of another kind");
}
