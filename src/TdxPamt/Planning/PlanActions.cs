namespace TdxPamt.Planning;

/// <summary>What to do about a machine that fails or has little room left.</summary>
/// <remarks>Every action was tried: the changed machine is planned, and the module accepts it as far as CMRs are known.
/// Without state, so safe for many threads. Rules: docs/model.md#actions.</remarks>
public static class PlanActions
{
    /// <summary>The most RAM that a boot option may cost, as a share of all, unless another is given: 1/1000.</summary>
    public const double DefaultMaxRamShare = 0.001;

    /// <summary>A TDMR with at most this many reserved areas left has little room: one more hole or PAMT may be
    /// too many.</summary>
    public const int FewAreas = 1;

    /// <summary>How many memory blocks a machine may have for more than other kernels to be tried: 1024. Real machines
    /// have some hundreds at most, and the time grows faster than the number.</summary>
    public const int MaxMemoryBlocks = 1024;

    /// <summary>The most ranges of a boot option, or to ask a vendor about: a command line is short.</summary>
    private const int MaxRanges = 16;

    /// <summary>How often RAM is excluded once more where PAMTs then lie elsewhere.</summary>
    private const int MaxRounds = 4;

    /// <summary>The kernels that can be booted, the easiest to get first, each with who has it. The patches v5 and
    /// cmr-holes are in none; what differs between mainline and 7.1 is the name.</summary>
    private static readonly (KernelModel Kernel, string What)[] Kernels =
    [
        (KernelModel.Linux71, "Linux 7.1, 7.2 or 7.3: it takes PAMTs at boot, holes from the memory map, and moves "
            + "hugetlb pages; Linux 6.8 to 7.0 does not move them"),
        (KernelModel.Linux68, "Linux 6.8 to 7.0: it takes holes from the memory map"),
        (KernelModel.DynamicPamt, "the kernel that comes after Linux 7.3: it has Dynamic PAMT, and no release "
            + "up to 7.3 has it"),
        (KernelModel.CmrHoles2024, "a kernel that takes holes from the CMRs: Ubuntu's 6.8 -intel likely does "
            + "(cmr-holes-2024), mainline up to 7.3 and Ubuntu's 6.14 -intel do not"),
    ];

    /// <summary>Finds what makes a machine work, or what leaves more room where few reserved areas are left.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="kernel">The kernel it boots; null for <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What its module reports; null for <see cref="ModuleParameters.Default"/>.</param>
    /// <param name="maxRamShare">The most RAM that a boot option may cost, as a share of all, 0 to 1.</param>
    /// <returns>The actions, the cheapest first; none where the machine has room, where nothing helps, or where the
    /// kernel needs CMRs that are not known.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxRamShare"/> is not from 0 to 1.</exception>
    public static ValueList<PlanAction> Create(
        HostMemory host,
        KernelModel? kernel = null,
        ModuleParameters? module = null,
        double maxRamShare = DefaultMaxRamShare)
    {
        Preconditions.NotNull(host, nameof(host));
        if (!(maxRamShare is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(maxRamShare), "maxRamShare must be from 0 to 1");
        kernel ??= KernelModel.Mainline;
        module ??= ModuleParameters.Default;
        if (kernel.NeedsCmrs && host.Cmrs.Count == 0)
            return default;
        ReducedHost whole = new(host, module, []);
        MemoryPlan? now = Try(whole, kernel, PlanStrategies.None);
        int areas = now?.MaxReservedAreasUsed ?? 0;
        if (now is { IsAcceptable: true } && (areas == 0 || module.MaxReservedAreas - areas > FewAreas))
            return default;

        // Of a machine that works, its own number of areas is too many.
        if (now is { IsAcceptable: true })
            whole = new(host, module with { MaxReservedAreas = areas - 1 }, []);
        List<PlanAction> actions = [];
        bool isSearched = host.TdxMemoryBlocks.Count <= MaxMemoryBlocks;
        (AddressRange[] Ram, MemoryPlan Plan)? less = isSearched ? WithLessRam(whole, kernel) : null;
        if (less is { } kept && AddressRanges.TotalBytes(kept.Ram) <= maxRamShare * host.RamBytes)
            actions.Add(BootOption(host, kept.Ram, kept.Plan, module));
        AddOtherKernel(actions, whole, kernel, module);
        if (less is { } joined && Joined(host, joined.Ram) is { } ranges)
            actions.Add(Firmware(ranges, joined.Ram, joined.Plan, module));
        if (isSearched && !kernel.TakesHolesFromCmrs)
            AddPatch(actions, whole, kernel, module);
        return [.. actions];
    }

    private static MemoryPlan? Try(ReducedHost host, KernelModel kernel, PlanStrategies strategies)
    {
        new StrategyConstructor(strategies, kernel, host.Module).TryConstruct(host, out MemoryPlan? plan, out _);
        return plan;
    }

    private static MemoryPlan? Acceptable(ReducedHost host, KernelModel kernel, PlanStrategies strategies) =>
        Try(host, kernel, strategies) is { IsAcceptable: true } plan ? plan : null;

    /// <summary>The least RAM without which the kernel's own steps work, and their plan; null where there is none.
    /// In a plan, excluded RAM may hold PAMTs; where Linux never sees it, it may not: so look again.</summary>
    private static (AddressRange[] Ram, MemoryPlan Plan)? WithLessRam(ReducedHost host, KernelModel kernel)
    {
        AddressRange[] ram = [];
        ReducedHost reduced = host;
        for (int round = 0; round < MaxRounds; round++)
        {
            if (Acceptable(reduced, kernel, PlanStrategies.ExcludeRam) is not { ExcludedRam.Count: > 0 } found)
                return null;
            ram = AddressRanges.Union(ram, found.ExcludedRam.Span);
            reduced = new(Without(host.Original, ram), host.Module, []);
            if (ram.Length > MaxRanges)
                return null;
            if (Acceptable(reduced, kernel, PlanStrategies.None) is { } plan)
                return (ram, plan);
        }

        return null;
    }

    private static HostMemory Without(HostMemory host, AddressRange[] ram) =>
        host.With(ReducedHost.Regions(host.Regions, AddressRanges.Gaps(ram)), host.Cmrs);

    private static PlanAction BootOption(
        HostMemory host, AddressRange[] ram, MemoryPlan plan, ModuleParameters module)
    {
        string option = "memmap="
            + string.Join(",", ram.Select(static range => $"{Size(range.Size)}${Hex(range.Start)}"));
        ulong bytes = AddressRanges.TotalBytes(ram);
        string share = $"{Quantities.Percent((double)bytes / host.RamBytes)} of RAM";
        PlanAction action = new(PlanActionKind.BootOption, "", plan) { Ram = new(ram), BootOption = option };
        return action with
        {
            Text = $"boot with {option}: it keeps {Quantities.Size(bytes)} ({share}), {action.Ram}, from Linux; "
                + $"{Room(plan, module)}. In a shell: {action.ShellOption}; in /etc/default/grub: {action.GrubOption}",
        };
    }

    private static void AddOtherKernel(
        List<PlanAction> actions, ReducedHost host, KernelModel kernel, ModuleParameters module)
    {
        foreach ((KernelModel other, string what) in Kernels)
        {
            bool isSame = other == kernel || (kernel == KernelModel.Mainline && other == KernelModel.Linux71);
            bool isOpen = (other.NeedsCmrs && host.Original.Cmrs.Count == 0)
                || (other.UsesDynamicPamt && !module.DynamicPamt);
            if (isSame || isOpen || Acceptable(host, other, PlanStrategies.None) is not { ExcludedBytes: 0 } plan)
                continue;
            actions.Add(new(PlanActionKind.Kernel, $"boot {what}; {Room(plan, module)}", plan));
            return;
        }
    }

    /// <summary>The holes at both sides of each range; null where one is not all the RAM between two holes.</summary>
    private static AddressRange[]? Joined(HostMemory host, AddressRange[] ram)
    {
        AddressRange[] holes = AddressRanges.Gaps(host.TdxMemoryRanges);
        List<AddressRange> joined = [];
        foreach (AddressRange range in ram)
        {
            // Below any RAM there is the first MiB, which is a hole.
            int above = AddressRanges.FirstEndingAbove(holes, range.Start);
            if (above == holes.Length || holes[above - 1].End != range.Start || holes[above].Start != range.End)
            {
                return null;
            }

            // Memory ends in a hole that reaches to the end of addresses: what counts is the part in the TDMR.
            ulong end = Math.Min(holes[above].End, MoreHoles.NextBoundary(holes[above].Start));
            if (joined.Count == 0 || joined[^1].Start != holes[above - 1].Start)
                joined.Add(holes[above - 1]);
            joined.Add(above == holes.Length - 1 ? AddressRange.Create(holes[above].Start, end) : holes[above]);
        }

        return [.. joined];
    }

    private static PlanAction Firmware(
        AddressRange[] holes, AddressRange[] ram, MemoryPlan plan, ModuleParameters module)
    {
        string text = $"ask the firmware vendor to place {new ValueList<AddressRange>(holes)} side by side, without "
            + $"the RAM {new ValueList<AddressRange>(ram)} between; {Room(plan, module)}";
        return new(PlanActionKind.Firmware, text, plan) { Ram = new(ram) };
    }

    private static void AddPatch(
        List<PlanAction> actions, ReducedHost host, KernelModel kernel, ModuleParameters module)
    {
        MemoryPlan? best = PlanStrategyNames.Each
            .Where(static each => each is not PlanStrategies.ExcludeRam && IsInNoKernel(each))
            .Select(each => Acceptable(host, kernel, each))
            .OrderBy(static plan => plan, PlanOrder.Instance)
            .FirstOrDefault();
        if (best is null && new MemoryPlanner(host.Module).TryPlan(host.Original, out MemoryPlan? combined, out _)
            && combined is { ExcludedBytes: 0 } && IsInNoKernel(combined.Strategies))
        {
            best = combined;
        }

        if (best is null)
            return;
        IEnumerable<string> changes = best.Strategies.Infos().Select(static info => $"{info.Name}, {info.Summary}");
        string text = $"patch the kernel (no kernel does this yet): {string.Join("; ", changes)}; {Room(best, module)}";
        actions.Add(new(PlanActionKind.KernelPatch, text, best));
    }

    private static bool IsInNoKernel(PlanStrategies strategies) =>
        strategies is not (PlanStrategies.None or PlanStrategies.HolesFromCmrs);

    /// <summary>What is used then: <c>then it takes 5 of 64 TDMRs, at most 16 of 16 areas</c>.</summary>
    private static string Room(MemoryPlan plan, ModuleParameters module) =>
        $"then it takes {plan.Tdmrs.Count} of {module.MaxTdmrs} TDMRs, at most {plan.MaxReservedAreasUsed} of "
        + $"{module.MaxReservedAreas} areas";

    private static string Hex(ulong value) => FormattableString.Invariant($"0x{value:x}");

    /// <summary>A size as boot options have it: <c>4K</c>, <c>40M</c>.</summary>
    private static string Size(ulong bytes)
    {
        const string units = "KMGT";
        ulong size = bytes >> 10;
        int unit = 0;
        for (; unit < units.Length - 1 && size % 1024 == 0; unit++)
            size >>= 10;
        return FormattableString.Invariant($"{size}{units[unit]}");
    }
}
