using System.Globalization;
using System.Reflection;
using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>Numbers and names of a report in words.</summary>
internal static class ReportText
{
    /// <summary>The version of this library, without the commit it was built from.</summary>
    internal static string Version { get; } = typeof(ReportText).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>A size, and for readers in GiB too where it is no whole number of them.</summary>
    internal static string SizeInGiB(ulong bytes) => bytes % (1UL << 30) == 0
        ? Quantities.Size(bytes)
        : Invariant($"{Quantities.Size(bytes)} ({bytes / (double)(1UL << 30):0.##} GiB)");

    /// <summary>The kernel, and the strategies that change its steps.</summary>
    internal static string KernelAndStrategies(HostPlan plan)
    {
        string kernel = plan.KernelReason is { } reason ? $"{plan.Kernel} ({reason})" : plan.Kernel.Name;
        return plan.Strategies == PlanStrategies.None ? kernel : $"{kernel} with {plan.Strategies.Name()}";
    }

    internal static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    internal static string Percent(double share) => Invariant($"{100 * share:0.00} %");

    internal static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
