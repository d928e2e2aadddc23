using CsCheck;

namespace TdxPamt.Tests.Support;

/// <summary>TDMRs of a kernel over a few GiB, and areas in them and around them.</summary>
internal sealed class SmallPartitions(int minGiB, int maxGiB) : Gen<SmallPartitions.Sample>
{
    private const ulong GiB = 1UL << 30;

    public override Sample Generate(PCG pcg, Size? min, out Size size)
    {
        Dice dice = new(pcg);
        List<AddressRange> tdmrs = [];
        ulong position = (ulong)dice.From(0, 2) * GiB;
        for (int left = dice.From(minGiB, maxGiB); left > 0;)
        {
            int giB = Math.Min(left, dice.Pick<int>(1, 1, 2, 4));
            tdmrs.Add(AddressRange.Create(position, position + ((ulong)giB * GiB)));
            position = tdmrs[^1].End + (ulong)(dice.Chance(60) ? 0 : dice.From(1, 3)) * GiB;
            left -= giB;
        }

        SortedSet<ulong> ends = [];
        for (int i = 2 * dice.Pick<int>(0, 3, 3, 10, 25); i > 0; i--)
        {
            ulong giBStart = dice.From(0UL, position / GiB) * GiB;
            ends.Add(giBStart + dice.Pick<ulong>(0, 4096, GiB - 4096, dice.From(0UL, (GiB - 1) / 4096) * 4096));
        }

        ulong[] ascending = [.. ends];
        bool adjacent = dice.Chance(30);
        List<AddressRange> areas = [];
        for (int i = 0; i + 1 < ascending.Length; i += adjacent && dice.Chance(50) ? 1 : 2)
            areas.Add(AddressRange.Create(ascending[i], ascending[i + 1]));
        size = new Size((ulong)(tdmrs.Count + areas.Count));
        return new Sample(
            [.. tdmrs],
            [.. areas],
            new ModuleParameters
            {
                MaxTdmrs = dice.From(1, 6),
                MaxReservedAreas = dice.From(0, 8),
                PamtEntrySizes = dice.Chance(50)
                    ? PamtEntrySizes.Default
                    : new PamtEntrySizes(dice.From(1, 32), dice.From(1, 32), dice.Pick<int>(16, 1024, 1365, 3000)),
            },
            dice.Chance(70),
            dice.Chance(60));
    }

    internal sealed record Sample(
        AddressRange[] KernelTdmrs, AddressRange[] Areas, ModuleParameters Module, bool Split, bool Join)
    {
        public override string ToString() =>
            $"{string.Join(", ", KernelTdmrs)} with areas {string.Join(", ", Areas)}; {Module}; "
            + $"split {Split}, join {Join}";
    }
}
