namespace TdxPamt.Module;

/// <summary>A SEAMCALL: whoever stands in for the TDX module takes the registers of one processor and leaves its
/// answer in them.</summary>
/// <remarks>Called by one thread at a time.</remarks>
/// <param name="registers">The registers: the leaf in RAX on the way in, the completion status on the way out.</param>
/// <param name="processor">Which processor makes the call, from 0.</param>
/// <returns>False where the instruction itself fails with VMfailInvalid, because no module is loaded.</returns>
public delegate bool Seamcall(ref SeamcallRegisters registers, int processor);
