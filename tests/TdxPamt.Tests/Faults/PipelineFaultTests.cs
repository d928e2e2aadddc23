namespace TdxPamt.Tests.Faults;

/// <summary>Whatever fails at whichever call: no page is lost, none freed twice, what failed first is told.</summary>
public class PipelineFaultTests
{
    private static readonly Dictionary<string, HostMemory> Hosts = new(StringComparer.Ordinal)
    {
        ["five TDMRs"] = Machine.Of("0..1G@0, 1G..2G@1, 2G..3G@0, 3G..4G@1, 4G..5G@0", "0..5G"),
        ["granite"] = Machine.Of(RealHosts.GraniteMemory, RealHosts.GraniteCmrs),
        ["xeon"] = RealHosts.Read(RealHosts.Xeon.File),
        ["sparse"] = WithCmrs(RealHosts.Read(RealHosts.Sparse.File)),
        ["uneven"] = WithCmrs(RealHosts.Read(RealHosts.Uneven.File)),
    };

    private static readonly Dictionary<string, FreePageIndex> Indexes =
        Hosts.ToDictionary(
            static host => host.Key, static host => FreePageIndex.Create(host.Value), StringComparer.Ordinal);

    public static TheoryData<string, string> Each
    {
        get
        {
            TheoryData<string, string> each = [];
            foreach (KernelModel kernel in KernelModel.All)
            {
                foreach (string host in Hosts.Keys)
                    each.Add(kernel.Name, host);
            }

            return each;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void an_allocator_that_misbehaves_at_any_request_loses_no_page(string kernel, string host)
    {
        int requests = Requests(kernel, host);
        foreach (Violation violation in Enum.GetValues<Violation>())
        {
            for (int k = 0; k < requests; k++)
            {
                LedgerAllocator allocator = new(Hosts[host], Indexes[host]) { Wrong = (k, violation) };
                bool constructed = Constructor(kernel, allocator)
                    .TryConstruct(Hosts[host], out TdmrConstruction? construction, out TdmrFailure? failure);

                if (allocator.Faults > 0)
                {
                    (constructed, construction, failure!.TdmrIndex).Should().Be((false, null, k), "{0}", violation);
                    failure.Code.Should().Be(violation == Violation.HasNoPages
                        ? TdmrFailureCode.PamtAllocationFailed
                        : TdmrFailureCode.AllocatorMisbehaved);
                    failure.Cause.Should().BeSameAs(violation == Violation.Throws ? allocator.Thrown : null);
                }

                construction?.Dispose();
                construction?.Dispose();
                ShouldBalance(allocator, $"{violation} at {k}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void a_free_that_throws_at_any_chunk_keeps_no_other_and_replaces_no_failure(string kernel, string host)
    {
        int requests = Requests(kernel, host);
        for (int k = 0; k < requests; k++)
        {
            for (int j = 0; j < k; j++)
            {
                LedgerAllocator allocator = new(Hosts[host], Indexes[host])
                {
                    Wrong = (k, Violation.Throws),
                    FreeThrowsAt = j,
                };
                Constructor(kernel, allocator).TryConstruct(Hosts[host], out _, out TdmrFailure? failure);

                (failure!.TdmrIndex, allocator.Faults).Should().Be((k, 2));
                failure.Cause.Should().BeSameAs(allocator.Thrown);
                ShouldBalance(allocator, $"throws at {k}, and at {j} when freed");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void freeing_what_was_constructed_hands_everything_back_whichever_throws(string kernel, string host)
    {
        int requests = Requests(kernel, host);
        for (int j = 0; j < requests; j++)
        {
            LedgerAllocator allocator = new(Hosts[host], Indexes[host]) { FreeThrowsAt = j };
            if (!Constructor(kernel, allocator).TryConstruct(Hosts[host], out TdmrConstruction? construction, out _))
                continue;
            Action free = construction.Dispose;

            free.Should().Throw<AggregateException>().Which.InnerExceptions.Should().Equal(allocator.Thrown);
            construction.PagesInUse.Should().Be(0);
            free.Should().NotThrow("the second time there is nothing to free");
            ShouldBalance(allocator, $"throws at {j}");
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void a_node_lookup_that_throws_at_any_tdmr_is_heard_and_loses_no_page(string kernel, string host)
    {
        int requests = Requests(kernel, host);
        for (int k = 0; k < requests; k++)
        {
            LedgerAllocator allocator = new(Hosts[host], Indexes[host]);
            ThrowingNodeLookup lookup = new(k);
            TdmrConstruction? construction = null;
            Action construct = () =>
                Constructor(kernel, allocator, null, lookup).TryConstruct(Hosts[host], out construction, out _);

            construct.Should().Throw<KeyNotFoundException>().Which.Should().BeSameAs(lookup.Thrown);
            construction.Should().BeNull();
            ShouldBalance(allocator, $"lookup throws at {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void a_logger_that_throws_at_any_message_loses_no_page_and_no_failure(string kernel, string host)
    {
        int last = Requests(kernel, host) - 1;
        foreach (Violation? violation in
            (Violation?[])[null, Violation.Throws, Violation.ReturnsPage0, Violation.HasNoPages])
        {
            for (int message = 0, messages = 1; message < messages; message++)
            {
                LedgerAllocator allocator = new(Hosts[host], Indexes[host])
                {
                    Wrong = violation is { } wrong ? (last, wrong) : (-1, default),
                    FreeThrowsAt = 0,
                };
                int logged = 0;
                InvalidCastException thrown = new();
                RecordingLogger logger = new() { OnLog = _ => ThrowWhen(logged++ == message, thrown) };
                TdmrConstructor constructor = Constructor(kernel, allocator, logger, new ThrowingNodeLookup(-1, 0));
                TdmrConstruction? construction = null;
                TdmrFailure? failure = null;
                try
                {
                    constructor.TryConstruct(Hosts[host], out construction, out failure);
                }
                catch (InvalidCastException exception)
                {
                    exception.Should().BeSameAs(thrown);
                    logger.Entries[message].Id.Should().BeInRange(1, 4, "of a failure it is told in vain");
                    (construction, failure).Should().Be((null, null));
                }

                if (failure is not null && violation is not null)
                    failure.TdmrIndex.Should().Be(last);
                FluentActions.Invoking(() => construction?.Dispose()).Should().NotThrow<InvalidCastException>();
                ShouldBalance(allocator, $"{violation}, logger throws at {message}");
                messages = Math.Max(messages, logged);
            }
        }
    }

    [Fact]
    public void a_chunk_that_leaves_the_machine_and_shares_pages_is_not_freed_twice()
    {
        HostMemory host = Machine.Of("1G..2G@0, 2G..3G@1, 3G..4G+4M@0");
        ScriptedAllocator allocator = ScriptedAllocator.At("1G, 4G-4M, 4G-4K");
        new TdmrConstructor(allocator).TryConstruct(host, out _, out TdmrFailure? failure).Should().BeFalse();

        failure!.Code.Should().Be(TdmrFailureCode.AllocatorMisbehaved);
        allocator.Freed.Should().Equal(allocator.Given[1], allocator.Given[0]);
    }

    [Fact]
    [Trait("Category", "soak")]
    public void on_random_hosts_faults_at_random_calls_lose_no_page()
    {
        long faults = 0;
        ulong lost = 0;
        new RandomHosts(tiny: false).Hold(2000, random =>
        {
            HostMemory host = random.ToHostMemory();
            FreePageIndex index = FreePageIndex.Create(host);
            for (int k = 0; k < 8; k++)
            {
                foreach (Violation violation in Enum.GetValues<Violation>())
                {
                    LedgerAllocator allocator = new(host, index) { Wrong = (k, violation), FreeThrowsAt = k / 2 };
                    new TdmrConstructor(allocator, random.Kernel, random.ToModuleParameters())
                        .TryConstruct(host, out TdmrConstruction? construction, out _);
                    try
                    {
                        construction?.Dispose();
                    }
                    catch (AggregateException)
                    {
                        // Every chunk was handed back all the same.
                    }

                    Interlocked.Add(ref faults, allocator.Faults);
                    if (allocator.PagesLost + allocator.PagesFreedTwice > 0)
                        Interlocked.Add(ref lost, allocator.PagesLost + allocator.PagesFreedTwice);
                    ShouldBalance(allocator, $"{violation} at {k}");
                }
            }
        });
        Samples.Report((long)faults, "faults injected");
        Samples.Report((long)lost, "pages lost");
        faults.Should().BePositive();
    }

    private static HostMemory WithCmrs(HostMemory host) =>
        HostMemory.Create(host.Regions, host.Regions.Select(static region => region.Range));

    private static TdmrConstructor Constructor(
        string kernel,
        IContiguousPageAllocator allocator,
        RecordingLogger? logger = null,
        INodeLookup? nodeLookup = null) =>
        new(allocator, Named.Kernel(kernel), nodeLookup: nodeLookup, logger: logger);

    /// <summary>How many TDMRs ask for pages where nothing goes wrong.</summary>
    private static int Requests(string kernel, string host)
    {
        LedgerAllocator allocator = new(Hosts[host], Indexes[host]);
        if (Constructor(kernel, allocator).TryConstruct(Hosts[host], out TdmrConstruction? construction, out _))
            construction.Dispose();
        ShouldBalance(allocator, "nothing goes wrong");
        return allocator.Requests;
    }

    private static void ShouldBalance(LedgerAllocator allocator, string what)
    {
        if ((allocator.PagesLost, allocator.PagesFreedTwice) != (0, 0))
        {
            Assert.Fail($"{what}: {allocator.PagesLost} pages are lost, "
                + $"{allocator.PagesFreedTwice} freed twice");
        }
    }

    private static void ThrowWhen(bool condition, Exception exception)
    {
        if (condition)
            throw exception;
    }
}
