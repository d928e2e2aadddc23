namespace System;

/// <summary>Combines hash codes.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal struct HashCode
{
    private int _hash;

    public void Add<T>(T value) => _hash = unchecked((_hash * 31) + (value?.GetHashCode() ?? 0));

    public readonly int ToHashCode() => _hash;
}
