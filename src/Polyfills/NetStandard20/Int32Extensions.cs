using System.Globalization;

namespace System;

/// <summary>Members of <see cref="Int32"/> that came with .NET Standard 2.1.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal static class Int32Extensions
{
    extension(int)
    {
        public static int Parse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider) =>
            int.Parse(text.ToString(), style, provider);
    }
}
