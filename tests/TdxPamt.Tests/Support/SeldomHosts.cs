using TdxPamt.Hosts;

namespace TdxPamt.Tests.Support;

/// <summary>Machines whose best plan needs a combination of strategies that is seldom the best.</summary>
internal static class SeldomHosts
{
    internal static HostDescription Read(string name) => HostReader.ReadFile(
        Path.Combine(Repository.Root, "tests", "TdxPamt.Tests", "Planning", "hosts", name + ".json"));
}
