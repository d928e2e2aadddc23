namespace TdxPamt.Module;

/// <summary>What the TDX module answers to a set of TDMRs when TDH.SYS.CONFIG gets them.</summary>
/// <remarks>Immutable and equal by value. The checks: docs/model.md#sys-config.</remarks>
public sealed record ModuleVerdict
{
    private ModuleVerdict(
        ModuleAnswer answer, CompletionStatus status, string message, SysConfigFinding finding = default)
    {
        Tdmr = status.Tdmr is null ? null : finding.Tdmr;
        Other = status.Other is null ? null : finding.Other;
        Answer = answer;
        Status = status;
        Message = message;
    }

    /// <summary>The verdict where there are no TDMRs.</summary>
    public static ModuleVerdict NotAsked { get; } = new(ModuleAnswer.NotAsked, default, "there are no TDMRs");

    /// <summary>Whether the module was asked, and what it answered.</summary>
    public ModuleAnswer Answer { get; private init; }

    /// <summary>The completion status. For <see cref="ModuleAnswer.CmrsUnknown"/> that of a machine whose CMRs are its
    /// RAM; success where there is none.</summary>
    public CompletionStatus Status { get; }

    /// <summary>The index of the TDMR at fault, of which <see cref="CompletionStatus.Tdmr"/> has the low 8 bits; null
    /// where the status carries none.</summary>
    public int? Tdmr { get; }

    /// <summary>The index of the TDMR that a PAMT overlaps, of which <see cref="CompletionStatus.Other"/> has the low 8
    /// bits; null where the status carries none.</summary>
    public int? Other { get; }

    /// <summary>The status in words, with the ranges it is about; <c>accepted</c> for success; or why the module
    /// was not asked.</summary>
    public string Message { get; }

    /// <summary>Whether the module was asked and accepts the TDMRs.</summary>
    public bool IsAccepted => Answer == ModuleAnswer.Accepted;

    /// <summary>Whether the module was asked and rejects the TDMRs.</summary>
    public bool IsRejected => Answer == ModuleAnswer.Rejected;

    /// <summary>Whether the TDMRs are fit for use: the module accepts them or, where the CMRs are not known, would if
    /// all RAM is convertible.</summary>
    public bool IsAcceptable => Answer is ModuleAnswer.Accepted or ModuleAnswer.CmrsUnknown && Status.IsSuccess;

    /// <summary>Asks the module about TDMRs of any values.</summary>
    /// <param name="tdmrs">The TDMR_INFOs, in the order the host hands them over.</param>
    /// <param name="cmrs">The CMRs; null entries may be among them.</param>
    /// <param name="module">What the module reports.</param>
    /// <returns>The verdict: accepted or rejected.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> is null.</exception>
    public static ModuleVerdict Create(
        ReadOnlySpan<TdmrInfoEntry> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters module)
    {
        Preconditions.NotNull(module, nameof(module));
        return Ask(tdmrs, cmrs, module, release: null);
    }

    /// <summary>Asks a release of the module about TDMRs of any values.</summary>
    /// <param name="tdmrs">The TDMR_INFOs, in the order the host hands them over.</param>
    /// <param name="cmrs">The CMRs, at most 32; null entries may be among them.</param>
    /// <param name="module">What the module reports, and whether the host asks for Dynamic PAMT.</param>
    /// <param name="release">The release.</param>
    /// <returns>The verdict: accepted or rejected.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> or <paramref name="release"/>
    /// is null.</exception>
    /// <exception cref="ArgumentException">There are more than 32 CMRs.</exception>
    public static ModuleVerdict Create(
        ReadOnlySpan<TdmrInfoEntry> tdmrs,
        ReadOnlySpan<CmrInfo> cmrs,
        ModuleParameters module,
        TdxModuleRelease release)
    {
        Preconditions.NotNull(module, nameof(module));
        Preconditions.NotNull(release, nameof(release));
        return Ask(tdmrs, cmrs, module, release);
    }

    /// <summary>Asks the module about TDMRs of a machine whose CMRs are not known.</summary>
    /// <param name="tdmrs">The TDMR_INFOs, in the order the host hands them over.</param>
    /// <param name="module">What the module reports.</param>
    /// <returns>The verdict: rejected where no CMRs would help, else that the CMRs are unknown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> is null.</exception>
    public static ModuleVerdict WithoutCmrs(ReadOnlySpan<TdmrInfoEntry> tdmrs, ModuleParameters module)
    {
        ModuleVerdict verdict = Create(tdmrs, [new CmrInfo(0, AddressRange.Limit)], module);
        return verdict.IsRejected
            ? verdict
            : new(ModuleAnswer.CmrsUnknown, verdict.Status, "the CMRs are not known");
    }

    /// <summary>Asks the module about TDMRs that a kernel or a plan constructed.</summary>
    /// <param name="tdmrs">The TDMRs, in the order the host hands them over.</param>
    /// <param name="cmrs">The machine's CMRs, or what is taken for them.</param>
    /// <param name="module">What the module reports.</param>
    /// <returns>The verdict: accepted, rejected or too many areas.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> or a TDMR is null.</exception>
    public static ModuleVerdict Create(
        ReadOnlySpan<TdmrInfo> tdmrs, ReadOnlySpan<AddressRange> cmrs, ModuleParameters module)
    {
        int maxAreas = 0;
        foreach (TdmrInfo tdmr in tdmrs)
            maxAreas = Math.Max(maxAreas, Preconditions.NotNull(tdmr, nameof(tdmrs)).ReservedAreas.Count);
        if (maxAreas > TdmrInfoEntry.MaxReservedAreas)
        {
            string message = $"a TDMR_INFO has room for {TdmrInfoEntry.MaxReservedAreas} reserved areas, "
                + $"and a TDMR needs {maxAreas}";
            return new(ModuleAnswer.TooManyAreas, default, message);
        }

        TdmrInfoEntry[] entries = new TdmrInfoEntry[tdmrs.Length];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = TdmrInfoEntry.FromTdmr(tdmrs[i]);
        CmrInfo[] infos = new CmrInfo[cmrs.Length];
        for (int i = 0; i < infos.Length; i++)
            infos[i] = CmrInfo.FromRange(cmrs[i]);
        return Create(entries, infos, module);
    }

    /// <summary>Asks the module about the TDMRs of a machine; where its CMRs are not known, with its RAM
    /// in their place.</summary>
    /// <param name="tdmrs">The TDMRs, in the order the host hands them over.</param>
    /// <param name="host">The machine.</param>
    /// <param name="module">What the module reports.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentNullException">An argument or a TDMR is null.</exception>
    public static ModuleVerdict Create(ReadOnlySpan<TdmrInfo> tdmrs, HostMemory host, ModuleParameters module)
    {
        if (Preconditions.NotNull(host, nameof(host)).Cmrs.Count > 0)
            return Create(tdmrs, host.Cmrs.Span, module);
        ModuleVerdict verdict = Create(tdmrs, host.TdxMemoryRanges, module);
        return verdict.Answer == ModuleAnswer.TooManyAreas
            ? verdict
            : verdict with { Answer = ModuleAnswer.CmrsUnknown };
    }

    /// <summary>The verdict in a line.</summary>
    /// <returns>The status by name and in words, <c>accepted</c>, or why the module was not asked.</returns>
    public override string ToString() => Status.IsSuccess ? Message : $"{Status.Name}: {Message}";

    private static ModuleVerdict Ask(
        ReadOnlySpan<TdmrInfoEntry> tdmrs,
        ReadOnlySpan<CmrInfo> cmrs,
        ModuleParameters module,
        TdxModuleRelease? release)
    {
        SysConfigFinding finding = SysConfig.Find(tdmrs, cmrs, module, release);
        CompletionStatus status = finding.Status;
        return status.IsSuccess
            ? new(ModuleAnswer.Accepted, status, "accepted")
            : new(
                ModuleAnswer.Rejected,
                status,
                CompletionText.Describe(status, tdmrs, cmrs, module, release),
                finding);
    }
}
