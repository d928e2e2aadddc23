using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>A machine as an input describes it, and how far that can be relied on.</summary>
/// <remarks>Immutable and safe for many threads. <see cref="Memory"/> compares by reference.</remarks>
public sealed record HostDescription
{
    /// <summary>Describes a machine.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="evidence">What its RAM is known from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="memory"/> is
    /// null.</exception>
    public HostDescription(string name, HostMemory memory, MemoryEvidence evidence = MemoryEvidence.HostDocument)
    {
        Name = name ?? throw new ArgumentNullException(nameof(name));
        Memory = memory ?? throw new ArgumentNullException(nameof(memory));
        Evidence = evidence;
    }

    /// <summary>What to call it: the document's name, or else the file's, without folder and extension.</summary>
    public string Name { get; init; }

    /// <summary>Its memory.</summary>
    public HostMemory Memory { get; init; }

    /// <summary>What its RAM is known from.</summary>
    public MemoryEvidence Evidence { get; init; }

    /// <summary>What its RAM is known from, in words: <c>e820, nodes from SRAT</c>.</summary>
    public string EvidenceDescription => Evidence switch
    {
        MemoryEvidence.HostDocument => "a host document",
        MemoryEvidence.NodeRanges => "the kernel's early memory node ranges",
        MemoryEvidence.E820WithSrat => "e820, nodes from SRAT",
        MemoryEvidence.E820 => "e820 alone",
        MemoryEvidence.Iomem => "/proc/iomem",
        _ => "CMRs alone",
    };

    /// <summary>The kernel it runs; null where the input does not say.</summary>
    public KernelModel? Kernel { get; init; }

    /// <summary>What its TDX module reports; <see cref="ModuleParameters.Default"/> where the input does not
    /// say.</summary>
    public ModuleParameters Module { get; init; } = ModuleParameters.Default;

    /// <summary>What its own kernel did; null where the input does not say.</summary>
    public ReportedOutcome? Reported { get; init; }

    /// <summary>What had to be assumed, each in one line without a dot.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether the NUMA nodes are known; if not, all memory is taken to be on node 0.</summary>
    public bool NodesKnown =>
        Evidence is MemoryEvidence.HostDocument or MemoryEvidence.NodeRanges or MemoryEvidence.E820WithSrat;

    /// <summary>Whether strategies can be searched for it: it has no more memory blocks than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/>.</summary>
    public bool CanBeSearched => Memory.TdxMemoryBlocks.Count <= StrategyConstructor.MaxMemoryBlocks;

    /// <summary>Name and memory: <c>fox-creek-pass: 1024 KiB of RAM on nodes 0, 2 CMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {Memory}";
}
