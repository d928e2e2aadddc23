using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Hosts.Report;
using TdxPamt.Module;
using TdxPamt.Planning;
using TdxPamt.Simulation;
using HostSet = TdxPamt.Hosts.TdmrSet;

namespace TdxPamt.Tests.Faults;

/// <summary>What says that it is safe for many threads gives eight of them at once what it gives one.</summary>
public class ThreadTests
{
    private const int Threads = 8;
    private const int Steps = 24;
    private const ulong GiB = 1UL << 30;
    private const ulong Tdr = (9 * GiB) + (512UL << 20);
    private const string Transcript = """
        session 1 module 1.5.25 packages 1 key-id-bits 6 first-private-key-id 0x20 memory-filled-with 0x0
        call 22 0 9100000100000008 0 0 -> 0 0 9100000100000009 40 0
        """;

    private static readonly HostMemory Host = Machine.Of("0..2G, 4G..5G-8M@1, 6G..7G@2", "0..8G", "5G..5G+1M");
    private static readonly HostDescription Described = new("three nodes", Host);
    private static readonly FreePageIndex Index = FreePageIndex.Create(Host);
    private static readonly NodeFallback Fallback = NodeFallback.Create([[0, 2, 1], null, [2, 1]]);
    private static readonly TdmrConstruction Construction =
        new TdmrConstructor(new LinuxPageAllocator(Index)).Construct(Host);

    private static readonly StrategyConstructor Strategies = new(PlanStrategies.AdjacentPamts, KernelModel.CmrHoles);
    private static readonly MemoryPlanner Planner = new();
    private static readonly PamtSimulation Simulation = PamtSimulation.Create(Host);
    private static readonly Fragmentation Much = Fragmentation.Uniform(0.9, 2);
    private static readonly HostPlan Plan = HostPlan.Create(Described);
    private static readonly HostComparison Comparison = HostComparison.Create(Described);
    private static readonly ModuleVerdict Verdict = Plan.Verdict;
    private static readonly HostSet Set = PlanDocument.Parse(Bytes(output => PlanDocument.Write(Plan, output)), "-");
    private static readonly byte[] HostJson = Bytes(output => HostDocument.Write(Described, output));
    private static readonly byte[] PlanJson = Bytes(output => PlanDocument.Write(Plan, output));
    private static readonly SimulationReport Report = new(
        "three nodes", KernelModel.Mainline, 8, 1)
    {
        Points = [new(AllocatorPolicy.Linux, 0.5, Simulation.Run(Much, new() { Trials = 8, Threads = 1 }))],
    };

    private static readonly TdmrConstructor Constructor = new(new LockedAllocator(), logger: NullLogger.Instance);
    private static readonly SparsePhysicalMemory Memory = new();
    private static readonly ModuleMachine Module = ReadyModule();
    private static readonly DynamicPamtPairs Pairs = new(Module.Module, new LedgerPages(9 * GiB, 512));

    /// <summary>Work on what is shared between threads, by the types that it shows to be safe. A step's number chooses
    /// what is asked; a thread's, what memory is its own.</summary>
    private static readonly (Type[] Shown, Func<int, int, string> Work)[] Works =
    [
        ([typeof(HostMemory)], static (_, step) => $"{string.Join(' ', Host.FallbackOrder(step).ToArray())} "
            + $"{Host.RamBytes} {Host.TdxMemoryBlocks[step % Host.TdxMemoryBlocks.Count]}"),
        ([typeof(AddressRanges)], static (_, step) => string.Join(' ', AddressRanges.Gaps(Host.Cmrs.Span))
            + AddressRanges.FirstEndingAbove(Host.Cmrs.Span, (ulong)step * GiB)),
        ([typeof(NodeFallback)], static (_, step) => string.Join(
            ' ', HostMemory.Create(Host.Regions, fallback: Fallback).FallbackOrder(step % 3).ToArray())),
        ([typeof(ValueList<>), typeof(ValueList)], static (_, step) =>
            $"{Construction.Tdmrs.Count} {Construction.Tdmrs[step % 2]} "
            + $"{string.Join(' ', Construction.TdmrsByPamt)} {Construction.Tdmrs == Construction.TdmrsByPamt}"),
        ([typeof(FreePageIndex), typeof(AllocatorPolicy)], static (_, step) => Allocate(
            Named.Policy(AllocatorPolicy.All[step % AllocatorPolicy.All.Count].Name), step)),
        ([typeof(FirstBlockNodeLookup)], static (_, step) => FirstBlockNodeLookup.Instance
            .TryGetNode(Host, Construction.Tdmrs[step % 3].Range, out int node) + $" {node}"),
        ([typeof(KernelModel)], static (_, step) => $"{Named.Kernel(KernelModel.All[step % 3].Name)}"),
        ([typeof(PageSizes)], static (_, step) => ((PageSize)(step % 3)).Label() + ((PageSize)(step % 3)).Bytes()),
        ([typeof(TdmrConstructor)], static (_, _) =>
        {
            using TdmrConstruction construction = Constructor.Construct(Host);
            return $"{construction.PamtPages} {construction.Tdmrs.Count}";
        }),
        ([typeof(TdmrConstruction)], static (_, step) => $"{Construction.PamtKiB} {Construction.PagesInUse} "
            + Construction.IsPamtPage(Construction.Tdmrs[step % 3].Pamt4K.Base)),
        ([typeof(CmrTable), typeof(SysConfig), typeof(TdmrInfoTable), typeof(PhysicalMemoryExtensions)],
            static (_, _) => CheckBytes()),
        ([typeof(LinuxTdxStart), typeof(TdxModuleRelease)], static (_, step) =>
            Start(TdxModuleRelease.All[2 + (step % 3)])),
        ([typeof(SeamcallTranscript), typeof(ReplayDocument)], static (_, _) => Text(output =>
            ReplayDocument.Write(SeamcallTranscript.Replay(new StringReader(Transcript)), output))),
        ([typeof(SparsePhysicalMemory)], static (thread, step) => WriteAndRead(thread, step)),
        ([typeof(TdxModule), typeof(DynamicPamtPairs)], static (thread, step) => AssignAndRelease(thread, step)),
        ([typeof(StrategyConstructor)], static (_, _) => Strategies.Construct(Host).ToString()),
        ([typeof(MemoryPlanner)], static (_, _) => Planner.Plan(Host).ToString()),
        ([typeof(PlanOrder)], static (_, step) => $"{PlanOrder.Instance.Compare(Planner.Plan(Host), null)} {step}"),
        ([typeof(PlanStrategyNames)], static (_, step) => ((PlanStrategies)(step % 4)).Name()),
        ([typeof(LayoutHeadroom)], static (_, step) => string.Join(
            '\n', LayoutHeadroom.Create(Host, KernelModel.All[step % 3]))),
        ([typeof(Fragmentation)], static (_, step) => string.Join(' ', Much.Sample(Host, 1, step))),
        ([typeof(PamtSimulation)], static (_, step) => Simulation.Run(
            Much, new() { Trials = 40, Threads = (step % 3) + 1, Seed = (ulong)step }).ToString()),
        ([typeof(HostDescription), typeof(HostDocument)], static (_, _) => Text(output =>
            HostDocument.Write(HostDocument.Parse(HostJson, "-"), output))),
        ([typeof(HostReader)], static (_, _) => HostReader.Read(HostJson, "-").ToString()),
        ([typeof(PageTypeInfo)], static (_, _) => PageTypeInfo.Parse(
            "Number of blocks type     Unmovable      Movable\nNode 0, zone   Normal 1 2\n").Zones.ToString()),
        ([typeof(HostPlan), typeof(PlanDocument)], static (_, _) => Text(output => PlanDocument.Write(Plan, output))
            + Text(output => PlanDocument.Write(HostPlan.Create(Described), output))),
        ([typeof(HostSet)], static (_, _) => Set.Check().ToString()),
        ([typeof(HostComparison), typeof(ComparisonDocument)], static (_, _) =>
            Text(output => ComparisonDocument.Write(Comparison, output))),
        ([typeof(VerdictDocument)], static (_, _) => Text(output => VerdictDocument.Write("x", Verdict, output))),
        ([typeof(SimulationDocument)], static (_, _) => Text(output => SimulationDocument.Write(Report, output))),
        ([typeof(SimulationChart), typeof(SimulationReport)], static (_, _) =>
            Document(output => SimulationChart.Write(Report, output))),
        ([typeof(MemoryMap)], static (_, _) => Document(output => MemoryMap.Write(Plan, output))),
        ([typeof(HtmlReport)], static (_, _) => Document(output => HtmlReport.Write(Plan, output, Report))),
        ([typeof(HostCost), typeof(CostDocument)], static (_, _) =>
            Text(output => CostDocument.Write(HostCost.Create(Plan), output))),
        ([typeof(HostCheckup), typeof(CheckupDocument), typeof(PlanActions)], static (_, _) =>
            Text(output => CheckupDocument.Write(HostCheckup.Create(Described), output))),
        ([typeof(HostCommands)], static (_, _) =>
            Text(output => HostCommands.Plan(HostJson, "fox", default, output))),
        ([typeof(CostChart)], static (_, _) => Document(output => CostChart.Write(HostCost.Create(Plan), output))),
        ([typeof(HostDesign), typeof(ScaledHost), typeof(PublishedHosts)], static (_, _) =>
            new HostDesign(1UL << 40).TryCreate(out HostDescription? host, out string? problem)
            && ScaledHost.TryCreate(host, 1UL << 41, out host, out problem)
                ? Text(output => HostDocument.Write(host, output)) : problem),
        ([typeof(SeamcallExplanation), typeof(ExplanationDocument), typeof(SeamcallLog)], static (_, _) =>
            string.Concat(SeamcallLog.Read("SEAMCALL (0x22) failed: 0xc000050500000000\n"u8).Select(static call =>
                Text(output => ExplanationDocument.Write(call.Explain(), output))))),
        ([typeof(DocumentSchema)], static (_, _) => string.Concat(DocumentSchema.Names.Select(
            static name => DocumentSchema.TryRead(name, out string? schema) ? schema : name))),
        ([typeof(PlanStream)], static (_, _) =>
            Stream((input, output) => PlanStream.Run(input, output, "-"), HostJson)),
        ([typeof(CheckStream)], static (_, _) =>
            Stream((input, output) => CheckStream.Run(input, output, "-"), PlanJson)),
        ([typeof(ComparisonStream)], static (_, _) =>
            Stream((input, output) => ComparisonStream.Run(input, output, "-"), HostJson)),
        ([typeof(CostStream)], static (_, _) =>
            Stream((input, output) => CostStream.Run(input, output, "-"), HostJson)),
        ([typeof(SimulationStream)], static (_, _) =>
            Stream((input, output) => SimulationStream.Run(input, output, "-", static _ => Report), HostJson)),
        ([typeof(SummaryDocument)], static (_, _) => Text(output => SummaryDocument.Write(Fleet(), output))),
        ([typeof(FleetChart)], static (_, _) => Document(static output => FleetChart.Write(Fleet(), output))),
    ];

    public static TheoryData<int> Each
    {
        get
        {
            TheoryData<int> each = [];
            for (int i = 0; i < Works.Length; i++)
                each.Add(i);
            return each;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void eight_threads_at_once_get_what_one_gets(int work)
    {
        (Type[] shown, Func<int, int, string> run) = Works[work];
        string[] expected = [.. Enumerable.Range(0, Steps).Select(step => run(0, step))];
        expected.Should().NotContain("");
        List<string> faults = [];
        using Barrier start = new(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() => Run(number)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        faults.Should().BeEmpty("{0} is said to be safe", shown[0].Name);

        void Run(int number)
        {
            start.SignalAndWait();
            for (int i = 0; i < Steps; i++)
            {
                int step = (i + (number * 3)) % Steps;
                string answer;
                try
                {
                    answer = run(number, step);
                }
                catch (Exception exception)
                {
                    answer = exception.ToString();
                }

                if (answer != expected[step])
                {
                    lock (faults)
                        faults.Add($"step {step}: {answer} instead of {expected[step]}");
                }
            }
        }
    }

    [Fact]
    public void all_that_is_said_to_be_safe_for_many_threads_is_shown_to_be()
    {
        Type[] shown = [.. Works.SelectMany(static work => work.Shown)];
        ApiDocs.Types
            .Where(static type => type is { IsEnum: false, IsInterface: false })
            .Where(static type => ApiDocs.Text(type, "remarks") is { } remarks
                && remarks.Contains("safe for many", StringComparison.Ordinal)
                && !remarks.Contains("Not safe", StringComparison.Ordinal))
            .Except(shown)
            .Should().BeEmpty();
    }

    private static ModuleMachine ReadyModule()
    {
        TdmrInfoEntry[] tdmrs = SampleTdmrs.Create(new() { DynamicPamt = true });
        ModuleMachine machine = ModuleMachine.Ready(tdmrs, dynamic: true);
        machine.Initialize(tdmrs[2]);
        machine.AddTdr(Tdr, Tdr + (2UL << 20));
        return machine;
    }

    private static string Allocate(AllocatorPolicy policy, int step)
    {
        PageAllocator allocator = policy.CreateAllocator(Index);
        StringBuilder text = new();
        while (allocator.TryAllocate(5000 + ((ulong)step * 100), [step % 3, 0, 1, 2], out ulong address))
            text.Append($"{address:x} ");
        return text.ToString();
    }

    private static string CheckBytes()
    {
        TdmrInfoEntry[] tdmrs = SampleTdmrs.Create();
        byte[] bytes = new byte[tdmrs.Length * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(tdmrs, bytes);
        TdmrInfoEntry[] read = new TdmrInfoEntry[tdmrs.Length];
        TdmrInfoTable.Read(bytes, read);
        byte[] table = new byte[CmrTable.Bytes];
        CmrTable.Write(SampleTdmrs.Cmrs, table);
        CmrInfo[] cmrs = new CmrInfo[CmrTable.Entries];
        CmrTable.Read(table, cmrs);
        ulong written = new SparsePhysicalMemory().WriteTdmrInfos(0x8000, tdmrs);
        return $"{SysConfig.Check(read, cmrs)} {written}";
    }

    private static string Start(TdxModuleRelease release)
    {
        TdxModule module = TdxModule.FromHost(Host, new() { Release = release });
        return LinuxTdxStart.Run(module, Construction.Tdmrs.Span, LinuxTdxStartKernel.V7_3).ToString() + module;
    }

    /// <summary>Threads write to pages of their own, side by side, and read what nobody writes.</summary>
    private static string WriteAndRead(int thread, int step)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)(step + 1), 5000)];
        ulong at = ((ulong)((step * Threads) + thread) * 0x10000) + 77;
        Memory.Write(at, bytes);
        byte[] read = new byte[5002];
        Memory.Read(at - 1, read);
        Memory.Clear(at, 5000);
        return Convert.ToHexString(read);
    }

    /// <summary>Threads use pages of their own in regions that they share.</summary>
    private static string AssignAndRelease(int thread, int step)
    {
        ulong page = (8 * GiB) + ((ulong)(4 + (step % 4)) << 21) + ((ulong)(64 + thread) << 12);
        List<object?> told = [Pairs.TryAcquire(page, out DynamicPamtFailure? failure), failure];
        told.Add(Module.Take(page, PageSize.Page4K, Tdr));
        told.Add(Module.Module.TryGetPage(page, out PamtPage found));
        told.Add(found);
        told.Add(Module.Reclaim(page));
        told.Add(Pairs.TryRelease(page, out failure));
        told.Add(failure);
        return string.Join(' ', told);
    }

    private static FleetSummary Fleet()
    {
        FleetSummary fleet = new();
        fleet.Add(Plan);
        return fleet;
    }

    private static string Stream(Func<Stream, Stream, StreamSummary> run, byte[] line)
    {
        using MemoryStream input = new([.. line, (byte)'\n', .. line, (byte)'\n']);
        using MemoryStream output = new();
        return $"{run(input, output)} {Encoding.UTF8.GetString(output.ToArray())}";
    }

    private static string Document(Action<Stream> write)
    {
        using MemoryStream document = new();
        write(document);
        return Encoding.UTF8.GetString(document.ToArray());
    }

    private static string Text(Action<IBufferWriter<byte>> write) => Encoding.UTF8.GetString(Bytes(write));

    private static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> output = new();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What an embedder puts around an allocator to use it from many threads.</summary>
    private sealed class LockedAllocator : IContiguousPageAllocator
    {
        private readonly LinuxPageAllocator _pages = new(Index);

        public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
        {
            lock (_pages)
                return _pages.TryAllocate(pages, nodes, out address);
        }

        public void Free(ulong address, ulong pages)
        {
            lock (_pages)
                _pages.Free(address, pages);
        }
    }
}
