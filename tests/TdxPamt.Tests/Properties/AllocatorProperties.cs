using CsCheck;

namespace TdxPamt.Tests.Properties;

public class AllocatorProperties
{
    private const int Machines = 100;
    private const int Steps = 3000;

    /// <summary>How many pages the nodes may span: the model looks at each.</summary>
    private const ulong MostPages = 100_000;

    /// <summary>A tiny machine and where the dice start that choose its steps.</summary>
    private static readonly Gen<(RandomHost Random, ulong Seed)> Games =
        new RandomHosts(tiny: true)
            .Where(static random => SpannedPages(random.Host) <= MostPages)
            .Select(Gen.ULong, static (random, seed) => (random, seed));

    [Fact]
    public void over_thousands_of_steps_the_allocator_answers_as_the_page_by_page_model_does() =>
        Games.Hold(Machines, static game => Play(game.Random, game.Seed));

    [Fact]
    public void on_machines_with_thousands_of_blocked_pages_it_answers_as_the_page_by_page_model_does() =>
        Gen.ULong.Hold(Machines / 10, static seed => Play(Porous(new Dice(new PCG(2, seed))), seed));

    /// <summary>Some MiB around a zone's border, with a blocked page every few pages.</summary>
    private static RandomHost Porous(Dice dice)
    {
        ulong middle = dice.Pick<ulong>(16 << 20, 1UL << 32, 1UL << 40);
        ulong start = middle - (dice.From(1, 3000UL) * 4096);
        ulong end = middle + (dice.From(8000UL, 16_000) * 4096);
        List<(ulong Start, ulong End, int Kind)> blocked = [];
        ulong position = start;
        while (position < end)
        {
            position += dice.Scaled(1, dice.Chance(99) ? 12UL : 800) * 4096;
            blocked.Add((position, position + 4096, 1));
        }

        ModelHost host = new()
        {
            Memory = [(start, middle, 0), (middle, end, dice.From(0, 1))],
            Blocked = [.. blocked],
        };
        return new RandomHost(host, new ModelModule(), KernelModel.Mainline);
    }

    private static void Play(RandomHost random, ulong seed)
    {
        HostMemory host = random.ToHostMemory();
        LinuxPageAllocator allocator = new(host);
        PageByPageAllocator model = new(random.Host);
        List<(ulong Address, ulong Pages)> held = [];
        Dice dice = new(new PCG(1, seed));
        ulong most = dice.Pick<ulong>(8, 64, 512);
        // Where next to nothing becomes free, searches go on from where others ended.
        int frees = dice.Pick(1, 45);
        for (int step = 0; step < Steps; step++)
        {
            if (held.Count > 0 && dice.Chance(frees))
            {
                int index = dice.From(0, held.Count - 1);
                (ulong address, ulong pages) = held[index];
                held.RemoveAt(index);
                allocator.Free(address, pages);
                model.Free(address, pages);
            }
            else
            {
                ulong pages = dice.Chance(2) ? dice.Scaled(1, 1UL << 40) : dice.From(1, most);
                int[] order = Order(dice, host);
                ulong? address = allocator.TryAllocate(pages, order, out ulong found) ? found : null;
                ulong? expected = model.Allocate(pages, [.. order]);
                if (address != expected)
                {
                    throw new InvalidOperationException($"step {step}, {pages} pages of {string.Join(' ', order)}: "
                        + $"expected 0x{expected:x}, not 0x{address:x}");
                }

                if (address is { } taken)
                    held.Add((taken, pages));
            }

            if (allocator.PagesInUse != (ulong)model.PagesInUse)
            {
                throw new InvalidOperationException(
                    $"step {step}: {allocator.PagesInUse} pages in use, not {model.PagesInUse}");
            }
        }
    }

    private static ulong SpannedPages(ModelHost host)
    {
        ulong pages = 0;
        foreach (var node in host.Memory.GroupBy(static range => range.Node))
            pages += (node.Max(static range => range.End) - node.Min(static range => range.Start)) / 4096;
        return pages;
    }

    private static int[] Order(Dice dice, HostMemory host)
    {
        int node = dice.Pick(host.Nodes.Span);
        if (dice.Chance(50))
            return host.FallbackOrder(node).ToArray();
        int[] nodes = [.. host.Nodes.Append(dice.From(0, MemoryRegion.MaxNode)).Distinct()];
        dice.Shuffle(nodes);
        return nodes[..dice.From(1, nodes.Length)];
    }
}
