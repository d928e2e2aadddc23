using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TdxPamt.Cli;

/// <summary>What .NET does not offer of files and descriptors: who owns a file, which descriptors are closed, whether
/// anybody reads a pipe, and names that are not UTF-8.</summary>
internal static class Posix
{
    internal const int BrokenPipe = 32;
    private const int Interrupted = 4;
    private const int ByDescriptor = 0x1000; // AT_EMPTY_PATH
    private const uint TypeModeAndOwner = 0x1b; // STATX_TYPE, STATX_MODE, STATX_UID, STATX_GID
    private const int StatusBytes = 256;
    private const int TypeMask = 0xf000;
    private const int RegularFile = 0x8000;
    private const int CloseOnExec = 1;
    private const int ReadOnlyCloseOnExec = 0x80000; // O_RDONLY with O_CLOEXEC
    private const int GetDescriptorFlags = 1; // F_GETFD

    /// <summary>Whether a descriptor was open when the program began. The runtime opens its own, which may get the
    /// numbers of closed ones, with close-on-exec; one that was inherited has no such flag.</summary>
    internal static bool WasInherited(int descriptor) => GetFlags(descriptor, GetDescriptorFlags) is >= 0 and var flags
        && (flags & CloseOnExec) == 0;

    /// <summary>Reads from a descriptor.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    internal static int Read(int descriptor, Span<byte> buffer)
    {
        nint count;
        do
        {
            count = Read(descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return (int)count;
    }

    /// <summary>Writes some of the bytes to a descriptor.</summary>
    /// <returns>How many bytes; below 0 for an error.</returns>
    internal static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        nint count;
        do
        {
            count = Write(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return (int)count;
    }

    /// <summary>Opens a file to read, by the bytes of its name.</summary>
    /// <exception cref="IOException">It cannot be opened, and why.</exception>
    internal static FileStream OpenRead(byte[] name)
    {
        int descriptor = Open([.. name, 0], ReadOnlyCloseOnExec);
        return descriptor >= 0
            ? new(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read)
            : throw new IOException($"{Encoding.UTF8.GetString(name)}: {LastError()}");
    }

    /// <summary>Who owns an open file, and whether it is a regular one; null where that cannot be known.</summary>
    internal static (bool IsRegular, uint User, uint Group)? Status(SafeFileHandle file)
    {
        byte[] status = new byte[StatusBytes];
        if (!OperatingSystem.IsLinux()
            || Status((int)file.DangerousGetHandle(), [0], ByDescriptor, TypeModeAndOwner, status) != 0)
        {
            return null;
        }

        // struct statx of statx(2): the owner at 20, the group at 24, type and mode at 28, in the machine's order.
        uint user = BitConverter.ToUInt32(status, 20);
        uint group = BitConverter.ToUInt32(status, 24);
        return ((BitConverter.ToUInt16(status, 28) & TypeMask) == RegularFile, user, group);
    }

    /// <summary>Gives a file to an owner, where this process may.</summary>
    internal static bool TryChangeOwner(SafeFileHandle file, uint user, uint group) =>
        ChangeOwner((int)file.DangerousGetHandle(), user, group) == 0;

    /// <summary>The system's words for what went wrong last.</summary>
    internal static string LastError() => Words(Marshal.GetLastPInvokeError());

    /// <summary>The system's words for an error number, as they stand in the middle of a sentence.</summary>
    internal static string Words(int error)
    {
        string words = Marshal.GetPInvokeErrorMessage(error);
        return words.Length == 0 ? words : char.ToLowerInvariant(words[0]) + words[1..];
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int GetFlags(int descriptor, int command);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] name, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Status(int folder, byte[] name, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static extern int ChangeOwner(int descriptor, uint user, uint group);
}
