using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class SparsePhysicalMemoryTests
{
    private readonly SparsePhysicalMemory _memory = new();

    [Fact]
    public void memory_starts_as_zeros_and_holds_nothing()
    {
        Read(0x1FF0, 64).Should().AllBeEquivalentTo((byte)0);
        _memory.Clear(0, 1UL << 52);
        _memory.Write(0x5000, new byte[0x3000]);
        _memory.PagesWritten.Should().Be(0);
    }

    [Fact]
    public void what_is_written_across_pages_is_read_back()
    {
        byte[] bytes = [.. Enumerable.Range(1, 0x2100).Select(i => (byte)((i | 1) & 0xFF))];
        _memory.Write(0x1FF8, bytes);
        Read(0x1FF8, bytes.Length).Should().Equal(bytes);
        Read(0x1FF7, 2).Should().Equal(0, bytes[0]);
        _memory.PagesWritten.Should().Be(4);
        _memory.Clear(0x2000, 0x2000);
        Read(0x1FF8, 16).Should().Equal([.. bytes[..8], .. new byte[8]]);
        _memory.PagesWritten.Should().Be(2);
    }

    [Fact]
    public void equal_pages_part_when_one_is_written_or_cleared()
    {
        byte[] page = [.. Enumerable.Repeat((byte)7, 0x1000)];
        for (ulong i = 0; i < 4; i++)
            _memory.Write(i * 0x1000, page);
        _memory.Write(0x1008, [9]);
        _memory.Clear(0x2010, 1);
        Read(0x8, 1).Should().Equal(7);
        Read(0x1008, 2).Should().Equal(9, 7);
        Read(0x2010, 2).Should().Equal(0, 7);
        Read(0x3008, 16).Should().AllBeEquivalentTo((byte)7);
        _memory.Write(0x4000, page);
        Read(0x4000, 0x1000).Should().Equal(page);
    }

    [Fact]
    public void a_page_written_with_zeros_is_dropped()
    {
        _memory.Write(0x1000, [1]);
        _memory.Write(0x1000, new byte[0x1000]);
        _memory.PagesWritten.Should().Be(0);
    }

    [Fact]
    public void a_long_clear_drops_the_pages_inside_it_alone()
    {
        for (ulong i = 0; i < 8; i++)
            _memory.Write(i * 0x1000, [1]);
        _memory.Clear(0x1800, 0x4900);
        for (ulong i = 0; i < 8; i++)
            Read(i * 0x1000, 1)[0].Should().Be(i is >= 2 and <= 6 ? (byte)0 : (byte)1);
        _memory.Clear(0x3000, 1UL << 50);
        Read(0x1000, 1).Should().Equal(1);
        Read(0x7000, 1).Should().Equal(0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1 << 20)]
    public void a_clear_drops_its_first_page_and_its_last_and_not_the_next(ulong pages)
    {
        ulong[] written = [4, 5, 5 + pages - 1, 5 + pages];
        foreach (ulong page in written)
            _memory.Write(page * 0x1000, [1]);
        _memory.Clear(5 * 0x1000, pages * 0x1000);
        written.Select(page => Read(page * 0x1000, 1)[0]).Should().Equal(1, 0, 0, 1);
        _memory.PagesWritten.Should().Be(2);
    }

    [Fact]
    public void the_last_byte_of_64_bits_is_there_and_none_after_it()
    {
        _memory.Write(ulong.MaxValue, [5]);
        Read(ulong.MaxValue, 1).Should().Equal(5);
        _memory.Clear(ulong.MaxValue, 1);
        Read(ulong.MaxValue, 1).Should().Equal(0);
        _memory.Clear(ulong.MaxValue - 0xFFF, 0x1000);
        foreach ((Action use, string message) in new (Action, string)[]
        {
            (() => _memory.Write(ulong.MaxValue, [1, 2]), "2 bytes at 0xffffffffffffffff reach beyond 2^64*"),
            (() => Read(ulong.MaxValue, 2), "2 bytes at 0xffffffffffffffff reach beyond 2^64*"),
            (() => _memory.Clear(2, ulong.MaxValue), "18446744073709551615 bytes at 0x2 reach beyond 2^64*"),
        })
        {
            use.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
        }

        _memory.Write(0, [1]);
        _memory.ToString().Should().Be("1 pages written");
    }

    [Fact]
    public void random_writes_and_clears_leave_what_an_array_would_hold()
    {
        Random random = new(5);
        byte[] mirror = new byte[0x8000];
        for (int step = 0; step < 3000; step++)
        {
            int start = random.Next(4) == 0 ? 0x1000 * random.Next(8) : random.Next(mirror.Length);
            int length = random.Next(3) == 0 ? 0x1000 * random.Next(4) : random.Next(0x1800);
            length = Math.Min(length, mirror.Length - start);
            if (random.Next(3) == 0)
            {
                _memory.Clear((ulong)start, (ulong)length);
                mirror.AsSpan(start, length).Clear();
                continue;
            }

            byte[] bytes = new byte[length];
            Array.Fill(bytes, (byte)random.Next(3));
            _memory.Write((ulong)start, bytes);
            bytes.CopyTo(mirror, start);
        }

        Read(0, mirror.Length).Should().Equal(mirror);
    }

    [Fact]
    public void pages_all_over_a_machine_are_found_again()
    {
        ulong[] addresses = [.. Enumerable.Range(0, 300).Select(static i => ((ulong)(i * i * 7) * 0x200000) + 5)];
        foreach (ulong address in addresses)
            _memory.Write(address, BitConverter.GetBytes(address));
        _memory.PagesWritten.Should().Be(300);
        foreach (ulong address in addresses)
            Read(address - 1, 9).Should().Equal([0, .. BitConverter.GetBytes(address)]);
    }

    /// <summary>At each edge of what was written or cleared, the byte is that of the last step there.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0xA5)]
    public void what_random_steps_leave_is_right_at_all_their_edges(byte fill)
    {
        Random random = new(fill);
        ulong[] pages = [0, 1, 4, 5, 63, 64, 65, 511, 512, 513, 1023, 1024, 1 << 20];
        ulong[] counts = [0, 1, 2, 3, 63, 64, 65, 66, 511, 512, 513, 1100, 1 << 21];
        for (int round = 0; round < 20; round++)
        {
            SparsePhysicalMemory memory = new(fill);
            List<(ulong Start, ulong End, byte Value)> steps = [];
            for (int step = 0; step < 20; step++)
            {
                ulong start = (pages[random.Next(pages.Length)] * 0x1000) + (ulong)(random.Next(3) == 0 ? 5 : 0);
                bool isWrite = random.Next(2) == 0;
                ulong count = counts[random.Next(isWrite ? 4 : counts.Length)];
                ulong end = start + (count * 0x1000) + (ulong)(random.Next(3) == 0 ? 7 : 0);
                byte value = isWrite ? (byte)random.Next(1, 256) : (byte)0;
                steps.Add((start, end, value));
                if (isWrite)
                    memory.Write(start, [.. Enumerable.Repeat(value, (int)(end - start))]);
                else
                    memory.Clear(start, end - start);
            }

            byte[] read = new byte[1];
            foreach (ulong edge in steps.SelectMany(static it => new[] { it.Start, it.End }))
            {
                foreach (ulong address in (ulong[])[edge == 0 ? 0 : edge - 1, edge])
                {
                    memory.Read(address, read);
                    int last = steps.FindLastIndex(it => it.Start <= address && address < it.End);
                    read[0].Should().Be(last < 0 ? fill : steps[last].Value, "round {0}, 0x{1:x}", round, address);
                }
            }
        }
    }

    private byte[] Read(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        _memory.Read(address, bytes);
        return bytes;
    }
}
