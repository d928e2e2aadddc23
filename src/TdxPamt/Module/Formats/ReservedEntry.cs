using System.Runtime.InteropServices;

namespace TdxPamt.Module;

/// <summary>A reserved area as a TDMR_INFO holds it: RESERVED_OFFSET and RESERVED_SIZE, 8 bytes each.</summary>
/// <param name="Offset">Where it starts, in bytes from the TDMR's base. Any value can be written.</param>
/// <param name="Size">Its size, in bytes; 0 is a null entry. Any value can be written.</param>
/// <remarks>Immutable; <c>default</c> is a null entry. What TDH.SYS.CONFIG accepts
/// is in docs/model.md#check-reserved.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct ReservedEntry(ulong Offset, ulong Size)
{
    /// <summary>Offset and size in hex.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"offset 0x{Offset:x}, size 0x{Size:x}";
}
