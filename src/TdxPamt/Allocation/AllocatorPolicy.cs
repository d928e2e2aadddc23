using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>How pages for PAMTs are chosen: Linux's search, and others to compare it with.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
public sealed class AllocatorPolicy
{
    private readonly Func<FreePageIndex, bool, PageAllocator> _create;

    private AllocatorPolicy(string name, Func<FreePageIndex, bool, PageAllocator> create)
    {
        Name = name;
        _create = create;
    }

    /// <summary>Linux's search; see <see cref="LinuxPageAllocator"/>.</summary>
    public static AllocatorPolicy Linux { get; } =
        new("linux", static (index, movesHugetlb) => new LinuxPageAllocator(index, movesHugetlb));

    /// <summary>The lowest pages that fit; see <see cref="FirstFitPageAllocator"/>.</summary>
    public static AllocatorPolicy FirstFit { get; } =
        new("first-fit", static (index, _) => new FirstFitPageAllocator(index));

    /// <summary>The shortest run that is long enough; see <see cref="BestFitPageAllocator"/>.</summary>
    public static AllocatorPolicy BestFit { get; } =
        new("best-fit", static (index, _) => new BestFitPageAllocator(index));

    /// <summary>The highest pages that fit; see <see cref="LastFitPageAllocator"/>.</summary>
    public static AllocatorPolicy LastFit { get; } =
        new("last-fit", static (index, _) => new LastFitPageAllocator(index));

    /// <summary>Linux's search early at boot: before anything unmovable is in use, before the pool of huge pages is
    /// filled, and before memory can fragment.</summary>
    public static AllocatorPolicy BootReservation { get; } =
        new("boot-reservation", static (index, _) => new LinuxPageAllocator(index))
        {
            IsAtBoot = true,
        };

    /// <summary>All of them, Linux's first.</summary>
    public static IReadOnlyList<AllocatorPolicy> All { get; } = [Linux, FirstFit, BestFit, LastFit, BootReservation];

    /// <summary>Its name: linux, first-fit, best-fit, last-fit or boot-reservation.</summary>
    public string Name { get; }

    /// <summary>Whether it allocates at boot, when only reserved pages are blocked.</summary>
    public bool IsAtBoot { get; private init; }

    /// <summary>Finds a policy by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="policy">The policy, or null where no policy has that name.</param>
    /// <returns>Whether there is such a policy.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out AllocatorPolicy? policy)
    {
        policy = All.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));
        return policy is not null;
    }

    /// <summary>Indexes the pages of a machine that allocators of this policy can hand out.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public FreePageIndex CreateIndex(HostMemory host) =>
        IsAtBoot ? FreePageIndex.CreateAtBoot(host) : FreePageIndex.Create(host);

    /// <summary>Makes an allocator with every page of an index free.</summary>
    /// <param name="index">An index of <see cref="CreateIndex"/>; many allocators may share it.</param>
    /// <param name="movesHugetlb">As for <see cref="LinuxPageAllocator"/>; other policies ignore it.</param>
    /// <returns>The allocator.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    public PageAllocator CreateAllocator(FreePageIndex index, bool movesHugetlb = true) => _create(index, movesHugetlb);

    /// <summary>The policy's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
