using System.Globalization;

namespace System;

/// <summary>Members of <see cref="UInt64"/> that came with .NET Standard 2.1.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal static class UInt64Extensions
{
    extension(ulong)
    {
        public static ulong Parse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider) =>
            ulong.Parse(text.ToString(), style, provider);
    }
}
