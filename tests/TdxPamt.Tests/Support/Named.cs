namespace TdxPamt.Tests.Support;

/// <summary>Kernels and policies by their names, for tables of cases.</summary>
internal static class Named
{
    internal static KernelModel Kernel(string name) =>
        KernelModel.TryParse(name, out KernelModel? kernel) ? kernel : throw new ArgumentException(name);

    internal static AllocatorPolicy Policy(string name) =>
        AllocatorPolicy.TryParse(name, out AllocatorPolicy? policy) ? policy : throw new ArgumentException(name);
}
