namespace TdxPamt.Planning;

/// <summary>What a strategy is called and what it does: the words that help, reports and parsers take.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#planning.</remarks>
public sealed record PlanStrategyInfo
{
    private PlanStrategyInfo(PlanStrategies strategy, string name, string summary, string description)
    {
        Strategy = strategy;
        Name = name;
        Summary = summary;
        Description = description;
    }

    /// <summary>Every strategy in the order of its bit, <see cref="PlanStrategies.None"/> first.</summary>
    public static IReadOnlyList<PlanStrategyInfo> All { get; } =
    [
        new(
            PlanStrategies.None,
            "kernel",
            "the kernel's own steps",
            "nothing: the kernel's own steps"),
        new(
            PlanStrategies.HolesFromCmrs,
            "holes-from-cmrs",
            "take holes from the CMRs, which are coarser than the memory map",
            "take holes from the CMRs, which are coarser than the memory map; RAM must then lie in the CMRs, and "
                + "adjacent CMRs count as one"),
        new(
            PlanStrategies.MergeAreas,
            "merge-areas",
            "one reserved area for holes and PAMTs that are adjacent or have no RAM between them",
            "one reserved area for a hole and a PAMT, or two PAMTs, that are adjacent or have no RAM between them"),
        new(
            PlanStrategies.SplitTdmrs,
            "split-tdmrs",
            "split TDMRs at 1 GiB boundaries where areas run out or PAMTs find no room",
            "split TDMRs at 1 GiB boundaries where reserved areas run out or PAMTs find no room"),
        new(
            PlanStrategies.JoinTdmrs,
            "join-tdmrs",
            "join neighbouring TDMRs, gaps included, where TDMRs run out",
            "join neighbouring TDMRs, gaps included, where TDMRs run out"),
        new(
            PlanStrategies.ThreeChunks,
            "three-chunks",
            "three chunks of pages for the three PAMTs of a TDMR instead of one",
            "three chunks of pages for the three PAMTs of a TDMR instead of one"),
        new(
            PlanStrategies.AdjacentPamts,
            "adjacent-pamts",
            "put PAMTs where they are adjacent to a hole or another PAMT, or where areas are left",
            "put PAMTs where they are adjacent to a hole or another PAMT, where no TDMR is, or else where reserved "
                + "areas are left; with merge-areas such a PAMT costs no area of its own"),
        new(
            PlanStrategies.NodePamts,
            "node-pamts",
            "one run of pages, and one reserved area, for all PAMTs of a node",
            "one run of pages, and one reserved area, for the PAMTs of all TDMRs of a node"),
        new(
            PlanStrategies.ExcludeRam,
            "exclude-ram",
            "exclude the cheapest RAM from TDX; Linux must keep it from its page allocator",
            "exclude the cheapest RAM from TDX, as a last resort: Linux would have to keep it from its page allocator, "
                + "as memmap= does"),
    ];

    /// <summary>The strategy, one bit; <see cref="PlanStrategies.None"/> for the kernel's own steps.</summary>
    public PlanStrategies Strategy { get; }

    /// <summary>The name, such as <c>holes-from-cmrs</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, in a few words without a full stop.</summary>
    public string Summary { get; }

    /// <summary>What it does, in full, without a full stop.</summary>
    public string Description { get; }

    /// <summary>The name and what it does: <c>join-tdmrs: join neighbouring TDMRs, ...</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {Summary}";
}
