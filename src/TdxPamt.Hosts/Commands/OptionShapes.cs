using System.Text.Json.Serialization;
using TdxPamt.Module;
using TdxPamt.Planning;
using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>The options of a command as a JSON object: those that change what the module is taken to report.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal class ModuleOptionsShape
{
    public bool? DynamicPamt { get; set; }

    public int? MaxTdmrs { get; set => field = InRange(value, 1, ushort.MaxValue); }

    public int? MaxReservedAreas { get; set => field = InRange(value, 0, ushort.MaxValue); }

    internal ModuleParameters Apply(ModuleParameters module) => module with
    {
        DynamicPamt = DynamicPamt ?? module.DynamicPamt,
        MaxTdmrs = MaxTdmrs ?? module.MaxTdmrs,
        MaxReservedAreas = MaxReservedAreas ?? module.MaxReservedAreas,
    };

    private protected static double? InRange(double? value, double min, double max) =>
        value is null || (value >= min && value <= max)
        ? value
        : throw new ShapeException(max == double.MaxValue
            ? FormattableString.Invariant($"it must be from {min} up")
            : FormattableString.Invariant($"it must be from {min} to {max}"));

    private protected static int? InRange(int? value, int min, int max) =>
        value is null || (value >= min && value <= max)
        ? value
        : throw new ShapeException($"it must be from {min} to {max}");
}

/// <summary>The options of a command that follows one kernel.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal class KernelOptionsShape : ModuleOptionsShape
{
    public KernelModel Kernel { get; set; } = null!;

    internal KernelModel KernelFor(HostDescription host) => host.KernelOr(Kernel);

    internal ModuleParameters ModuleFor(HostDescription host) => Apply(host.ModuleFor(KernelFor(host)));

    internal HostCheckup CheckUp(HostDescription host) =>
        HostCheckup.Create(host, KernelFor(host), ModuleFor(host));
}

/// <summary>The options of <c>plan</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class PlanOptionsShape : KernelOptionsShape
{
    public string Strategy
    {
        get;
        set
        {
            Strategies = PlanStrategyNames.TryParse(value.Replace(',', '+'), out PlanStrategies strategies)
                ? strategies
                : throw new ShapeException("it must be kernel or some of "
                    + string.Join(", ", PlanStrategyNames.Each.Select(static each => each.Name())));
            field = value;
        }
    } = PlanStrategies.None.Name();

    private PlanStrategies Strategies { get; set; }

    internal HostPlan Plan(HostDescription host, string fileName) => HostPlan.Create(
        Strategies == PlanStrategies.None ? host : host.ThrowIfTooLarge(fileName),
        KernelFor(host),
        ModuleFor(host),
        Strategies);
}

/// <summary>The options of <c>check</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class CheckOptionsShape : ModuleOptionsShape
{
    public TdxModuleRelease ModuleRelease { get; set; } = null!;

    public int? PhysicalAddressBits { get; set => field = InRange(value, 32, 52); }

    internal TdmrSet Apply(TdmrSet set) => set with
    {
        Module = Apply(set.Module) with
        {
            PhysicalAddressBits = PhysicalAddressBits ?? set.Module.PhysicalAddressBits,
        },
        Release = ModuleRelease,
    };
}

/// <summary>The options of <c>compare</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class CompareOptionsShape : ModuleOptionsShape
{
    public bool Headroom { get; set; }

    internal HostComparison Compare(HostDescription host) =>
        HostComparison.Create(host, Apply(host.Module), Headroom);
}

/// <summary>The options of <c>cost</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class CostOptionsShape : KernelOptionsShape
{
    [JsonPropertyName("private4K")]
    public double[] Shares
    {
        get;
        set => field = Array.TrueForAll(value, static share => share is >= 0 and <= 1)
            ? value
            : throw new ShapeException("each must be from 0 to 1");
    } = null!;

    internal HostCost Cost(HostDescription host) =>
        HostCost.Create(HostPlan.Create(host, KernelFor(host), ModuleFor(host)), Shares);
}

/// <summary>The options of <c>simulate</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class SimulateOptionsShape : KernelOptionsShape
{
    private const double DefaultUnmovable = 0.001;

    public double? Unmovable { get; set => field = InRange(value, 0, 1); }

    public double? RunLength { get; set => field = InRange(value, 1, double.MaxValue); }

    public int? Trials { get; set => field = InRange(value, 1, int.MaxValue); }

    public ulong? Seed { get; set; }

    public string Allocator
    {
        get;
        set
        {
            Policy = AllocatorPolicy.TryParse(value, out AllocatorPolicy? policy)
                ? policy
                : throw new ShapeException($"it must be one of {string.Join(", ", AllocatorPolicy.All)}");
            field = value;
        }
    } = null!;

    private AllocatorPolicy? Policy { get; set; }

    internal SimulationReport Simulate(HostDescription host)
    {
        double unmovable = Unmovable ?? DefaultUnmovable;
        SimulationQuestion question = new(
            host,
            KernelFor(host),
            ModuleFor(host),
            [Policy ?? SimulationQuestion.DefaultPolicy(host, Kernel, Unmovable is not null)],
            [(unmovable, Fragmentation.Uniform(unmovable, RunLength ?? 1))]);
        SimulationOptions options = SimulationOptions.Default with
        {
            Trials = Trials ?? SimulationOptions.Default.Trials,
            Seed = Seed ?? SimulationOptions.Default.Seed,
        };
        return question.Answer(options, start: null, CancellationToken.None);
    }
}
