using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Native;

/// <summary>TDMRs with the caller's pages; see <c>tdxpamt.h</c>.</summary>
internal static unsafe class ConstructionExports
{
    /// <summary><c>tdxpamt_pamt</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativePamt(Pamt pamt)
    {
        internal ulong Base = pamt.Base;
        internal ulong Size = pamt.Size;
    }

    /// <summary><c>tdxpamt_tdmr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Tdmr(TdmrInfo tdmr)
    {
        internal ulong Base = tdmr.Base;
        internal ulong Size = tdmr.Size;
        internal NativePamt Pamt4K = new(tdmr.Pamt4K);
        internal NativePamt Pamt2M = new(tdmr.Pamt2M);
        internal NativePamt Pamt1G = new(tdmr.Pamt1G);
        internal uint Node = (uint)tdmr.Node;
        internal uint ReservedAreas = (uint)tdmr.ReservedAreas.Count;
    }

    /// <summary><c>tdxpamt_area</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Area(ReservedArea area)
    {
        internal ulong Offset = area.Offset;
        internal ulong Size = area.Size;
        internal uint Source = (uint)area.Source;
        internal uint Reserved;
    }

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_construct")]
    private static NativeResult Construct(
        ulong host,
        byte* options,
        AllocatorCallbacks* allocator,
        delegate* unmanaged<void*, int, byte*, void> log,
        void* logContext,
        ulong* construction) => Boundary.Run(() =>
    {
        HostDescription described = Handles.Get<HostDescription>(host);
        if (construction is null)
            throw NativeException.Null(nameof(construction));
        KernelOptionsShape asked = OptionsJson.Read<KernelOptionsShape>(Arguments.Text(options));
        KernelModel kernel = asked.KernelFor(described);
        IContiguousPageAllocator pages = allocator is null
            ? new LinuxPageAllocator(described.Memory, kernel.MovesHugetlb)
            : new CallerAllocator(*allocator);
        ILogger? logger = log is null ? null : new CallerLog(log, logContext);
        TdmrConstructor constructor = new(pages, kernel, asked.ModuleFor(described), logger: logger);
        if (!constructor.TryConstruct(described.Memory, out TdmrConstruction? built, out TdmrFailure? failure))
        {
            return Boundary.Fail(
                failure.Code == TdmrFailureCode.AllocatorMisbehaved
                    ? NativeResult.CallbackFailed
                    : NativeResult.Negative,
                failure.Message);
        }

        *construction = Handles.Add(built);
        return NativeResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_construction_tdmrs")]
    private static NativeResult Tdmrs(ulong construction, Tdmr* tdmrs, nuint capacity, nuint* count) =>
        Boundary.Run(() => Arguments.Copy<Tdmr>(
            [.. Handles.Get<TdmrConstruction>(construction).Tdmrs.Select(static tdmr => new Tdmr(tdmr))],
            tdmrs,
            capacity,
            count,
            nameof(tdmrs)));

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_construction_areas")]
    private static NativeResult Areas(ulong construction, nuint tdmr, Area* areas, nuint capacity, nuint* count) =>
        Boundary.Run(() =>
        {
            ValueList<TdmrInfo> tdmrs = Handles.Get<TdmrConstruction>(construction).Tdmrs;
            if (tdmr >= (nuint)tdmrs.Count)
            {
                throw new NativeException(
                    NativeResult.BadArgument, $"tdmr must be below {tdmrs.Count}, and it is {tdmr}");
            }

            return Arguments.Copy<Area>(
                [.. tdmrs[(int)tdmr].ReservedAreas.Select(static area => new Area(area))],
                areas,
                capacity,
                count,
                nameof(areas));
        });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_construction_tdmr_info")]
    private static NativeResult WriteTdmrInfo(ulong construction, byte* buffer, nuint size, nuint* written) =>
        Boundary.Run(() =>
        {
            ValueList<TdmrInfo> tdmrs = Handles.Get<TdmrConstruction>(construction).Tdmrs;
            byte[] table = new byte[tdmrs.Count * TdmrInfoEntry.Stride];
            TdmrInfoTable.Write(tdmrs.Span, table);
            return Arguments.Copy<byte>(table, buffer, size, written, nameof(buffer));
        });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_construction_pamt_kib")]
    private static NativeResult PamtKiB(ulong construction, ulong* kib) => Boundary.Run(() =>
    {
        TdmrConstruction built = Handles.Get<TdmrConstruction>(construction);
        if (kib is null)
            throw NativeException.Null(nameof(kib));
        *kib = built.PamtKiB;
        return NativeResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_construction_free")]
    private static NativeResult Free(ulong construction) => Boundary.Run(() =>
    {
        Handles.Remove<TdmrConstruction>(construction).Free();
        return NativeResult.Ok;
    });
}
