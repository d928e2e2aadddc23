using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>The machines that the command carries, for reading.</summary>
internal static class PublishedHostList
{
    internal static Page Create()
    {
        PageTable table = new("name", "RAM", "nodes", "memory from");
        foreach (string name in PublishedHosts.Names)
        {
            PublishedHosts.TryRead(name, out string? text);
            HostDescription host = HostReader.Read(Encoding.UTF8.GetBytes(text!), name);
            table.Add(
                name,
                Quantities.Size(host.Memory.RamBytes),
                host.NodesKnown ? $"{host.Memory.Nodes.Count}" : "-",
                host.DescribeEvidence());
        }

        Page page = new();
        page.Add(table);
        return page;
    }
}
