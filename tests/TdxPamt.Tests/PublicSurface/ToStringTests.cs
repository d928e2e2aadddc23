using System.Globalization;
using System.Reflection;
using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.PublicSurface;

/// <summary>What a debugger shows of an object says what is in it.</summary>
public class ToStringTests
{
    public static TheoryData<string> Names { get; } = [.. Types().Select(static type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void every_public_type_says_what_is_in_it(string name)
    {
        Type type = Types().Single(type => type.FullName == name);
        MethodInfo toString = type.GetMethod(nameof(ToString), Type.EmptyTypes)!;
        toString.DeclaringType!.Name
            .Should().NotBe(nameof(Object), "{0} overrides it", name).And.NotBe(nameof(ValueType));
    }

    [Fact]
    public void real_objects_of_every_public_type_print_no_type_names()
    {
        object[] objects = [.. Objects()];
        foreach (object real in objects)
        {
            string text = real.ToString()!;
            text.Should().NotBeNullOrWhiteSpace("{0} has something to say", real.GetType());
            text.Should().NotBe(real.GetType().Name).And.NotContainAny("TdxPamt.", "System.", "`");
        }

        Types()
            .Where(static type => !typeof(Exception).IsAssignableFrom(type))
            .Where(type => !objects.Any(real => IsOf(real.GetType(), type)))
            .Select(static type => type.Name)
            .Should().BeEmpty("each type has an object here");
    }

    [Fact]
    public void texts_do_not_depend_on_the_culture()
    {
        string[] texts = [.. Texts()];
        CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        other.NumberFormat.NegativeSign = "~";
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = other;
            string.Join("\n", Texts()).Should().Be(string.Join("\n", texts));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static IEnumerable<string> Texts() => Objects()
            .Append(new HeadroomRow(KernelModel.Mainline, HeadroomResource.Nodes, 3, 2, null))
            .Append(new LargestRuns(1, 1.5, 2))
            .Select(static real => real.ToString()!);
    }

    private static bool IsOf(Type real, Type type) =>
        type.IsAssignableFrom(real) || (real.IsGenericType && real.GetGenericTypeDefinition() == type);

    private static IEnumerable<Type> Types() => new[] { typeof(HostMemory), typeof(HostReader) }
        .SelectMany(static type => type.Assembly.GetExportedTypes())
        .Where(static type => (type.IsClass || type.IsValueType) && !type.IsEnum)
        .Where(static type => !(type.IsAbstract && type.IsSealed) && !typeof(Delegate).IsAssignableFrom(type));

    private static IEnumerable<object> Objects()
    {
        const string Document = """
            { "name": "fox", "memory": [ { "start": "0x100000", "end": "0x80000000", "node": 0 } ],
              "cmrs": [ { "start": "0x100000", "end": "0x80000000" } ], "movable": [ { "node": 1, "start": 0 } ],
              "blocked": [ { "start": "0x40000000", "end": "0x40200000", "kind": "unmovable" } ] }
            """;
        const string Log = "CMR: [0x100000, 0x80000000)\n8212 KB allocated for PAMT\n";
        HostDescription host = HostReader.Read(System.Text.Encoding.UTF8.GetBytes(Document), "fox.json");
        HostDescription logged = HostReader.Read(System.Text.Encoding.UTF8.GetBytes(Log), "fox.log");
        HostPlan plan = HostPlan.Create(host);
        yield return host;
        yield return logged;
        yield return logged.Reported!;
        yield return host.Memory;
        yield return host.Memory.Regions;
        yield return host.Memory.Regions[0];
        yield return host.Memory.BlockedRanges[0];
        yield return host.Memory.MovableZones[0];
        yield return host.Memory.Cmrs[0];
        yield return NodeFallback.Create([[0, 1], [1, 0]]);
        HostMemory.TryCreate([default], null, null, null, null, out _, out HostMemoryFailure? contradiction);
        yield return contradiction!;
        AddressRange.TryCreate(1, 0, out _, out AddressRangeFailure? wrong);
        yield return wrong!;
        yield return plan;
        yield return plan.Verdict;
        yield return plan.Module;
        yield return plan.Module.PamtEntrySizes;
        yield return plan.Kernel;
        yield return PlanStrategyInfo.All[1];
        yield return HostPlan.Create(host, module: ModuleParameters.Default with { MaxReservedAreas = 0 }).Failure!;
        yield return HostComparison.Create(host, withHeadroom: true);
        yield return HostCost.Create(plan);
        yield return new HostDesign(1UL << 40);
        HostCheckup checkup = HostCheckup.Create(host, module: ModuleParameters.Default with { MaxReservedAreas = 1 });
        yield return checkup;
        yield return checkup.Checks[0];
        yield return PlanActions.Create(RealHosts.Read(RealHosts.FoxCreekPass))[0];
        FleetSummary fleet = new();
        fleet.Add(plan);
        yield return fleet;
        yield return fleet.Distributions[FleetSummary.PamtKiB];
        yield return fleet.Tightest[0];
        yield return new LoggedSeamcall(3, 0x22, new(0xC000050500000000));

        FreePageIndex index = FreePageIndex.Create(host.Memory);
        yield return index;
        yield return FirstBlockNodeLookup.Instance;
        foreach (AllocatorPolicy policy in AllocatorPolicy.All)
        {
            yield return policy;
            yield return policy.CreateAllocator(index);
        }

        TdmrConstructor constructor = new(new LinuxPageAllocator(host.Memory));
        using TdmrConstruction construction = constructor.Construct(host.Memory);
        yield return constructor;
        yield return construction;
        yield return construction.Tdmrs[0];
        yield return construction.Tdmrs[0].Pamt4K;
        yield return construction.Tdmrs[0].ReservedAreas[0];
        yield return PamtSizes.Calculate(1 << 30);

        foreach (object real in ModuleObjects(plan).Concat(PlanningObjects(host)).Concat(SimulationObjects(host)))
            yield return real;
    }

    private static IEnumerable<object> ModuleObjects(HostPlan plan)
    {
        CmrInfo[] cmrs = [CmrInfo.FromRange(plan.Host.Memory.Cmrs[0])];
        TdmrInfoEntry block = TdmrInfoEntry.FromTdmr(plan.Tdmrs[0]);
        yield return SeamcallExplanation.Create(new(0xC000050500000000));
        TdxModule module = new(cmrs);
        yield return cmrs[0];
        yield return block;
        yield return block.GetReservedArea(0);
        yield return new TdmrSet(
            "fox", ValueList.Create<CmrInfo>(cmrs), ValueList.Create<TdmrInfoEntry>([block]), plan.Module);
        yield return module;
        yield return new TdxModuleOptions();
        yield return new SparsePhysicalMemory();
        yield return new DynamicPamtPairs(module, new NoPages());
        yield return DynamicPamtCost.Create(plan.Tdmrs.Span);
        yield return new DynamicPamtFailure(0x200000, CompletionStatus.Success);
        yield return new SeamcallRegisters { Rax = 45 };
        yield return new TdSysInfo { MajorVersion = 2, BuildNumber = 1, BuildDate = 20260101 };
        yield return CompletionStatus.Success;
        yield return PamtEntry.ForPage(PamtPageType.Regular, owner: 0x12000);
        yield return new PamtPage(PageSize.Page4K, PamtPageType.Regular, 0x12000);
        yield return new MetadataFieldId(0x9100000100000008);
        yield return TdxModuleRelease.V1525;
        yield return new LinuxTdxStartOptions();
        LinuxTdxStartResult stopped = LinuxTdxStart.Run(module, plan.Tdmrs.Span, LinuxTdxStartKernel.V6_12);
        LinuxTdxStartResult again = LinuxTdxStart.Run(module, plan.Tdmrs.Span, LinuxTdxStartKernel.V7_3);
        yield return stopped;
        yield return again.Failure!;
        SeamcallRegisters shutdown = new() { Rax = (ulong)SeamcallLeaf.SysShutdown, Rcx = 1 };
        module.Call(ref shutdown);
        yield return module.Handoff!;
        yield return new SeamcallRecorder(new TdxModule(cmrs), TextWriter.Null);
        yield return new SeamcallReplay(3, 1, [new SeamcallDifference(2, "state ready", "state shut-down")]);
        yield return new SeamcallDifference(2, "state ready", "state shut-down");
        yield return new StreamSummary(3, 2, 1);
    }

    private static IEnumerable<object> PlanningObjects(HostDescription host)
    {
        HostComparison comparison = HostComparison.Create(host, withHeadroom: true);
        LayoutExplanation explanation = LayoutExplanation.Create(host.Memory, KernelModel.Mainline);
        PamtTotalExplanation figure = PamtTotalExplanation.Create(host.Memory, reportedKiB: 12316);
        yield return comparison.Plans;
        yield return comparison.Plans.Candidates[0];
        yield return comparison.Plans.Candidates[0].Plan!;
        yield return comparison.Headroom[0];
        yield return explanation;
        yield return explanation.Tdmrs[0];
        yield return explanation.Tdmrs[0].Areas[0];
        yield return figure;
        yield return figure.Causes[0];
        yield return new MemoryPlanner();
        yield return new StrategyConstructor(PlanStrategies.MergeAreas);
        yield return PlanOrder.Instance;
    }

    private static IEnumerable<object> SimulationObjects(HostDescription host)
    {
        SimulationOptions options = new() { Trials = 10, Threads = 1, Progress = new Progress<int>() };
        PamtSimulation simulation = PamtSimulation.Create(host.Memory);
        SimulationResult result = simulation.Run(Fragmentation.Uniform(0.001), options);
        UnmovableThreshold threshold = simulation.FindThreshold(0.5, options: options);
        yield return options;
        yield return simulation;
        yield return result;
        yield return result.Success;
        yield return result.LargestRuns;
        yield return threshold;
        yield return Fragmentation.Uniform(0.001);
        yield return new ZoneShare(0, MemoryZone.Normal, 1, 10);
        yield return new SimulationPoint(AllocatorPolicy.Linux, 0.001, result);
        yield return new SimulationThreshold(AllocatorPolicy.Linux, threshold);
        yield return PageTypeInfo.Parse("Number of blocks type Unmovable\nNode 0, zone DMA 1");
        yield return new SimulationReport("fox", KernelModel.Mainline, 10, 1) { Warnings = ["one"] };
    }

    private sealed class NoPages : IPamtPageSource
    {
        public bool TryAllocate(out ulong page)
        {
            page = 0;
            return false;
        }

        public void Free(ulong page)
        {
            // It gave none.
        }
    }
}
