namespace TdxPamt.Module;

/// <summary>Where a start-up stopped.</summary>
/// <param name="Message">Why; where the kernel prints a sentence, the kernel's.</param>
/// <param name="Errno">The kernel's error number.</param>
/// <param name="Leaf">The call that failed; null where none did.</param>
/// <param name="Status">Its completion status; success where no call failed.</param>
/// <remarks>Immutable.</remarks>
public sealed record LinuxTdxStartFailure(string Message, Errno Errno, SeamcallLeaf? Leaf, CompletionStatus Status)
{
    /// <summary>Why.</summary>
    /// <returns><see cref="Message"/>.</returns>
    public override string ToString() => Message;
}
