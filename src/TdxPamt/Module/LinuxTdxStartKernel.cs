using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Module;

/// <summary>Whose start-up <see cref="LinuxTdxStart"/> follows.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "Version numbers.")]
public enum LinuxTdxStartKernel
{
    /// <summary>Linux 6.12: reads five metadata fields.</summary>
    V6_12,

    /// <summary>Linux 7.3: reads the module's version, refuses one that changes RBP, reads what TDs need.</summary>
    V7_3,
}
