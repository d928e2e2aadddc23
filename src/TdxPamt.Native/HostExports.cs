using System.Runtime.InteropServices;
using TdxPamt.Hosts;

namespace TdxPamt.Native;

/// <summary>Hosts; see <c>tdxpamt.h</c>.</summary>
internal static unsafe class HostExports
{
    /// <summary><c>tdxpamt_range</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Range
    {
        internal ulong Start;
        internal ulong End;

        internal readonly AddressRange ToRange() => AddressRange.Create(Start, End);
    }

    /// <summary><c>tdxpamt_region</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Region
    {
        internal Range Range;
        internal uint Node;
        internal uint Reserved;
    }

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_host_read")]
    private static NativeResult Read(void* input, nuint length, byte* name, ulong* host) => Boundary.Run(() =>
    {
        if (host is null)
            throw NativeException.Null(nameof(host));
        string fileName = JsonExports.Name(name);
        HostDescription read = HostReader.Read(Arguments.Bytes(input, length, nameof(input)), fileName);
        *host = Handles.Add(read.ThrowIfIncomplete(fileName));
        return NativeResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_host_create")]
    private static NativeResult Create(
        Region* memory, nuint regions, Range* cmrs, nuint cmrCount, ulong* host) => Boundary.Run(() =>
    {
        if (host is null)
            throw NativeException.Null(nameof(host));
        List<MemoryRegion> ram = [];
        foreach (Region region in Arguments.Array(memory, regions, nameof(memory)))
            ram.Add(new(region.Range.ToRange(), (int)Math.Min(region.Node, int.MaxValue)));
        List<AddressRange> convertible = [];
        foreach (Range cmr in Arguments.Array(cmrs, cmrCount, nameof(cmrs)))
            convertible.Add(cmr.ToRange());
        *host = Handles.Add(new HostDescription("host", HostMemory.Create(ram, convertible)));
        return NativeResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_host_free")]
    private static NativeResult Free(ulong host) => Boundary.Run(() =>
    {
        Handles.Remove<HostDescription>(host);
        return NativeResult.Ok;
    });
}
