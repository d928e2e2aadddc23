namespace TdxPamt.Tests.Support;

/// <summary>64 stretches of 32 GiB of memory, each beginning with holes, in pairs that touch.</summary>
internal static class ManyHoles
{
    public static HostMemory Of(int holesEach)
    {
        const ulong GiB = 1UL << 30;
        List<MemoryRegion> memory = [];
        ulong position = 4 * GiB;
        uint random = 1;
        for (int stretch = 0; stretch < 64; stretch++)
        {
            ulong end = position + (32 * GiB);
            for (int hole = 0; hole < holesEach; hole++)
            {
                ulong start = position;
                position += Pages(ref random, 200_000);
                memory.Add(new(AddressRange.Create(start, position), stretch % 8));
                position += Pages(ref random, 5_000);
            }

            memory.Add(new(AddressRange.Create(position, end), stretch % 8));
            position = end + ((ulong)(stretch % 2) * 3 * GiB);
        }

        return HostMemory.Create(memory);
    }

    private static ulong Pages(ref uint random, uint most)
    {
        random = unchecked((random * 1_664_525) + 1_013_904_223);
        return (1 + ((random >> 8) % most)) * 4096UL;
    }
}
