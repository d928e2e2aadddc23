namespace System;

/// <summary>Members of <see cref="string"/> that came with .NET Standard 2.1.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal static class StringExtensions
{
    extension(string)
    {
        public static string Join(char separator, params string[] values) => string.Join(separator.ToString(), values);

        public static string Join<T>(char separator, IEnumerable<T> values) =>
            string.Join(separator.ToString(), values);
    }

    extension(string text)
    {
        public string[] Split(char separator, int count) => text.Split([separator], count);

        public string Replace(string part, string replacement, StringComparison comparison) =>
            comparison == StringComparison.Ordinal
                ? text.Replace(part, replacement)
                : throw new NotSupportedException();

        public bool EndsWith(char value) => text.Length > 0 && text[text.Length - 1] == value;
    }
}
