namespace TdxPamt;

/// <summary>What <see cref="BinarySearch"/> looks for.</summary>
internal interface ICondition<T>
{
    /// <summary>Whether an item meets the condition.</summary>
    bool Holds(T item);
}
