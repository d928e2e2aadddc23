namespace TdxPamt.Module;

/// <summary>The numbers by which a completion status names an operand's register (docs/model.md#calls).</summary>
internal enum SeamcallRegister
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    R8 = 8,
    R9 = 9,
}
