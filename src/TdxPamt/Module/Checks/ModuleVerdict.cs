namespace TdxPamt.Module;

/// <summary>What the TDX module says of a set of TDMRs when TDH.SYS.CONFIG gets them.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record ModuleVerdict
{
    private ModuleVerdict(CompletionStatus status, string message)
    {
        Status = status;
        Message = message;
    }

    /// <summary>The completion status.</summary>
    public CompletionStatus Status { get; }

    /// <summary>The status in words, with the ranges it is about; <c>accepted</c> where the module takes the
    /// TDMRs.</summary>
    public string Message { get; }

    /// <summary>Whether the module takes the TDMRs.</summary>
    public bool IsAccepted => Status.IsSuccess;

    /// <summary>Asks the module about TDMRs of any values.</summary>
    /// <param name="tdmrs">The TDMR_INFOs, in the order the host hands them over.</param>
    /// <param name="cmrs">The CMRs; null entries may be among them.</param>
    /// <param name="module">What the module reports.</param>
    /// <returns>The verdict of <see cref="SysConfig.Check"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> is null.</exception>
    public static ModuleVerdict Create(
        ReadOnlySpan<TdmrInfoEntry> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters module)
    {
        Preconditions.NotNull(module, nameof(module));
        CompletionStatus status = SysConfig.Check(tdmrs, cmrs, module);
        return new(status, status.IsSuccess ? "accepted" : status.Describe(tdmrs, cmrs, module));
    }

    /// <summary>Asks the module about the TDMRs of a machine.</summary>
    /// <param name="tdmrs">The TDMRs, in the order the host hands them over.</param>
    /// <param name="cmrs">The machine's CMRs, or what is taken for them.</param>
    /// <param name="module">What the module reports.</param>
    /// <returns>The verdict; null where a TDMR has more reserved areas than the 16 that a TDMR_INFO has room
    /// for.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> or a TDMR is null.</exception>
    public static ModuleVerdict? Create(
        ReadOnlySpan<TdmrInfo> tdmrs, ReadOnlySpan<AddressRange> cmrs, ModuleParameters module)
    {
        TdmrInfoEntry[] blocks = new TdmrInfoEntry[tdmrs.Length];
        for (int i = 0; i < blocks.Length; i++)
        {
            if (Preconditions.NotNull(tdmrs[i], nameof(tdmrs)).ReservedAreas.Count > TdmrInfoEntry.MaxReservedAreas)
                return null;
            blocks[i] = TdmrInfoEntry.FromTdmr(tdmrs[i]);
        }

        CmrInfo[] infos = new CmrInfo[cmrs.Length];
        for (int i = 0; i < infos.Length; i++)
            infos[i] = CmrInfo.FromRange(cmrs[i]);
        return Create(blocks, infos, module);
    }

    /// <summary>The verdict in a line.</summary>
    /// <returns><c>accepted</c>, or the status by name and in words.</returns>
    public override string ToString() => IsAccepted ? Message : $"{Status.Name}: {Message}";
}
