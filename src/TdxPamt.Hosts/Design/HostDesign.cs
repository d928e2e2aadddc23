using System.Diagnostics.CodeAnalysis;
using TdxPamt.Module;
using static System.FormattableString;

namespace TdxPamt.Hosts;

/// <summary>A machine that is not there yet: memory and CMRs laid out as firmware does on
/// the published machines; docs/planning.md#new-machines.</summary>
/// <remarks>Immutable and safe for many threads. <see cref="LowMemoryOf"/> compares by reference.</remarks>
public sealed record HostDesign
{
    /// <summary>The most sockets of a machine.</summary>
    public const int MaxSockets = 8;

    /// <summary>The most sub-NUMA clusters of a socket.</summary>
    public const int MaxClusters = 6;

    /// <summary>The most memory of a machine, that of CXL included, in bytes: 63 TiB, which ends below the addresses of
    /// 46 bits that 6 bits for key ids leave of 52.</summary>
    public const ulong MaxBytes = 63UL << 40;

    /// <summary>The least memory of a node, in bytes: 8 GiB.</summary>
    public const ulong MinNodeBytes = 8UL << 30;

    /// <summary>Ends of nodes are multiples of this, in bytes, as on the published machine with SNC.</summary>
    internal const ulong Step = 256UL << 20;

    /// <summary>What firmware keeps of a node's last addresses, in bytes.</summary>
    private const ulong Kept = 64UL << 20;

    /// <summary>What firmware keeps of the first node's last addresses, in bytes.</summary>
    private const ulong KeptOfFirst = 96UL << 20;

    private const ulong GiB = 1UL << 30;

    /// <summary>Designs a machine of two sockets with typical holes.</summary>
    /// <param name="memoryBytes">Its memory without that of CXL, in bytes: whole GiB,
    /// <see cref="MinNodeBytes"/> or more for each node.</param>
    public HostDesign(ulong memoryBytes) => MemoryBytes = memoryBytes;

    /// <summary>Its memory without that of CXL, in bytes.</summary>
    public ulong MemoryBytes { get; }

    /// <summary>Its sockets, 1 to <see cref="MaxSockets"/>; 2 where nothing else is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int Sockets
    {
        get;
        init => field = Preconditions.InRange(value, 1, MaxSockets, nameof(Sockets));
    } = 2;

    /// <summary>The sub-NUMA clusters of each socket, 1 to <see cref="MaxClusters"/>; each is a node.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int ClustersPerSocket
    {
        get;
        init => field = Preconditions.InRange(value, 1, MaxClusters, nameof(ClustersPerSocket));
    } = 1;

    /// <summary>The memory of CXL devices, in bytes: whole GiB, at least one for each socket, or 0. Each socket has its
    /// share as a node without processors. It is convertible.</summary>
    public ulong CxlBytes { get; init; }

    /// <summary>Whether there are holes: below 4 GiB, and where firmware keeps the end of each node's memory.</summary>
    public bool HasHoles { get; init; } = true;

    /// <summary>A machine whose RAM and CMRs below 4 GiB this one has too; null for those of a
    /// typical machine.</summary>
    public HostMemory? LowMemoryOf { get; init; }

    /// <summary>What it is called: <c>2-socket-snc2-1TiB-cxl512GiB</c>.</summary>
    public string Name =>
        Invariant($"{Sockets}-socket{(ClustersPerSocket > 1 ? Invariant($"-snc{ClustersPerSocket}") : "")}")
        + $"-{Short(MemoryBytes)}{(CxlBytes > 0 ? $"-cxl{Short(CxlBytes)}" : "")}";

    private int Nodes => Sockets * ClustersPerSocket;

    /// <summary>Lays the machine out.</summary>
    /// <param name="host">The machine; its kernel and module are left open. Null where there is a problem.</param>
    /// <param name="problem">What does not fit together, with the legal interval, in one line without a full stop;
    /// null otherwise.</param>
    /// <returns>Whether it can be built.</returns>
    public bool TryCreate(
        [NotNullWhen(true)] out HostDescription? host, [NotNullWhen(false)] out string? problem)
    {
        host = null;
        problem = FindProblem();
        if (problem is not null)
            return false;
        LowMemory low = Low();
        if (low.Size == 0)
        {
            problem = "the machine whose holes are asked for has no memory below 4 GiB";
            return false;
        }

        List<MemoryRegion> memory = [.. low.Ram.Select(static range => new MemoryRegion(range, node: 0))];
        List<AddressRange> cmrs = [.. low.Cmrs];
        ulong start = LowMemory.End;
        for (int node = 0; node < Nodes; node++)
        {
            ulong end = LowMemory.End - low.Size + Share(MemoryBytes, node + 1, Nodes);
            AddNode(start, end - (!HasHoles ? 0 : node == 0 ? KeptOfFirst : Kept), node);
            start = end;
        }

        ulong cxl = LowMemory.RoundUp(start);
        for (int socket = 0; CxlBytes > 0 && socket < Sockets; socket++)
            AddNode(cxl + Share(CxlBytes, socket, Sockets), cxl + Share(CxlBytes, socket + 1, Sockets), Nodes + socket);

        AddressRange[] merged = AddressRanges.MergeAdjacent([.. cmrs]);
        if (merged.Length > CmrTable.Entries)
        {
            problem = Invariant($"{Name} has {merged.Length} CMRs, and the module's table holds 1 to ")
                + Invariant($"{CmrTable.Entries}");
            return false;
        }

        host = new(Name, HostMemory.Create(memory, merged, fallback: Fallback()));
        return true;

        void AddNode(ulong from, ulong to, int node)
        {
            memory.Add(new(AddressRange.Create(from, to), node));
            cmrs.Add(memory[^1].Range);
        }
    }

    /// <summary>The machine in words: <c>2-socket-snc2-1TiB</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Name;

    /// <summary>A size without the space before its unit, for names.</summary>
    internal static string Short(ulong bytes) => Quantities.ExactSize(bytes).Replace(" ", "");

    /// <summary>Why an amount of memory is refused; null where it is legal.</summary>
    internal static string? WhyNot(string what, ulong bytes, ulong low, ulong high)
    {
        if (bytes % GiB == 0 && bytes >= low && bytes <= high)
            return null;
        return $"{what} of {Quantities.ExactSize(bytes)} must be whole GiB from {Quantities.ExactSize(low)} "
            + $"to {Quantities.ExactSize(high)}";
    }

    private string? FindProblem()
    {
        if (CxlBytes > 0
            && WhyNot("CXL memory", CxlBytes, (ulong)Sockets * GiB, MaxBytes - MinNodeBytes * (ulong)Nodes) is { } cxl)
        {
            return Invariant($"{cxl} on {Sockets} sockets");
        }

        return WhyNot("memory", MemoryBytes, MinNodeBytes * (ulong)Nodes, MaxBytes - CxlBytes) is { } memory
            ? Invariant($"{memory} on {Quantities.Count(Nodes, "node")}")
            : null;
    }

    private LowMemory Low() =>
        LowMemoryOf is not null ? LowMemory.Of(LowMemoryOf) : HasHoles ? LowMemory.Typical : LowMemory.WithoutHoles;

    /// <summary>Where the first of some equal shares end, in bytes.</summary>
    private static ulong Share(ulong bytes, int ended, int count) =>
        ended == count ? bytes : bytes / Step * (ulong)ended / (ulong)count * Step;

    /// <summary>Distances as firmware reports them: 10 within a node, 12 within a socket, 21 to another one; to CXL
    /// memory 14, and 24 across sockets. Linux looks only at which are less.</summary>
    private NodeFallback Fallback()
    {
        int all = Nodes + (CxlBytes > 0 ? Sockets : 0);
        return NodeFallback.Create(
            distances: Enumerable.Range(0, all).Select(
                from => Enumerable.Range(0, all).Select(to => Distance(from, to))),
            processors: Enumerable.Range(0, Nodes));
    }

    private int Distance(int from, int to)
    {
        bool isCxl = from >= Nodes || to >= Nodes;
        bool isNear = SocketOf(from) == SocketOf(to);
        return from == to ? 10 : isCxl ? (isNear ? 14 : 24) : isNear ? 12 : 21;
    }

    private int SocketOf(int node) => node < Nodes ? node / ClustersPerSocket : node - Nodes;
}
