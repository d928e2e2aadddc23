using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>The error numbers with which Linux fails; docs/model.md#failures.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "The names that the numbers have.")]
public enum Errno
{
    /// <summary>Input or output error: a SEAMCALL failed.</summary>
    EIO = 5,

    /// <summary>Argument list too long: limits exhausted, in the v5 patch.</summary>
    E2BIG = 7,

    /// <summary>Out of memory.</summary>
    ENOMEM = 12,

    /// <summary>No such device: no TDX module is loaded.</summary>
    ENODEV = 19,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>No space left: limits exhausted, from Linux 6.8 on.</summary>
    ENOSPC = 28,
}
