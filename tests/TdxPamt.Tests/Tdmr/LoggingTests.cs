using Microsoft.Extensions.Logging;

namespace TdxPamt.Tests.Tdmr;

public class LoggingTests
{
    private const string ThreeNodes = "4G..5G@0, 5G..6G@1, 6G..7G@0";
    private const string ThreeTdmrsOfSixBlocks =
        "4G..4G+512M@0, 4G+516M..5G@0, 5G..5G+8M@1, 5G+12M..6G@1, 6G..6G+8M@0, 6G+12M..7G@0";

    private const string Cmrs = "4G..5G, 5G..6G, 6G..7G";

    [Theory]
    [InlineData("v5", 2, "3081 pages allocated for PAMT")]
    [InlineData("mainline", 1, "12324 KB allocated for PAMT")]
    [InlineData("cmr-holes", 1, "12324 KB allocated for PAMT")]
    public void success_is_the_total_in_the_kernels_words(string kernel, int id, string message)
    {
        RecordingLogger logger = Log(kernel, Machine.Of(ThreeNodes, Cmrs), ScriptedAllocator.From("4G"));

        logger.Entries.Should().Equal((LogLevel.Information, id, message, null));
    }

    [Theory]
    [InlineData("mainline", 8, null)]
    [InlineData("mainline", 7, null)]
    [InlineData("mainline", 6, "few TDMRs left: 3 of 6 used")]
    [InlineData("mainline", 3, "few TDMRs left: 3 of 3 used")]
    [InlineData("cmr-holes", 7, null)]
    [InlineData("cmr-holes", 6, "few TDMRs left: 3 of 6 used")]
    [InlineData("v5", 7, null)]
    [InlineData("v5", 6, null)]
    [InlineData("v5", 3, null)]
    public void fewer_than_4_tdmrs_left_is_a_warning_but_not_in_v5(string kernel, int maxTdmrs, string? message)
    {
        foreach (string memory in (string[])[ThreeNodes, ThreeTdmrsOfSixBlocks])
        {
            RecordingLogger logger = Log(
                kernel,
                Machine.Of(memory, Cmrs),
                ScriptedAllocator.From("4G"),
                new ModuleParameters { MaxTdmrs = maxTdmrs });

            logger.Entries.Should().HaveCount(message is null ? 1 : 2);
            if (message is not null)
                logger.Entries[0].Should().Be((LogLevel.Warning, 3, message, null));
        }
    }

    public static TheoryData<string, string, string, int, string> Failures => new()
    {
        { "v5", "4G..5G", "1G..2G", 11, "memory region [0x100000000, 0x140000000) is not TDX convertible memory" },
        { "cmr-holes", "0..512K", "", 12, "no memory at or above 1 MiB" },
        { "v5", "4G..5G, 7G..8G, 9G..10G", "0..1T", 13, "TDMRs exhausted" },
        { "mainline", "4G..5G, 5G..6G@1", "", 14,
            "TDMR [0x140000000, 0x180000000): no 1027 contiguous pages for its PAMTs" },
        { "mainline", "4G..4G+8M, 4G+12M..4G+16M", "", 15,
            "TDMR [0x100000000, 0x140000000): reserved areas exhausted" },
        { "mainline", "6G..7G", "", 16, "TDMR [0x180000000, 0x1c0000000): the page allocator returned 1027 pages at*" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void each_failure_is_an_error_of_its_own_event(
        string kernel, string memory, string cmrs, int id, string message)
    {
        // Has 1027 pages once, at 4G.
        ScriptedAllocator allocator = new(static (index, _) => index == 0 ? 4UL << 30 : null);
        RecordingLogger logger = Log(
            kernel, Machine.Of(memory, cmrs), allocator, new ModuleParameters { MaxTdmrs = 2, MaxReservedAreas = 2 });

        (LogLevel level, int eventId, string logged, Exception? exception) = logger.Entries[^1];
        level.Should().Be(LogLevel.Error);
        eventId.Should().Be(id);
        logged.Should().Match("initialization failed: " + message);
        exception.Should().BeNull();
        logger.Entries.Should().NotContain(static entry => entry.Id == 1 || entry.Id == 2);
    }

    [Fact]
    public void what_the_allocator_threw_is_logged_with_the_failure()
    {
        InvalidTimeZoneException thrown = new("out of time");
        RecordingLogger logger = Log("mainline", Machine.Of("4G..5G"), new ScriptedAllocator((_, _) => throw thrown));

        logger.Entries.Should().Equal((
            LogLevel.Error,
            16,
            "initialization failed: TDMR [0x100000000, 0x140000000): the page allocator threw "
                + "InvalidTimeZoneException: out of time",
            thrown));
    }

    [Fact]
    public void a_pamt_at_page_0_is_a_warning_before_the_error()
    {
        RecordingLogger logger = Log("mainline", Machine.Of("0..1G"), ScriptedAllocator.At("0"));

        logger.Entries.Select(static entry => (entry.Level, entry.Id))
            .Should().Equal((LogLevel.Warning, 5), (LogLevel.Error, 16));
        logger.Entries[0].Message.Should().Be("TDMR [0x0, 0x40000000): a PAMT at page 0 is not freed");
    }

    [Fact]
    public void a_chunk_that_cannot_be_freed_is_an_error_with_its_exception()
    {
        InvalidOperationException thrown = new();
        ScriptedAllocator allocator = new(static (index, _) => index == 0 ? 4UL << 30 : null)
        {
            OnFree = _ => throw thrown,
        };
        RecordingLogger logger = Log("mainline", Machine.Of("4G..5G@0, 5G..6G@1"), allocator);

        logger.Entries.Select(static entry => (entry.Level, entry.Id))
            .Should().Equal((LogLevel.Error, 6), (LogLevel.Error, 14));
        logger.Entries[0].Message.Should().Be("TDMR [0x100000000, 0x140000000): its PAMTs could not be freed");
        logger.Entries[0].Exception.Should().BeSameAs(thrown);
    }

    [Fact]
    public void nobody_need_listen()
    {
        Action construct = () => new TdmrConstructor(ScriptedAllocator.From("4G")).Construct(Machine.Of("4G..5G"));

        construct.Should().NotThrow();
    }

    private static RecordingLogger Log(
        string kernel, HostMemory host, ScriptedAllocator allocator, ModuleParameters? module = null)
    {
        RecordingLogger logger = new();
        new TdmrConstructor(allocator, Named.Kernel(kernel), module, logger: logger)
            .TryConstruct(host, out _, out _);
        return logger;
    }
}
