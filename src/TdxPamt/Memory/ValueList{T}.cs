using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TdxPamt;

/// <summary>A read-only list by value: equal to every list with equal items in the same order.</summary>
/// <typeparam name="T">The type of its items.</typeparam>
/// <remarks>Immutable and safe for many threads; <c>default</c> is the empty list.
/// Enumerating allocates nothing.</remarks>
/// <example><code>
/// ValueList&lt;int&gt; nodes = [0, 1];
/// bool same = nodes == ValueList.Create(0, 1); // true
/// </code></example>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
[SuppressMessage("Naming", "CA1710", Justification = "It is a list, and says so.")]
public readonly struct ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
    where T : notnull, IEquatable<T>
{
    private readonly T[]? _items;
    private readonly int _first;

    internal ValueList(T[] items, int first, int count)
    {
        _items = items;
        _first = first;
        Count = count;
    }

    internal ValueList(T[] items)
        : this(items, 0, items.Length)
    {
    }

    /// <summary>How many items the list holds.</summary>
    public int Count { get; }

    /// <summary>The items, without a copy.</summary>
    public ReadOnlySpan<T> Span => new(_items, _first, Count);

    /// <summary>The item at a position.</summary>
    /// <param name="index">The position, 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException">The position is not in that interval.</exception>
    public T this[int index] => Span[index];

    /// <summary>Enumerates the items in order, for <c>foreach</c>.</summary>
    /// <returns>An enumerator that allocates nothing.</returns>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() =>
        ((IEnumerable<T>)new ArraySegment<T>(_items ?? [], _first, Count)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    /// <summary>Compares item by item.</summary>
    /// <param name="other">The other list.</param>
    /// <returns>Whether both hold equal items in the same order.</returns>
    public bool Equals(ValueList<T> other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ValueList<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in Span)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The items, separated by commas.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(", ", this.Select(static item => item.ToString()));

    /// <summary>Compares item by item.</summary>
    /// <param name="left">A list.</param>
    /// <param name="right">Another list.</param>
    /// <returns>Whether both hold equal items in the same order.</returns>
    public static bool operator ==(ValueList<T> left, ValueList<T> right) => left.Equals(right);

    /// <summary>Compares item by item.</summary>
    /// <param name="left">A list.</param>
    /// <param name="right">Another list.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(ValueList<T> left, ValueList<T> right) => !left.Equals(right);
}
