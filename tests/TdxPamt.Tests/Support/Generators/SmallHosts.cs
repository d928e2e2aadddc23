using CsCheck;

namespace TdxPamt.Tests.Support;

/// <summary>Machines of a few GiB with more holes, or more TDMRs, than their modules take.</summary>
internal sealed class SmallHosts(bool manyTdmrs) : Gen<(HostMemory Host, ModuleParameters Module)>
{
    private const ulong Page = 4096;
    private const ulong MiB = 1 << 20;
    private const ulong GiB = 1 << 30;

    public override (HostMemory Host, ModuleParameters Module) Generate(PCG pcg, Size? min, out Size size)
    {
        Dice dice = new(pcg);
        List<MemoryRegion> memory = [];
        ulong position = dice.Pick(MiB, MiB, 100 * MiB, 3 * GiB);
        ulong limit = position + ((ulong)dice.From(1, manyTdmrs ? 6 : 8) * GiB);
        int node = 0;
        while (position < limit && memory.Count < 24)
        {
            ulong ram = dice.Pick(Page, 2 * Page, dice.From(1UL, 64) * Page, MiB, 100 * MiB, 700 * MiB, 2 * GiB);
            ulong end = Math.Min(position + ram, limit);
            memory.Add(new(AddressRange.Create(position, end), node));
            if (dice.Chance(15))
                node++;
            position = end + dice.Pick<ulong>(0, Page, Page, dice.From(1UL, 50) * MiB, dice.Chance(30) ? GiB : Page);
            if (manyTdmrs && dice.Chance(40))
                position = ((position + GiB - 1) / GiB * GiB) + (dice.Chance(30) ? GiB : 0);
        }

        size = new Size((ulong)memory.Count);
        return (HostMemory.Create(memory, Cmrs(dice, memory), Blocked(dice, memory)), new ModuleParameters
        {
            MaxTdmrs = manyTdmrs ? dice.From(1, 5) : 64,
            MaxReservedAreas = dice.Pick<int>(1, 2, 2, 3, 3, 4, 5, 6, 8, 16),
            PamtEntrySizes = dice.Chance(70)
                ? PamtEntrySizes.Default
                : new PamtEntrySizes(dice.From(1, 32), dice.From(1, 32), dice.Pick<int>(16, 1024, 1365, 2048, 3000)),
            DynamicPamt = dice.Chance(30),
        });
    }

    private static List<AddressRange> Cmrs(Dice dice, List<MemoryRegion> memory)
    {
        if (dice.Chance(50))
            return [];
        ulong coarseness = dice.Pick<ulong>(0, Page, MiB, 20 * MiB);
        List<AddressRange> cmrs = [];
        foreach (MemoryRegion region in memory)
        {
            if (cmrs.Count > 0 && region.Range.Start - cmrs[^1].End <= coarseness)
                cmrs[^1] = AddressRange.Create(cmrs[^1].Start, region.Range.End);
            else
                cmrs.Add(region.Range);
        }

        return cmrs;
    }

    private static IEnumerable<BlockedRange> Blocked(Dice dice, List<MemoryRegion> memory)
    {
        for (int i = dice.Chance(50) ? 0 : dice.From(1, 6); i > 0; i--)
        {
            AddressRange range = dice.Pick<MemoryRegion>([.. memory]).Range;
            ulong pages = dice.Scaled(1, range.Pages);
            ulong start = range.End - (pages * Page);
            yield return new(AddressRange.Create(start, start + Page), BlockedKind.Unmovable);
        }
    }
}
