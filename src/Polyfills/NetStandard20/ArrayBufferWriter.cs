namespace System.Buffers;

/// <summary>A buffer that grows as it is written to.</summary>
/// <typeparam name="T">The type of its items.</typeparam>
[Microsoft.CodeAnalysis.Embedded]
internal sealed class ArrayBufferWriter<T>(int initialCapacity = 256) : IBufferWriter<T>
{
    private T[] _items = new T[initialCapacity];

    public int WrittenCount { get; private set; }

    public ReadOnlySpan<T> WrittenSpan => _items.AsSpan(0, WrittenCount);

    public ReadOnlyMemory<T> WrittenMemory => _items.AsMemory(0, WrittenCount);

    public int Capacity => _items.Length;

    public void Clear()
    {
        _items.AsSpan(0, WrittenCount).Clear();
        WrittenCount = 0;
    }

    public void Advance(int count)
    {
        if (count < 0 || count > _items.Length - WrittenCount)
            throw new ArgumentOutOfRangeException(nameof(count));
        WrittenCount += count;
    }

    public Memory<T> GetMemory(int sizeHint = 0)
    {
        int needed = WrittenCount + Math.Max(sizeHint, 1);
        if (needed > _items.Length)
            Array.Resize(ref _items, Math.Max(needed, 2 * Math.Min(_items.Length, int.MaxValue / 4)));
        return _items.AsMemory(WrittenCount);
    }

    public Span<T> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
