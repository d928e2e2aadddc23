namespace TdxPamt.Module;

/// <summary>The numbers by which a status names the register of an operand.</summary>
internal enum SeamcallRegister
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    R8 = 8,
    R9 = 9,
}
