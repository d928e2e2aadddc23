using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TdxPamt.Benchmarks;

/// <summary>The same construction in plain C, compiled by gcc at the start of a benchmark: c/construction.c.</summary>
internal sealed class CYardstick
{
    private readonly Construct _construct;
    private readonly ulong[] _regions;

    /// <summary>Compiles it; throws where there is no gcc.</summary>
    internal CYardstick(MemoryRegion[] regions)
    {
        _regions = [.. regions.SelectMany(static region =>
            new[] { region.Range.Start, region.Range.End, (ulong)region.Node })];
        string source = Path.Combine(AppContext.BaseDirectory, "c/construction.c");
        string library = Path.Combine(Path.GetTempPath(), $"tdxpamt-construction-{Environment.ProcessId}.so");
        using (Process gcc = Process.Start("gcc", ["-O2", "-shared", "-fPIC", "-o", library, source]))
        {
            gcc.WaitForExit();
            if (gcc.ExitCode != 0)
                throw new InvalidOperationException($"gcc ends with {gcc.ExitCode}");
        }

        nint handle = NativeLibrary.Load(library);
        File.Delete(library);
        _construct = Marshal.GetDelegateForFunctionPointer<Construct>(NativeLibrary.GetExport(handle, "construct"));
    }

    private delegate ulong Construct(ulong[] regions, int count, int times);

    /// <summary>Constructs again and again, and returns how many pages the PAMTs take.</summary>
    internal ulong Run(int times) => _construct(_regions, _regions.Length / 3, times);
}
