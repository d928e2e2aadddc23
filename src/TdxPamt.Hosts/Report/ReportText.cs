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

    /// <summary>The kernel, and the strategies that change its steps.</summary>
    internal static string KernelAndStrategies(HostPlan plan)
    {
        string kernel = plan.KernelReason is { } reason ? $"{plan.Kernel} ({reason})" : plan.Kernel.Name;
        return plan.Strategies == PlanStrategies.None ? kernel : $"{kernel} with {plan.Strategies.Name()}";
    }

    internal static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
