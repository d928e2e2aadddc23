using System.Runtime.InteropServices;

namespace TdxPamt.Module;

/// <summary>The registers of a call to the TDX module: operands on the way in, results on the way out.</summary>
/// <remarks>A mutable value; any 64 bits are legal. <c>default</c> is all zeros. In memory the registers follow one
/// another in the order in which they are declared.</remarks>
[StructLayout(LayoutKind.Sequential)]
public record struct SeamcallRegisters
{
    /// <summary>In: the <see cref="SeamcallLeaf"/>. Out: the completion status. Any 64 bits.</summary>
    public ulong Rax { get; set; }

    /// <summary>Register RCX: any 64 bits.</summary>
    public ulong Rcx { get; set; }

    /// <summary>Register RDX: any 64 bits.</summary>
    public ulong Rdx { get; set; }

    /// <summary>Register R8: any 64 bits.</summary>
    public ulong R8 { get; set; }

    /// <summary>Register R9: any 64 bits.</summary>
    public ulong R9 { get; set; }

    /// <summary>Register R10: any 64 bits.</summary>
    public ulong R10 { get; set; }

    /// <summary>Register R11: any 64 bits.</summary>
    public ulong R11 { get; set; }

    /// <summary>Register R12: any 64 bits.</summary>
    public ulong R12 { get; set; }

    /// <summary>Register R13: any 64 bits.</summary>
    public ulong R13 { get; set; }

    /// <summary>All registers in hex.</summary>
    /// <returns>The text.</returns>
    public override readonly string ToString() =>
        $"rax 0x{Rax:x}, rcx 0x{Rcx:x}, rdx 0x{Rdx:x}, r8 0x{R8:x}, r9 0x{R9:x}, "
        + $"r10 0x{R10:x}, r11 0x{R11:x}, r12 0x{R12:x}, r13 0x{R13:x}";
}
