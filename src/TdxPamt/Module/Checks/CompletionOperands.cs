using static System.FormattableString;

namespace TdxPamt.Module;

/// <summary>What the lower 32 bits of a completion status say, in words (docs/model.md#completion-status).</summary>
internal static class CompletionOperands
{
    /// <summary>What the kernel writes into a status of its own where the instruction itself fails.</summary>
    private const uint VmFailInvalid = 0xFFFF0000;
    private const int InvalidOpcode = 6;
    private const int GeneralProtection = 13;

    /// <summary>Each operand that a status carries.</summary>
    internal static string[] Describe(CompletionStatus status)
    {
        uint details = (uint)(status.Value & uint.MaxValue);
        if (status.Tdmr is { } tdmr)
            return OfTdmr(status, tdmr);
        if (NamesOperand(status.Code))
            return [OperandNames.Describe(details)];
        return status.Code switch
        {
            CompletionCode.PamtPageNotEmpty => [Invariant($"page {details} of the pair")],
            CompletionCode.IncorrectMsrValue or CompletionCode.InconsistentMsr => [Invariant($"MSR 0x{details:x}")],
            CompletionCode.SmrrNotLocked or CompletionCode.InvalidSmrrConfiguration => [Smrr(status.Info0)],
            CompletionCode.SmrrOverlapsCmr => [Smrr(status.Info0), Invariant($"CMR {status.Info1}")],
            CompletionCode.NumActivatedHkidsNotSupported => [Invariant($"{details} key ids")],
            CompletionCode.InvalidPkgId => [Invariant($"package {details}")],
            CompletionCode.UpdateCompatibilitySensitive => [Invariant($"{details >> 16} TDs")],
            CompletionCode.OpStateIncorrect or CompletionCode.LifecycleStateIncorrect when details != 0 =>
                [Invariant($"state {details}")],
            _ when CompletionRules.IsOfKernel(status.Code) => [OfInstruction(details)],
            _ => details == 0 ? [] : [Invariant($"0x{details:x} in bits 31:0")],
        };
    }

    private static string[] OfTdmr(CompletionStatus status, int tdmr)
    {
        List<string> operands = [Invariant($"TDMR {tdmr}")];
        if (status.Level is { } level)
            operands.Add($"PAMT {level.Label()}");
        if (status.ReservedArea is { } area)
            operands.Add(Invariant($"reserved area {area}"));
        if (status.Other is { } other)
            operands.Add(Invariant($"with TDMR {other}"));
        return [.. operands];
    }

    private static string Smrr(byte number) => number == 0 ? "SMRR" : Invariant($"SMRR{number + 1}");

    /// <summary>Why the instruction failed before a module could answer, as the kernel writes it down.</summary>
    private static string OfInstruction(uint details) => details switch
    {
        VmFailInvalid => "VMfailInvalid: no module is loaded, or it is being updated",
        InvalidOpcode => "#UD: virtualisation (VMX) is off on this processor",
        GeneralProtection => "#GP: TDX is off in the BIOS",
        _ => Invariant($"0x{details:x} in bits 31:0"),
    };

    /// <summary>Whether the lower half of a status is an operand's number.</summary>
    private static bool NamesOperand(CompletionCode code) => code is
        CompletionCode.OperandInvalid or CompletionCode.OperandAddrRangeError or CompletionCode.OperandBusy
        or CompletionCode.OperandBusyHostPriority or CompletionCode.PageMetadataIncorrect
        or CompletionCode.PageNotOwnedByTd or CompletionCode.PageNotFree or CompletionCode.HpaRangeNotFree
        or CompletionCode.NoPamtPagePair or CompletionCode.MissingPamtPagePair;
}
