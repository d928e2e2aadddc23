using FluentAssertions;
using Microsoft.Extensions.Logging;
using TdxPamt.Allocation;
using TdxPamt.Hosts;
using TdxPamt.Tdmr;
using Xunit;
using Xunit.Abstractions;

namespace TdxPamt.Consumer;

public class ConsumerTests(ITestOutputHelper output)
{
    [Fact]
    public void an_embedder_plans_a_host_with_its_own_allocator_and_logger()
    {
        using FileStream log = File.OpenRead("hosts/xeon-8480c-2-socket-256GiB.log");
        HostDescription host = HostReader.Read(log, log.Name);
        BumpAllocator allocator = new(top: 0x4070000000);
        ListLogger logger = new();

        using (TdmrConstruction construction = new TdmrConstructor(allocator, logger: logger).Construct(host.Memory))
        {
            output.WriteLine($"{construction.PamtKiB} KB");
            construction.PamtKiB.Should().Be(1050636);
            allocator.PagesInUse.Should().Be(construction.PamtPages);
        }

        allocator.PagesInUse.Should().Be(0);
        logger.Lines.Should().Equal("1050636 KB allocated for PAMT");
    }

    /// <summary>Hands out pages from the top of memory downwards, whatever the node.</summary>
    private sealed class BumpAllocator(ulong top) : IContiguousPageAllocator
    {
        private ulong _next = top;

        public ulong PagesInUse { get; private set; }

        public bool TryAllocate(ulong pages, int node, ReadOnlySpan<int> fallbackOrder, out ulong address)
        {
            address = _next -= pages * 4096;
            PagesInUse += pages;
            return true;
        }

        public void Free(ulong address, ulong pages) => PagesInUse -= pages;
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
