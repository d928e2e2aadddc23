using Microsoft.Extensions.Logging;

namespace TdxPamt;

/// <summary>What a construction logs, in the kernel's words where the kernel has them.</summary>
internal static partial class Log
{
    private const string InitializationFailed = "initialization failed: {Reason}";

    [LoggerMessage(1, LogLevel.Information, "{KiB} KB allocated for PAMT")]
    internal static partial void PamtKiBAllocated(ILogger logger, ulong kiB);

    [LoggerMessage(2, LogLevel.Information, "{Pages} pages allocated for PAMT")]
    internal static partial void PamtPagesAllocated(ILogger logger, ulong pages);

    [LoggerMessage(3, LogLevel.Warning, "few TDMRs left: {Used} of {Allowed} used")]
    internal static partial void FewTdmrsLeft(ILogger logger, int used, int allowed);

    [LoggerMessage(4, LogLevel.Warning, "TDMR {Tdmr}: no NUMA node found, using node 0")]
    internal static partial void NodeUnknown(ILogger logger, AddressRange tdmr);

    [LoggerMessage(5, LogLevel.Warning, "TDMR {Tdmr}: a PAMT at page 0 is not freed")]
    internal static partial void PamtAtPageZero(ILogger logger, AddressRange tdmr);

    [LoggerMessage(6, LogLevel.Error, "TDMR {Tdmr}: its PAMTs could not be freed")]
    internal static partial void FreeFailed(ILogger logger, AddressRange tdmr, Exception exception);

    internal static void Failure(ILogger logger, TdmrFailure failure)
    {
        switch (failure.Code)
        {
            case TdmrFailureCode.MemoryNotConvertible:
                MemoryNotConvertible(logger, failure.Message);
                break;
            case TdmrFailureCode.NoTdxMemory:
                NoTdxMemory(logger, failure.Message);
                break;
            case TdmrFailureCode.TdmrsExhausted:
                TdmrsExhausted(logger, failure.Message);
                break;
            case TdmrFailureCode.PamtAllocationFailed:
                PamtAllocationFailed(logger, failure.Message);
                break;
            case TdmrFailureCode.ReservedAreasExhausted:
                ReservedAreasExhausted(logger, failure.Message);
                break;
            default:
                AllocatorMisbehaved(logger, failure.Message, failure.Cause);
                break;
        }
    }

    [LoggerMessage(11, LogLevel.Error, InitializationFailed)]
    private static partial void MemoryNotConvertible(ILogger logger, string reason);

    [LoggerMessage(12, LogLevel.Error, InitializationFailed)]
    private static partial void NoTdxMemory(ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Error, InitializationFailed)]
    private static partial void TdmrsExhausted(ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Error, InitializationFailed)]
    private static partial void PamtAllocationFailed(ILogger logger, string reason);

    [LoggerMessage(15, LogLevel.Error, InitializationFailed)]
    private static partial void ReservedAreasExhausted(ILogger logger, string reason);

    [LoggerMessage(16, LogLevel.Error, InitializationFailed)]
    private static partial void AllocatorMisbehaved(ILogger logger, string reason, Exception? cause);
}
