using CsCheck;

namespace TdxPamt.Tests.Support;

/// <summary>Random machines on which something happens.</summary>
/// <remarks>Tiny ones have a few thousand pages, few enough to model each; the others have up to terabytes.</remarks>
internal sealed class RandomHosts(bool tiny) : Gen<RandomHost>
{
    /// <summary>How many random hosts a property sees; TDXPAMT_ITERATIONS raises it.</summary>
    public const int Iterations = 10_000;

    private const ulong Page = 4096;
    private const ulong MiB = 1 << 20;
    private const ulong GiB = 1 << 30;
    private const ulong TiB = 1UL << 40;
    private const ulong Limit = 1UL << 52;

    /// <summary>How many candidates the models may have to look at for one chunk.</summary>
    private const ulong MostCandidates = 20_000;

    public override RandomHost Generate(PCG pcg, Size? min, out Size size)
    {
        Dice dice = new(pcg);
        RandomHost random;
        do
        {
            (ulong Start, ulong End, int Node)[] memory = tiny ? TinyMemory(dice) : Memory(dice);
            ModelHost host = new()
            {
                Memory = memory,
                Cmrs = Cmrs(dice, memory),
                Blocked = Blocked(dice, memory),
                Movable = dice.Chance(15) ? Movable(dice, memory) : [],
                Orders = dice.Chance(30) ? Orders(dice, memory) : [],
                Distances = dice.Chance(40) ? Distances(dice, memory) : [],
            };
            random = new RandomHost(host, Module(dice), KernelModel.All[dice.From(0, KernelModel.All.Count - 1)]);
        }
        while (Candidates(random) > MostCandidates);

        if (dice.Chance(40))
            random = AtTheLimits(dice, random);
        dice.Shuffle(random.Host.Memory);
        dice.Shuffle(random.Host.Cmrs);
        size = new Size((ulong)(
            (random.Host.Memory.Length * 100) + (random.Host.Blocked.Length * 10) + (random.Host.Cmrs.Length * 10)
            + random.Host.Orders.Length + random.Host.Distances.Length));
        return random;
    }

    /// <summary>Pages around the borders that matter, seldom more than a few thousand.</summary>
    private static (ulong Start, ulong End, int Node)[] TinyMemory(Dice dice)
    {
        int[] nodes = Nodes(dice);
        List<(ulong Start, ulong End, int Node)> memory = [];
        int regions = dice.From(1, dice.Chance(70) ? 6 : 24);
        ulong anchor = MiB;
        int node = dice.Pick<int>(nodes);
        for (int i = 0; i < regions; i++)
        {
            if (dice.Chance(25))
            {
                anchor = dice.Pick<ulong>(
                    0, MiB, 2 * MiB, 16 * MiB, 18 * MiB, GiB, 2 * GiB, 3 * GiB, 4 * GiB, 5 * GiB, 40 * TiB, Limit);
                anchor -= dice.Chance(30) ? Math.Min(anchor, dice.Scaled(1, 1000) * Page) : 0;
            }

            if (dice.Chance(40))
                node = dice.Pick<int>(nodes);
            ulong pages = dice.Chance(15) ? 1 : dice.Chance(50) ? dice.From(100UL, 1500) : dice.Scaled(1, 1500);
            ulong start = dice.Chance(50) || anchor == 0
                ? anchor + dice.Scaled(0, 300) * Page
                : anchor - Math.Min(anchor, dice.Scaled(0, 600) * Page);
            ulong end = Math.Min(start + pages * Page, Limit);
            if (start >= end || memory.Exists(range => start < range.End && range.Start < end))
                continue;
            memory.Add((start, end, node));
            if (dice.Chance(50))
                anchor = end;
        }

        return memory.Count > 0 ? [.. memory] : TinyMemory(dice);
    }

    /// <summary>Low memory with holes, then nodes in a row, sharing GiBs or far apart.</summary>
    private static (ulong Start, ulong End, int Node)[] Memory(Dice dice)
    {
        int[] nodes = Nodes(dice);
        int node = 0;
        List<(ulong Start, ulong End, int Node)> memory = [];
        ulong position = dice.Pick<ulong>(
            0, Page, MiB, dice.Scaled(0, 4 * MiB / Page) * Page, dice.Scaled(0, 8 * GiB / Page) * Page);
        if (dice.Chance(60))
        {
            for (int holes = dice.From(0, 16); holes >= 0; holes--)
            {
                ulong end = position + dice.Scaled(1, 512 * MiB / Page / (ulong)(holes + 1)) * Page;
                memory.Add((position, end, nodes[node]));
                position = end + dice.Scaled(1, 64 * MiB / Page) * Page;
            }

            if (dice.Chance(60))
                position = Math.Max(position, 4 * GiB);
        }

        // Of one size mostly, so that nodes come to need each other's memory.
        ulong most = dice.Pick(64 * MiB, 2 * GiB, 2 * GiB, 4 * GiB, 4 * GiB, 16 * GiB, 256 * GiB, 4 * TiB);
        ulong farthest = dice.Pick<ulong>(0, Page, 2 * MiB, GiB, GiB, 3 * GiB, 64 * GiB, 8 * TiB);
        int regions = dice.From(memory.Count == 0 ? 1 : 0, dice.Chance(80) ? 10 : 70);
        for (int i = 0; i < regions; i++)
        {
            if (dice.Chance(60))
            {
                node = dice.Chance(70) ? Math.Min(node + 1, nodes.Length - 1) : dice.From(0, nodes.Length - 1);
                if (dice.Chance(60))
                    position += dice.Scaled(0, farthest / Page) * Page;
            }
            else if (dice.Chance(60))
            {
                position += dice.Scaled(0, farthest / Page) * Page;
            }

            if (dice.Chance(15))
                position = (position + GiB - 1) / GiB * GiB;
            ulong pages =
                dice.Chance(5) ? 1 : dice.Chance(30) ? dice.From(1, most / Page) : dice.Scaled(1, most / Page);
            ulong end = position + (pages * Page);
            if (dice.Chance(30))
                end = (end + GiB - 1) / GiB * GiB;
            if (end > Limit)
                break;
            memory.Add((position, end, nodes[node]));
            position = end;
        }

        if (dice.Chance(1))
            memory.Add((position, dice.Pick(Limit, Limit / 2), nodes[node]));
        return [.. memory];
    }

    /// <summary>1 to 16 nodes, few more often than many, seldom with gaps in their numbers.</summary>
    private static int[] Nodes(Dice dice)
    {
        int count = dice.Chance(70) ? dice.From(1, 4) : dice.From(1, 16);
        int[] nodes = [.. Enumerable.Range(0, count)];
        if (dice.Chance(15))
            nodes = [.. nodes.Select(node => node * 3 + 1)];
        if (dice.Chance(5))
            nodes[^1] = 1023;
        if (dice.Chance(30))
            dice.Shuffle(nodes);
        return nodes;
    }

    private static (ulong Start, ulong End)[] Cmrs(Dice dice, (ulong Start, ulong End, int Node)[] memory)
    {
        List<(ulong Start, ulong End, int Node)> ram = new ModelHost { Memory = memory }.Ram();
        if (dice.Chance(5))
            return [];

        // One for each range of RAM, coarser where gaps are small.
        ulong coarseness = dice.Pick<ulong>(0, Page, MiB, 64 * MiB, GiB, Limit);
        List<(ulong Start, ulong End)> cmrs = [];
        foreach ((ulong start, ulong end, _) in ram)
        {
            if (cmrs.Count > 0 && start - cmrs[^1].End <= coarseness)
                cmrs[^1] = (cmrs[^1].Start, end);
            else
                cmrs.Add((start, end));
        }

        // Somewhat larger than the RAM, up to touching.
        for (int i = 0; i < cmrs.Count; i++)
        {
            ulong before = cmrs[i].Start - (i == 0 ? 0 : cmrs[i - 1].End);
            ulong after = (i + 1 < cmrs.Count ? cmrs[i + 1].Start : Limit) - cmrs[i].End;
            if (dice.Chance(20))
                cmrs[i] = (cmrs[i].Start - Math.Min(before, dice.Scaled(0, GiB / Page) * Page), cmrs[i].End);
            if (dice.Chance(20))
                cmrs[i] = (cmrs[i].Start, cmrs[i].End + Math.Min(after, dice.Scaled(0, GiB / Page) * Page));
        }

        if (dice.Chance(8))
            Split(dice, cmrs);
        if (dice.Chance(5))
            cmrs.RemoveAt(dice.From(0, cmrs.Count - 1));
        if (dice.Chance(10) && (cmrs.Count == 0 || cmrs[^1].End < Limit))
            cmrs.Add((Limit - Page, Limit));
        if (dice.Chance(4) && cmrs.Count > 0 && cmrs[^1].End - cmrs[^1].Start > Page)
            cmrs[^1] = (cmrs[^1].Start, cmrs[^1].End - Page);
        return [.. cmrs];
    }

    private static void Split(Dice dice, List<(ulong Start, ulong End)> cmrs)
    {
        int i = dice.From(0, cmrs.Count - 1);
        (ulong start, ulong end) = cmrs[i];
        ulong pages = (end - start) / Page;
        if (pages < 2)
            return;
        ulong middle = start + dice.From(1, pages - 1) * Page;
        cmrs[i] = (start, middle);
        cmrs.Insert(i + 1, (middle, end));
    }

    private (ulong Start, ulong End, int Kind)[] Blocked(Dice dice, (ulong Start, ulong End, int Node)[] memory)
    {
        if (dice.Chance(35))
            return [];
        int count = dice.Chance(70) ? dice.From(1, 10) : dice.From(1, 200);
        ulong most = dice.Pick(Page, MiB, 32 * MiB, 512 * MiB, 4 * GiB) / (tiny ? 64UL : 1);
        List<(ulong Start, ulong End, int Kind)> blocked = [];
        for (int i = 0; i < count; i++)
        {
            (ulong start, ulong end, _) = dice.Pick<(ulong Start, ulong End, int Node)>(memory);
            ulong near = dice.From(0, 5) switch
            {
                0 => start,
                1 => end,
                2 => dice.Pick<ulong>(0, 16 * MiB, 4 * GiB, Limit - Page),
                3 => dice.From(0, Limit / Page - 1) * Page,
                4 => start + dice.Scaled(0, (end - start) / Page) * Page,
                _ => start + dice.From(0, (end - start) / Page) * Page,
            };
            if (dice.Chance(20))
                near -= Math.Min(near, dice.Scaled(0, most / Page + 1) * Page);
            ulong blockedEnd = Math.Min(Limit, near + dice.Scaled(1, most / Page + 1) * Page);
            if (near < blockedEnd)
                blocked.Add((near, blockedEnd, dice.From(0, 4)));
        }

        return [.. blocked];
    }

    /// <summary>ZONE_MOVABLE of some nodes, anywhere in their RAM or at its start.</summary>
    private static (int Node, ulong Start)[] Movable(Dice dice, (ulong Start, ulong End, int Node)[] memory) =>
    [
        .. memory.GroupBy(static range => range.Node).Where(_ => dice.Chance(50)).Select(node =>
        {
            (ulong start, ulong end, int number) = dice.Pick<(ulong Start, ulong End, int Node)>([.. node]);
            return (number, dice.Chance(30) ? start : start + dice.From(0, (end - start) / Page) * Page);
        }),
    ];

    /// <summary>Given orders: whole, without some nodes, with nodes that have no memory; not for every node.</summary>
    private static int[]?[] Orders(Dice dice, (ulong Start, ulong End, int Node)[] memory)
    {
        int[] nodes = [.. memory.Select(static range => range.Node).Distinct()];
        int[]?[] orders = new int[dice.From(1, nodes.Max() + 2)][];
        for (int node = 0; node < Math.Min(orders.Length, 1024); node++)
        {
            if (dice.Chance(15))
                continue;
            int[] others = [.. nodes.Append(dice.From(0, 1023)).Distinct().Where(other => other != node)];
            dice.Shuffle(others);
            orders[node] = [node, .. others[..(dice.Chance(70) ? others.Length : dice.From(0, others.Length))]];
        }

        return orders.Length <= 1024 ? orders : orders[..1024];
    }

    private static int[][] Distances(Dice dice, (ulong Start, ulong End, int Node)[] memory)
    {
        int count = Math.Min(memory.Max(static range => range.Node) + 1, 40);
        if (dice.Chance(15))
            count = dice.From(1, count + 1);
        int[] values = dice.Pick<int[]>([10, 21], [0, 255], [10, 11, 12, 20, 21, 31]);
        int[][] distances = new int[count][];
        for (int from = 0; from < count; from++)
        {
            distances[from] = new int[count];
            for (int to = 0; to < count; to++)
                distances[from][to] = from == to ? 10 : dice.Pick<int>(values);
        }

        return distances;
    }

    /// <summary>Today's module; one with odd entries; one whose PAMTs take a good part of the machine.</summary>
    private ModelModule Module(Dice dice)
    {
        if (tiny)
        {
            ModelModule small = new() { Entry2M = dice.From(1, 40), Entry1G = dice.From(1, 9000) };
            return dice.Chance(75)
                ? small with { Dynamic = true, BitmapBits = dice.Chance(60) ? 1 : dice.From(1, 20) }
                : small with { Entry4K = dice.From(1, 5) };
        }

        (int entry4K, int entry2M, int entry1G) = dice.From(0, 9) switch
        {
            < 3 => (16, 16, 16),
            < 5 => (dice.From(1, 100), dice.From(1, 3000), dice.From(1, 65535)),
            < 8 => (dice.From(200, 2500), dice.From(1, 65535), 16),
            8 => (dice.Pick(256, 512, 1024, 2048, 4080), 16, 16),
            _ => (dice.From(1, 65535), dice.From(1, 65535), dice.From(1, 65535)),
        };
        ModelModule module = new() { Entry4K = entry4K, Entry2M = entry2M, Entry1G = entry1G };
        int bits = dice.Chance(30) ? 1 : dice.Pick(3, 7, 8, 65535, dice.From(1, 20_000));
        return dice.Chance(20) ? module with { Dynamic = true, BitmapBits = bits } : module;
    }

    /// <summary>The same machine with limits that it just meets, or just misses.</summary>
    private static RandomHost AtTheLimits(Dice dice, RandomHost random)
    {
        ModelModule unlimited = random.Module with { MaxTdmrs = 65535, MaxReserved = 65535 };
        ModelAnswer answer = PipelineModel.Run(
            random.Host, unlimited, random.Kernel.Name, new CandidateAllocator(random.Host));
        ModelModule module = random.Module;
        if (answer.Tdmrs.Count == 0)
            return random with { Module = module with { MaxTdmrs = dice.From(2, 8), MaxReserved = dice.From(3, 8) } };

        int areas = answer.Tdmrs.Max(static tdmr => tdmr.Areas.Count);
        if (dice.Chance(70))
            module = module with { MaxReserved = Math.Max(0, areas + dice.From(-1, 1)) };
        if (dice.Chance(60))
            module = module with { MaxTdmrs = Math.Max(1, answer.Tdmrs.Count + dice.Pick(-1, -1, 0, 1, 3, 4)) };
        return random with { Module = module };
    }

    /// <summary>How many candidates there are at most for the smallest chunk.</summary>
    private static ulong Candidates(RandomHost random)
    {
        ModelModule module = random.Module;
        ulong bytes = 262_144UL * (ulong)(module.Dynamic ? module.BitmapBits : 8 * module.Entry4K) / 8
            + 512UL * (ulong)module.Entry2M + (ulong)module.Entry1G;
        ulong candidates = 0;
        foreach (var node in random.Host.Memory.GroupBy(static range => range.Node))
            candidates += (node.Max(static range => range.End) - node.Min(static range => range.Start)) / bytes;
        return candidates;
    }
}
