using TdxPamt.Module;

namespace TdxPamt.Cli;

/// <summary>The TDX module's answer, for reading.</summary>
internal static class VerdictText
{
    /// <summary>Adds the answer in one line.</summary>
    /// <param name="page">The page to add it to.</param>
    /// <param name="name">Whose answer it is, or the answer to what.</param>
    /// <param name="verdict">An answer to TDMRs.</param>
    internal static void Append(Page page, string name, ModuleVerdict verdict) => page.Add(
        $"{name}: {Describe(verdict)}",
        verdict.IsAccepted ? Outcome.Good
            : verdict.Answer == ModuleAnswer.CmrsUnknown ? Outcome.Warning
            : Outcome.Bad);

    internal static string Describe(ModuleVerdict verdict) => verdict.IsAccepted
        ? "accepted"
        : verdict.Answer == ModuleAnswer.CmrsUnknown ? "not known: the CMRs are not known"
        : verdict.Answer == ModuleAnswer.TooManyAreas ? $"cannot be asked: {verdict.Message}"
        : $"rejected, {verdict.Status.Name} 0x{verdict.Status.Value:X16}: {verdict.Message}";
}
