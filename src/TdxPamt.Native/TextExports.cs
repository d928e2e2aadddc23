using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TdxPamt.Native;

/// <summary>The library and its texts; see <c>tdxpamt.h</c>.</summary>
internal static unsafe class TextExports
{
    private static readonly byte[] VersionText = CreateVersion();

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_version")]
    private static byte* Version() => (byte*)Unsafe.AsPointer(ref VersionText[0]);

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_last_error")]
    private static byte* LastError() => Boundary.LastError;

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_open_objects")]
    private static nuint OpenObjects() => (nuint)Handles.Count;

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_text_read")]
    private static NativeResult Read(ulong text, byte** data, nuint* length) => Boundary.Run(() =>
    {
        NativeText found = Handles.Get<NativeText>(text);
        if (data is null)
            throw NativeException.Null(nameof(data));
        *data = found.Data;
        if (length is not null)
            *length = (nuint)found.Length;
        return NativeResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_text_free")]
    private static NativeResult Free(ulong text) => Boundary.Run(() =>
    {
        Handles.Remove<NativeText>(text).Free();
        return NativeResult.Ok;
    });

    private static byte[] CreateVersion()
    {
        string version = typeof(TextExports).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        byte[] bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(version) + 1, pinned: true);
        Encoding.UTF8.GetBytes(version, bytes);
        return bytes;
    }
}
