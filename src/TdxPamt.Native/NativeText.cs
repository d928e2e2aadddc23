using System.Runtime.InteropServices;

namespace TdxPamt.Native;

/// <summary>An answer in memory of the C library, so that tools such as AddressSanitizer see leaks, and uses
/// after it was freed.</summary>
internal sealed unsafe class NativeText
{
    private byte* _data;

    internal NativeText(ReadOnlySpan<byte> text)
    {
        _data = (byte*)NativeMemory.Alloc((nuint)text.Length + 1);
        text.CopyTo(new(_data, text.Length));
        _data[text.Length] = 0;
        Length = text.Length;
    }

    internal byte* Data => _data;

    internal int Length { get; }

    internal void Free()
    {
        NativeMemory.Free(_data);
        _data = null;
    }
}
