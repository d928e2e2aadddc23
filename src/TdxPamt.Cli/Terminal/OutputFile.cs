namespace TdxPamt.Cli;

/// <summary>Writes an output file. A regular file is replaced by all of the new content or stays as it is, with its
/// mode and, where that is allowed, its owner; symbolic links stay, and pipes and devices are written to.</summary>
internal static class OutputFile
{
    private const string TemporaryFiles = ".tdxpamt-*.tmp";

    /// <summary>Mode bits of a new file, before the umask.</summary>
    private const UnixFileMode NewFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Writes a file.</summary>
    /// <exception cref="IOException">It cannot be written, and why.</exception>
    internal static void Write(string file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (Directory.Exists(file))
                throw new IOException("it is a folder");
            using FileStream? old = TryOpen(file);
            if (old is not null && IsWrittenThrough(file, old))
                WriteThrough(old, bytes);
            else
                Replace(Target(file), old, bytes);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"{file}: cannot be written: {Reason(exception)}", exception);
        }
    }

    /// <summary>Opens what there is under a name, without a change to it; null where there is nothing.</summary>
    private static FileStream? TryOpen(string file)
    {
        try
        {
            return new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether a file is no regular one, or a descriptor by name, whose holder goes on with it.</summary>
    private static bool IsWrittenThrough(string file, FileStream old) =>
        file.StartsWith("/dev/fd/", StringComparison.Ordinal) || file.StartsWith("/proc/", StringComparison.Ordinal)
        || !(Posix.Status(old.SafeFileHandle)?.IsRegular ?? old.CanSeek);

    private static void WriteThrough(FileStream old, ReadOnlySpan<byte> bytes)
    {
        if (Posix.Status(old.SafeFileHandle) is { IsRegular: true })
            old.SetLength(0);
        old.Write(bytes);
    }

    /// <summary>The path that a name leads to over all symbolic links.</summary>
    private static string Target(string file) => new FileInfo(file).LinkTarget is null
        ? Path.GetFullPath(file)
        : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;

    private static void Replace(string target, FileStream? old, ReadOnlySpan<byte> bytes)
    {
        string folder = Path.GetDirectoryName(target)!;
        RemoveAbandoned(folder);
        string temporary = Path.Combine(folder, TemporaryFiles.Replace("*", Path.GetRandomFileName()));
        using FileStream stream = new(temporary, Exclusive(old));
        try
        {
            if (old is not null && !OperatingSystem.IsWindows())
            {
                if (Posix.Status(old.SafeFileHandle) is { } status)
                    Posix.TryChangeOwner(stream.SafeFileHandle, status.User, status.Group);
                File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(old.SafeFileHandle));
            }

            stream.Write(bytes);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>How a temporary file is made: never over anything that is there, links included. It stays open until
    /// it has its name, and so locked.</summary>
    private static FileStreamOptions Exclusive(FileStream? old)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = old is null ? NewFile : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Removes temporary files of processes that were killed: those that nobody holds open.</summary>
    private static void RemoveAbandoned(string folder)
    {
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles(TemporaryFiles))
        {
            try
            {
                if (file.LinkTarget is not null)
                    continue;
                using FileStream unlocked = new(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                file.Delete();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another process writes it, or it belongs to another user.
            }
        }
    }

    private static string Reason(Exception exception) => exception switch
    {
        UnauthorizedAccessException => "permission denied",
        DirectoryNotFoundException => "there is no such folder",
        PathTooLongException => "its name is too long",
        ArgumentException => "it is no file name",
        { HResult: > 0 and < 4096 } when !OperatingSystem.IsWindows() => Posix.Words(exception.HResult),
        _ => exception.Message,
    };
}
