namespace TdxPamt.Cli;

/// <summary>Why a host has no TDMRs, in one line for reading.</summary>
internal static class FailureText
{
    /// <summary>Adds the failure in the kernel's words.</summary>
    internal static void Append(Page page, TdmrFailure failure) =>
        page.Add($"initialization failed: {Describe(failure)}", Outcome.Bad);

    /// <summary>Adds the failure as a host's outcome.</summary>
    internal static void AppendOutcome(Page page, string host, TdmrFailure failure) =>
        page.Add($"{host}: failed, {Describe(failure)}", Outcome.Bad);

    private static string Describe(TdmrFailure failure) => $"{failure.Message} ({failure.Errno})";
}
