using CsCheck;
using TdxPamt.Module;

namespace TdxPamt.Tests.Properties;

public class ModulePipelineProperties
{
    /// <summary>How many random hosts; a long run raises it.</summary>
    private static readonly int Iterations = Samples.Scaled(100_000);

    [Fact]
    public void the_module_accepts_whatever_is_constructed_on_a_host_whose_ram_is_convertible()
    {
        int constructed = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                Random random = new(seed);
                bool isDynamic = random.Next(2) == 0;
                ModuleParameters module = new()
                {
                    DynamicPamt = isDynamic,
                    KeyIdBits = random.Next(isDynamic ? 4 : 0, 8),
                };
                HostMemory host = RandomHost(random, 1UL << (52 - module.KeyIdBits));
                TdmrConstructor constructor = new(
                    new LinuxPageAllocator(host), KernelModel.All[random.Next(KernelModel.All.Count)], module);
                if (!constructor.TryConstruct(host, out TdmrConstruction? construction, out _))
                    return true;
                Interlocked.Increment(ref constructed);
                byte[] bytes = new byte[construction.Tdmrs.Count * TdmrInfoEntry.Stride];
                TdmrInfoTable.Write(construction.Tdmrs.Span, bytes);
                TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[construction.Tdmrs.Count];
                TdmrInfoTable.Read(bytes, tdmrs);
                CmrInfo[] cmrs = [.. host.Cmrs.Select(CmrInfo.FromRange)];
                return SysConfig.Check(tdmrs, cmrs, module).IsSuccess
                    && ModuleVerdict.Create(construction.Tdmrs.Span, host.Cmrs.Span, module) is { IsAccepted: true };
            },
            iter: Iterations,
            threads: 2);
        Samples.Report(constructed);
        constructed.Should().BeGreaterThan(Iterations / 3);
    }

    /// <summary>RAM on up to four nodes, and CMRs that hold all of it and more, touching ones among them.</summary>
    private static HostMemory RandomHost(Random random, ulong limit)
    {
        List<MemoryRegion> regions = [];
        List<AddressRange> cmrs = [];
        ulong position = random.Next(2) == 0 ? 0 : Size(random, 34);
        if (random.Next(8) == 0)
            position = limit - (1UL << 40);
        for (int i = random.Next(1, 9); i > 0; i--)
        {
            ulong gap = random.Next(3) == 0 ? 0 : Size(random, 33);
            ulong start = position + gap;
            ulong end = start + Size(random, 37);
            regions.Add(new(AddressRange.Create(start, end), random.Next(4)));

            // A CMR starts somewhere in the gap before the RAM, or where the last one ends.
            ulong cmrStart = start - (random.Next(2) == 0 || gap == 0 ? 0 : Size(random, 33) % gap);
            if (random.Next(4) == 0 && end - start > 4096)
            {
                ulong middle = start + (Size(random, 37) % (end - start));
                if (middle > cmrStart)
                    cmrs.Add(AddressRange.Create(cmrStart, middle));
                cmrStart = middle;
            }

            cmrs.Add(AddressRange.Create(cmrStart, end));
            position = end;
        }

        return HostMemory.Create(regions, cmrs);
    }

    /// <summary>A size of whole pages, of any magnitude below a power of two, round as often as not.</summary>
    private static ulong Size(Random random, int bits)
    {
        int magnitude = random.Next(12, bits);
        ulong size = (1UL << magnitude) + (random.Next(2) == 0 ? 0 : (ulong)random.NextInt64(1L << magnitude));
        return size & ~0xFFFUL;
    }
}
