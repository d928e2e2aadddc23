namespace System.Collections.Generic;

/// <summary>Members of dictionaries and their pairs that came with .NET Standard 2.1.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal static class DictionaryExtensions
{
    extension<TKey, TValue>(KeyValuePair<TKey, TValue> pair)
    {
        public void Deconstruct(out TKey key, out TValue value) => (key, value) = (pair.Key, pair.Value);
    }

    extension<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> dictionary)
    {
        public TValue? GetValueOrDefault(TKey key) => dictionary.TryGetValue(key, out TValue? value) ? value : default;
    }
}
