using System.Globalization;

namespace TdxPamt.Tests.Support;

/// <summary>A random machine, module and kernel.</summary>
internal sealed record RandomHost(ModelHost Host, ModelModule Module, KernelModel Kernel)
{
    public HostMemory ToHostMemory() => HostMemory.Create(
        Host.Memory.Select(static range => new MemoryRegion(AddressRange.Create(range.Start, range.End), range.Node)),
        Host.Cmrs.Select(static range => AddressRange.Create(range.Start, range.End)),
        Host.Blocked.Select(static range =>
            new BlockedRange(
                AddressRange.Create(range.Start, range.End),
                (BlockedKind)Math.Min(range.Kind, 2),
                range.Kind switch { 3 => PageSize.Page2M, 4 => PageSize.Page1G, _ => null })),
        ToFallback(),
        Host.Movable.Select(static zone => new MovableZone(zone.Node, zone.Start)));

    public NodeFallback ToFallback() => NodeFallback.Create(Host.Orders, Host.Distances);

    public ModuleParameters ToModuleParameters() => new()
    {
        MaxTdmrs = Module.MaxTdmrs,
        MaxReservedAreas = Module.MaxReserved,
        PamtEntrySizes = new PamtEntrySizes(Module.Entry4K, Module.Entry2M, Module.Entry1G),
        DynamicPamt = Module.Dynamic,
        PamtPageBitmapEntryBits = Module.BitmapBits,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kernel} {Module}\n{Host}");
}
