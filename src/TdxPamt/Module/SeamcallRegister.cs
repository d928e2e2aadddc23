namespace TdxPamt.Module;

/// <summary>Operands as a completion status numbers them: registers, and structures that a call takes with them.</summary>
internal enum SeamcallRegister
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
    Tdr = 128,
    Kot = 186,
    WbCache = 188,
}
