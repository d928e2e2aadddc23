using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>A SEAMCALL of which a log says that it failed.</summary>
/// <param name="Line">The line of the log, from 1.</param>
/// <param name="Leaf">RAX of the call: the number of the call in bits 15:0, its version in bits 23:16.</param>
/// <param name="Status">The status that it gave.</param>
/// <remarks>Immutable; <c>default</c> is no line of a log.</remarks>
public readonly record struct LoggedSeamcall(long Line, ulong Leaf, CompletionStatus Status)
{
    /// <summary>Explains the status as the call gives it.</summary>
    /// <returns>The explanation.</returns>
    public SeamcallExplanation Explain() => SeamcallExplanation.Create(Status, (int)(Leaf & 0xFFFF));

    /// <summary>Line, call and status: <c>line 3: TDH_SYS_RD: TDX_SYS_NOT_READY 0xC000050500000000</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FormattableString.Invariant(
        $"line {Line}: {SeamcallExplanation.NameOfLeaf(Leaf) ?? FormattableString.Invariant($"0x{Leaf:x}")}: {Status}");
}
