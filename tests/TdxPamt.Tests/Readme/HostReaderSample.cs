using TdxPamt.Hosts;

namespace TdxPamt.Tests.Readme;

/// <summary>What the documentation shows of reading a host and planning it.</summary>
internal static class HostReaderSample
{
    internal static void Run(TextWriter Console, string path)
    {
        HostDescription host = HostReader.ReadFile(path);
        HostPlan plan = HostPlan.Create(host, KernelModel.Mainline);
        Console.WriteLine(plan.Failure is null ? $"{plan.PamtKiB} KiB of PAMTs" : plan.Failure.Message);
    }
}
