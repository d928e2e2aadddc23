using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Planning;

/// <summary>How a host can change its kernel's steps where TDMRs or reserved areas run out. Strategies combine. No
/// kernel has any of them, except that cmr-holes has the first.</summary>
/// <remarks>Rules: docs/model.md#planning. Names and texts: <see cref="PlanStrategyInfo"/>.</remarks>
[Flags]
[SuppressMessage("Design", "CA1008", Justification = "No strategy is the kernel as it is.")]
public enum PlanStrategies
{
    /// <summary><c>kernel</c>: nothing; the kernel's own steps.</summary>
    None = 0,

    /// <summary><c>holes-from-cmrs</c>: take holes from the CMRs, which are coarser than the memory map. RAM must then
    /// lie in the CMRs; adjacent CMRs count as one, as they do for the module.</summary>
    HolesFromCmrs = 1,

    /// <summary><c>merge-areas</c>: one reserved area for a hole and a PAMT, or two PAMTs, that are adjacent or have no
    /// RAM between them.</summary>
    MergeAreas = 2,

    /// <summary><c>split-tdmrs</c>: split TDMRs at 1 GiB boundaries where reserved areas run out, or PAMTs
    /// find no room.</summary>
    SplitTdmrs = 4,

    /// <summary><c>join-tdmrs</c>: join neighbouring TDMRs, gaps included, where TDMRs run out.</summary>
    JoinTdmrs = 8,

    /// <summary><c>three-chunks</c>: three chunks of pages for the three PAMTs of a TDMR instead of one.</summary>
    ThreeChunks = 16,

    /// <summary><c>adjacent-pamts</c>: put PAMTs where they are adjacent to a hole or another PAMT, where no TDMR is,
    /// or else where reserved areas are left. With <see cref="MergeAreas"/> a PAMT then costs no area of its own, and
    /// one that fills the RAM between two holes saves one.</summary>
    AdjacentPamts = 32,

    /// <summary><c>node-pamts</c>: one run of pages, and one reserved area, for the PAMTs of all TDMRs
    /// of a node.</summary>
    NodePamts = 64,

    /// <summary><c>exclude-ram</c>: exclude the cheapest RAM from TDX, as a last resort. Linux wants all memory of its
    /// page allocator to be TDX memory, so it would have to keep these ranges from the page allocator altogether, as
    /// its parameter <c>memmap=</c> does.</summary>
    ExcludeRam = 128,
}
