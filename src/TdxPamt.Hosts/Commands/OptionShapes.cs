using System.Text.Json;
using TdxPamt.Module;
using TdxPamt.Planning;
using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>The options of a command as a JSON object: those that change what the module is taken to report.</summary>
internal abstract class ModuleOptionsShape : IOptions
{
    private bool? DynamicPamt { get; set; }

    private int? MaxTdmrs { get; set; }

    private int? MaxReservedAreas { get; set; }

    public virtual bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (members.Is(ref reader, "dynamicPamt"u8))
            DynamicPamt = JsonValues.Optional(ref reader, JsonValues.Boolean);
        else if (members.Is(ref reader, "maxTdmrs"u8))
            MaxTdmrs = Count(ref reader, 1, ushort.MaxValue);
        else if (members.Is(ref reader, "maxReservedAreas"u8))
            MaxReservedAreas = Count(ref reader, 0, ushort.MaxValue);
        else
            return false;
        return true;
    }

    internal ModuleParameters Apply(ModuleParameters module) => module with
    {
        DynamicPamt = DynamicPamt ?? module.DynamicPamt,
        MaxTdmrs = MaxTdmrs ?? module.MaxTdmrs,
        MaxReservedAreas = MaxReservedAreas ?? module.MaxReservedAreas,
    };

    private protected static double? Real(ref Utf8JsonReader reader, double min, double max)
    {
        double? value = JsonValues.Optional(ref reader, JsonValues.Real);
        return value is null || (value >= min && value <= max)
            ? value
            : throw new ShapeException(max == double.MaxValue
                ? FormattableString.Invariant($"it must be from {min} up")
                : FormattableString.Invariant($"it must be from {min} to {max}"));
    }

    private protected static int? Count(ref Utf8JsonReader reader, int min, int max)
    {
        int? value = JsonValues.Optional(ref reader, JsonValues.Count);
        return value is null || (value >= min && value <= max)
            ? value
            : throw new ShapeException($"it must be from {min} to {max}");
    }
}

/// <summary>The options of a command that follows one kernel.</summary>
internal class KernelOptionsShape : ModuleOptionsShape
{
    private protected KernelModel? Kernel { get; private set; }

    public override bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (base.TryRead(ref members, ref reader))
            return true;
        if (!members.Is(ref reader, "kernel"u8))
            return false;
        Kernel = JsonValues.Kernel(ref reader);
        return true;
    }

    internal KernelModel KernelFor(HostDescription host) => host.KernelOr(Kernel);

    internal ModuleParameters ModuleFor(HostDescription host) => Apply(host.ModuleFor(KernelFor(host)));

    internal HostCheckup CheckUp(HostDescription host) =>
        HostCheckup.Create(host, KernelFor(host), ModuleFor(host));
}

/// <summary>The options of <c>plan</c>.</summary>
internal sealed class PlanOptionsShape : KernelOptionsShape
{
    private PlanStrategies Strategies { get; set; }

    public override bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (base.TryRead(ref members, ref reader))
            return true;
        if (!members.Is(ref reader, "strategy"u8))
            return false;
        Strategies = PlanStrategyNames.TryParse(
            JsonValues.Text(ref reader).Replace(',', '+'), out PlanStrategies strategies)
            ? strategies
            : throw new ShapeException("it must be kernel or some of "
                + string.Join(", ", PlanStrategyNames.Each.Select(static each => each.Name())));
        return true;
    }

    internal HostPlan Plan(HostDescription host, string fileName) => HostPlan.Create(
        Strategies == PlanStrategies.None ? host : host.ThrowIfTooLarge(fileName),
        KernelFor(host),
        ModuleFor(host),
        Strategies);
}

/// <summary>The options of <c>check</c>.</summary>
internal sealed class CheckOptionsShape : ModuleOptionsShape
{
    private TdxModuleRelease? Release { get; set; }

    private int? PhysicalAddressBits { get; set; }

    public override bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (base.TryRead(ref members, ref reader))
            return true;
        if (members.Is(ref reader, "moduleRelease"u8))
            Release = JsonValues.Release(ref reader);
        else if (members.Is(ref reader, "physicalAddressBits"u8))
            PhysicalAddressBits = Count(ref reader, 32, 52);
        else
            return false;
        return true;
    }

    internal TdmrSet Apply(TdmrSet set) => set with
    {
        Module = Apply(set.Module) with
        {
            PhysicalAddressBits = PhysicalAddressBits ?? set.Module.PhysicalAddressBits,
        },
        Release = Release,
    };
}

/// <summary>The options of <c>compare</c>.</summary>
internal sealed class CompareOptionsShape : ModuleOptionsShape
{
    private bool Headroom { get; set; }

    public override bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (base.TryRead(ref members, ref reader))
            return true;
        if (!members.Is(ref reader, "headroom"u8))
            return false;
        Headroom = JsonValues.Boolean(ref reader);
        return true;
    }

    internal HostComparison Compare(HostDescription host) =>
        HostComparison.Create(host, Apply(host.Module), Headroom);
}

/// <summary>The options of <c>cost</c>.</summary>
internal sealed class CostOptionsShape : KernelOptionsShape
{
    private double[]? Shares { get; set; }

    public override bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (base.TryRead(ref members, ref reader))
            return true;
        if (!members.Is(ref reader, "private4K"u8))
            return false;
        double[] shares = JsonValues.Array(ref reader, JsonValues.Real);
        Shares = Array.TrueForAll(shares, static share => share is >= 0 and <= 1)
            ? shares
            : throw new ShapeException("each must be from 0 to 1");
        return true;
    }

    internal HostCost Cost(HostDescription host) =>
        HostCost.Create(HostPlan.Create(host, KernelFor(host), ModuleFor(host)), Shares);
}

/// <summary>The options of <c>simulate</c>.</summary>
internal sealed class SimulateOptionsShape : KernelOptionsShape
{
    private const double DefaultUnmovable = 0.001;

    private double? Unmovable { get; set; }

    private double? RunLength { get; set; }

    private int? Trials { get; set; }

    private ulong? Seed { get; set; }

    private AllocatorPolicy? Policy { get; set; }

    public override bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (base.TryRead(ref members, ref reader))
            return true;
        if (members.Is(ref reader, "unmovable"u8))
            Unmovable = Real(ref reader, 0, 1);
        else if (members.Is(ref reader, "runLength"u8))
            RunLength = Real(ref reader, 1, double.MaxValue);
        else if (members.Is(ref reader, "trials"u8))
            Trials = Count(ref reader, 1, int.MaxValue);
        else if (members.Is(ref reader, "seed"u8))
            Seed = JsonValues.Optional(ref reader, JsonValues.Whole);
        else if (members.Is(ref reader, "allocator"u8))
            Policy = AllocatorPolicy.TryParse(JsonValues.Text(ref reader), out AllocatorPolicy? policy)
                ? policy
                : throw new ShapeException($"it must be one of {string.Join(", ", AllocatorPolicy.All)}");
        else
            return false;
        return true;
    }

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
