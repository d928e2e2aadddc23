using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>A host as an input describes it, and what its memory is known from.</summary>
/// <remarks>Immutable and safe for many threads. <see cref="Memory"/> compares by reference.</remarks>
public sealed record HostDescription
{
    private static readonly IReadOnlyDictionary<StartLine, string> NoLines = new Dictionary<StartLine, string>();

    /// <summary>Describes a host.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="evidence">What its RAM is known from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="memory"/>
    /// is null.</exception>
    public HostDescription(string name, HostMemory memory, MemoryEvidence evidence = MemoryEvidence.Document)
    {
        Name = Preconditions.NotNull(name, nameof(name));
        Memory = Preconditions.NotNull(memory, nameof(memory));
        Evidence = evidence;
    }

    /// <summary>Its name: the document's or, where it gives none, the file's without folder and extension.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string Name { get; init => field = Preconditions.NotNull(value, nameof(Name)); }

    /// <summary>Its memory.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public HostMemory Memory { get; init => field = Preconditions.NotNull(value, nameof(Memory)); }

    /// <summary>What its RAM is known from.</summary>
    public MemoryEvidence Evidence { get; init; }

    /// <summary>The kernel it runs; null where the input does not say.</summary>
    public KernelModel? Kernel { get; init; }

    /// <summary>What in a log <see cref="Kernel"/> follows from, such as <c>Linux version 7.3.4+deb13-amd64</c>; null
    /// where the kernel is not known, or a host document names it.</summary>
    public string? KernelReason { get; init; }

    /// <summary>What its TDX module reports; <see cref="ModuleParameters.Default"/> where the input does
    /// not say.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ModuleParameters Module { get; init => field = Preconditions.NotNull(value, nameof(Module)); } =
        ModuleParameters.Default;

    /// <summary>Whether the input says that Dynamic PAMT is off, also for a kernel that uses it.</summary>
    public bool LacksDynamicPamt { get; init; }

    /// <summary>What its own kernel did; null where the input does not say.</summary>
    public ReportedOutcome? Reported { get; init; }

    /// <summary>What had to be assumed, each in one line without a full stop.</summary>
    /// <exception cref="ArgumentNullException">The value or a warning is null.</exception>
    public IReadOnlyList<string> Warnings
    {
        get;
        init
        {
            foreach (string? warning in Preconditions.NotNull(value, nameof(Warnings)))
                Preconditions.NotNull(warning, nameof(Warnings));
            field = value;
        }
    } = [];

    /// <summary>Whether the NUMA nodes are known; where they are not, all memory is on node 0.</summary>
    public bool NodesKnown => !DocumentUnknown.Contains(HostUnknown.Nodes)
        && (Evidence is MemoryEvidence.Document or MemoryEvidence.NodeRanges or MemoryEvidence.E820WithSrat
            || HasLoggedNodes);

    /// <summary>What the input does not say, and an answer may depend on.</summary>
    public IReadOnlyList<HostUnknown> Unknown
    {
        get
        {
            List<HostUnknown> unknown = [];
            if (Evidence is MemoryEvidence.Cmrs or MemoryEvidence.None
                || DocumentUnknown.Contains(HostUnknown.Ram))
                unknown.Add(HostUnknown.Ram);
            if (!NodesKnown)
                unknown.Add(HostUnknown.Nodes);
            if (Memory.Cmrs.Count == 0)
                unknown.Add(HostUnknown.Cmrs);
            return unknown;
        }
    }

    /// <summary>What a host document says that it does not say.</summary>
    internal IReadOnlyList<HostUnknown> DocumentUnknown { get; init; } = [];

    /// <summary>Whether the input does not say what memory there is, only what its kernel did with TDX; the memory is
    /// empty then.</summary>
    public bool IsIncomplete => Evidence == MemoryEvidence.None;

    /// <summary>The version that the log's kernel gives itself, such as <c>7.3.4+deb13-amd64</c>; null where the input
    /// does not say.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>The TDX module's version, such as <c>1.5.24</c>; null where the input does not say.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>How many TDs the private KeyIDs leave room for, the module's own apart; null where the input does not
    /// say; docs/model.md#dynamic-pamt.</summary>
    public int? MaxTds { get; init; }

    /// <summary>Whether a log without node ranges says which nodes there are.</summary>
    internal bool HasLoggedNodes { get; init; }

    /// <summary>The lines of the input that tell how far TDX's start came.</summary>
    internal IReadOnlyDictionary<StartLine, string> StartLines { get; init; } = NoLines;

    /// <summary>What memory may come later and be refused or lost, a line each (docs/model.md#later-memory).</summary>
    internal IReadOnlyList<string> LaterMemory { get; init; } = [];

    /// <summary>Whether the input is a collected machine.</summary>
    internal bool IsCollected { get; init; }

    /// <summary>Whether the input would say what memory may come later.</summary>
    internal bool KnowsLaterMemory { get; init; }

    /// <summary>Whether plans with strategies can be made for it: it has at most
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</summary>
    public bool CanBeSearched => Memory.TdxMemoryBlocks.Count <= StrategyConstructor.MaxMemoryBlocks;

    /// <summary>What its TDX module is taken to report under a kernel: a kernel that uses Dynamic PAMT finds it, unless
    /// the input says that it is off.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <returns><see cref="Module"/>, perhaps with Dynamic PAMT.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="kernel"/> is null.</exception>
    public ModuleParameters ModuleFor(KernelModel kernel) =>
        Preconditions.NotNull(kernel, nameof(kernel)).UsesDynamicPamt && !LacksDynamicPamt
            ? Module with { DynamicPamt = true }
            : Module;

    /// <summary>Describes in words what its RAM is known from: <c>e820, nodes from SRAT</c>.</summary>
    /// <returns>The words.</returns>
    public string DescribeEvidence() => Evidence switch
    {
        MemoryEvidence.Document => "a host document",
        MemoryEvidence.NodeRanges => "the kernel's early memory node ranges",
        MemoryEvidence.E820WithSrat => "e820, nodes from SRAT",
        MemoryEvidence.E820 => "e820 alone",
        MemoryEvidence.Iomem => HasLoggedNodes ? "/proc/iomem, nodes from SRAT" : "/proc/iomem",
        MemoryEvidence.None => "nothing",
        _ => "CMRs alone",
    };

    /// <summary>Name and memory: <c>fox-creek-pass: 1024 KiB of RAM on nodes 0, 2 CMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {Memory}";

    /// <summary>The warnings, and those of CMRs that a kernel has trouble with.</summary>
    internal IReadOnlyList<string> WarningsFor(KernelModel kernel)
    {
        List<string> warnings = [.. Warnings];
        if (WhyTooManyCmrs(Memory.Cmrs.Count, " CMRs") is { } tooMany)
            warnings.Add(tooMany);
        if (RamOutsideCmrs is not { } outside)
            return warnings;
        warnings.Add($"{outside}: "
            + (kernel.TestsConvertibility ? "this kernel refuses such RAM, so TDX stays off as a whole"
                : kernel.TakesHolesFromCmrs ? "this kernel reserves it, and a TD that gets such a page fails"
                : "the module refuses PAMTs and TDMRs there, so TDX stays off as a whole"));
        return warnings;
    }

    /// <summary>How much RAM lies in no CMR, and where it starts; null where there is none.</summary>
    internal string? RamOutsideCmrs => Memory.OutsideCmrs is { Count: > 0 } outside
        ? $"{Quantities.Size(AddressRanges.TotalBytes(outside.Span))} of RAM lie in no CMR, the first at {outside[0]}"
        : null;

    /// <summary>Why the module cannot have that many CMRs; null where it can.</summary>
    internal static string? WhyTooManyCmrs(int count, string noun = "") => count > CmrTable.Entries
        ? $"there are {count}{noun}, and the module's table holds {CmrTable.Entries}"
        : null;

    /// <summary>The kernel to follow: the one asked for, the host's, or mainline.</summary>
    internal KernelModel KernelOr(KernelModel? asked) => asked ?? Kernel ?? KernelModel.Mainline;

    /// <summary>This host, whose input says what memory there is.</summary>
    internal HostDescription ThrowIfIncomplete(string fileName) => IsIncomplete
        ? throw new HostFormatException(fileName, line: null, property: null, Warnings[^1])
        : this;

    /// <summary>This host, which is not too large to search strategies for.</summary>
    internal HostDescription ThrowIfTooLarge(string fileName, long? line = null) => CanBeSearched
        ? this
        : throw new HostFormatException(fileName, line, property: null, FormattableString.Invariant(
            $"strategies are not searched for hosts of more than {StrategyConstructor.MaxMemoryBlocks} memory blocks"));

    /// <summary>The name of a host whose input gives none: its file's name without folder and extension.</summary>
    internal static string NameOf(string fileName)
    {
        if (fileName is "-" or "/dev/stdin")
            return "stdin";
        foreach (string pipes in (string[])["/dev/fd/", "/proc/self/fd/"]) // A shell's <(command).
        {
            if (fileName.StartsWith(pipes, StringComparison.Ordinal))
                return "pipe-" + fileName[pipes.Length..];
        }

        string name = Path.GetFileNameWithoutExtension(fileName);
        return name.Length == 0 ? fileName : name;
    }
}
