using System.Buffers;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>The answers of the command <c>tdxpamt</c> as JSON, from an input's bytes and options as JSON: the way in
/// for other languages.</summary>
/// <remarks>
/// <para>Inputs are those of the command: boot logs, /proc/iomem, collected machines, host documents, and
/// for <see cref="Check"/> a plan. Options are a JSON object with the names of the command's options in camel case;
/// empty means none, and one that the command does not have is refused.</para>
/// <para>Each method writes one document in UTF-8, on one line without its end, and nothing where it throws. It returns
/// true where the command's exit code is 0. Without state, so safe for many threads.</para>
/// </remarks>
public static class HostCommands
{
    /// <summary>Builds the TDMRs of a host.</summary>
    /// <param name="input">The host.</param>
    /// <param name="fileName">The input's name, for messages and where it names no host.</param>
    /// <param name="options"><c>kernel</c>, <c>strategy</c>, <c>dynamicPamt</c>, <c>maxTdmrs</c>
    /// and <c>maxReservedAreas</c>.</param>
    /// <param name="output">Gets the plan document.</param>
    /// <returns>Whether the host can be configured and the module does not reject the TDMRs.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="HostFormatException">The input or the options cannot be read.</exception>
    public static bool Plan(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output)
    {
        PlanOptionsShape asked = OptionsJson.Read<PlanOptionsShape>(options);
        HostPlan plan = asked.Plan(HostReader.Read(input, fileName), fileName);
        PlanDocument.Write(plan, output);
        return plan.Works;
    }

    /// <summary>Checks a plan as the TDX module does.</summary>
    /// <param name="input">The plan document.</param>
    /// <param name="fileName">The input's name, for messages and where it names no host.</param>
    /// <param name="options"><c>moduleRelease</c>, <c>physicalAddressBits</c>, <c>dynamicPamt</c>, <c>maxTdmrs</c>
    /// and <c>maxReservedAreas</c>.</param>
    /// <param name="output">Gets the verdict.</param>
    /// <returns>Whether there is a plan that the module does not reject.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="HostFormatException">The input or the options cannot be read.</exception>
    public static bool Check(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output)
    {
        CheckOptionsShape asked = OptionsJson.Read<CheckOptionsShape>(options);
        CheckedSet answer = CheckedSet.Create(PlanDocument.Parse(input, fileName), asked.Apply);
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented: false));
        VerdictDocument.Write(answer, writer);
        return answer.Works;
    }

    /// <summary>Compares every kernel and every strategy on a host.</summary>
    /// <param name="input">The host.</param>
    /// <param name="fileName">The input's name, for messages and where it names no host.</param>
    /// <param name="options"><c>headroom</c>, <c>dynamicPamt</c>, <c>maxTdmrs</c> and <c>maxReservedAreas</c>.</param>
    /// <param name="output">Gets the comparison.</param>
    /// <returns>Whether there is a plan to recommend.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="HostFormatException">The input or the options cannot be read.</exception>
    public static bool Compare(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output)
    {
        CompareOptionsShape asked = OptionsJson.Read<CompareOptionsShape>(options);
        HostDescription host = HostReader.Read(input, fileName).ThrowIfIncomplete(fileName).ThrowIfTooLarge(fileName);
        HostComparison comparison = asked.Compare(host);
        ComparisonDocument.Write(comparison, output);
        return comparison.Plans.Recommended is not null;
    }

    /// <summary>Says what TDX costs a host in memory.</summary>
    /// <param name="input">The host.</param>
    /// <param name="fileName">The input's name, for messages and where it names no host.</param>
    /// <param name="options"><c>private4K</c>, <c>kernel</c>, <c>dynamicPamt</c>, <c>maxTdmrs</c>
    /// and <c>maxReservedAreas</c>.</param>
    /// <param name="output">Gets the costs.</param>
    /// <returns>Whether the host can be configured.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="HostFormatException">The input or the options cannot be read.</exception>
    public static bool Cost(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output)
    {
        CostOptionsShape asked = OptionsJson.Read<CostOptionsShape>(options);
        HostCost cost = asked.Cost(HostReader.Read(input, fileName).ThrowIfIncomplete(fileName));
        CostDocument.Write(cost, output);
        return cost.Plan.Failure is null;
    }

    /// <summary>Says how likely the PAMTs of a host still find room once memory is in use.</summary>
    /// <param name="input">The host.</param>
    /// <param name="fileName">The input's name, for messages and where it names no host.</param>
    /// <param name="options"><c>unmovable</c>, <c>runLength</c>, <c>trials</c>, <c>seed</c>, <c>allocator</c>,
    /// <c>kernel</c>, <c>dynamicPamt</c>, <c>maxTdmrs</c> and <c>maxReservedAreas</c>.</param>
    /// <param name="output">Gets the results.</param>
    /// <returns>Whether the host can be configured with all pages free.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="HostFormatException">The input or the options cannot be read, or a trial would take too
    /// much memory.</exception>
    public static bool Simulate(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output)
    {
        SimulateOptionsShape asked = OptionsJson.Read<SimulateOptionsShape>(options);
        HostDescription host = HostReader.Read(input, fileName).ThrowIfIncomplete(fileName);
        SimulationReport report;
        try
        {
            report = asked.Simulate(host);
        }
        catch (ArgumentException tooLarge)
        {
            throw new HostFormatException(fileName, line: null, property: null, tooLarge.Message, tooLarge);
        }

        SimulationDocument.Write(report, output);
        return report.Failure is null;
    }

    /// <summary>Makes the checks of a machine, in the order in which TDX starts.</summary>
    /// <param name="input">A collected machine, a boot log or any other host.</param>
    /// <param name="fileName">The input's name, for messages and where it names no host.</param>
    /// <param name="options"><c>kernel</c>, <c>dynamicPamt</c>, <c>maxTdmrs</c> and <c>maxReservedAreas</c>.</param>
    /// <param name="output">Gets the checks.</param>
    /// <returns>Whether no check fails.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="HostFormatException">The input or the options cannot be read.</exception>
    public static bool Doctor(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output)
    {
        KernelOptionsShape asked = OptionsJson.Read<KernelOptionsShape>(options);
        HostCheckup checkup = asked.CheckUp(HostReader.Read(input, fileName));
        CheckupDocument.Write(checkup, output);
        return !checkup.Fails;
    }
}
