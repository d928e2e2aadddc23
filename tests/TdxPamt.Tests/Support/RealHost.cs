using TdxPamt.Hosts;

namespace TdxPamt.Tests.Support;

/// <summary>What is known of a machine in tests/hosts that a mainline kernel works on.</summary>
/// <param name="File">Its file.</param>
/// <param name="Evidence">What the file's memory is read from.</param>
/// <param name="Tdmrs">How many TDMRs it gets.</param>
/// <param name="PamtKiB">How many KiB its PAMTs take.</param>
/// <param name="IsReported">Whether the file holds that total, as the machine's own kernel printed it.</param>
/// <param name="Memory">Its memory, as <see cref="Machine.Of"/> reads it.</param>
internal sealed record RealHost(
    string File, MemoryEvidence Evidence, int Tdmrs, ulong PamtKiB, bool IsReported, string Memory)
{
    /// <summary>The file's name without its extension, which names the host.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);
}
