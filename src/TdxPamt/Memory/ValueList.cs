namespace TdxPamt;

/// <summary>Makes <see cref="ValueList{T}"/>s; collection expressions such as <c>[a, b]</c> use it too.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class ValueList
{
    /// <summary>Copies items into a list.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The items.</param>
    /// <returns>The list.</returns>
    public static ValueList<T> Create<T>(params ReadOnlySpan<T> items)
        where T : notnull, IEquatable<T> => new(items.ToArray());
}
