namespace TdxPamt.Module;

/// <summary>The numbers by which a completion status names an operand: a register, or a structure that a call takes
/// with it (docs/model.md#calls).</summary>
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
