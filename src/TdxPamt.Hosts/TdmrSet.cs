using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>TDMRs and CMRs as a plan document gives them to the TDX module: any numbers of 64
/// bits, unchecked.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
/// <param name="Name">The document's name or, where it gives none, the file's without folder and extension.</param>
/// <param name="Cmrs">The CMRs as given.</param>
/// <param name="Tdmrs">The TDMRs as given; a field that a document omits is 0.</param>
/// <param name="Module">What the module reports; <see cref="ModuleParameters.Default"/> where the document does
/// not say.</param>
public sealed record TdmrSet(
    string Name, ValueList<CmrInfo> Cmrs, ValueList<TdmrInfoEntry> Tdmrs, ModuleParameters Module)
{
    /// <summary>The module's release, which a document does not say; null asks TDH.SYS.CONFIG of 1.5.25 alone, which
    /// does not test CMRs for bits that select a key.</summary>
    public TdxModuleRelease? Release { get; init; }

    /// <summary>Whether the document says that the CMRs are not known: no CMRs then are not the same as that the module
    /// has none.</summary>
    public bool CmrsUnknown { get; init; }

    /// <summary>Why there are no TDMRs, where the document is that of a plan that failed; null otherwise.</summary>
    public string? Failure { get; private init; }

    /// <summary>Checks the TDMRs as the module does; docs/model.md#sys-config.</summary>
    /// <returns>The verdict; <see cref="ModuleVerdict.NotAsked"/> where the plan failed.</returns>
    /// <exception cref="ArgumentNullException"><see cref="Module"/> is null.</exception>
    /// <exception cref="ArgumentException">There is a release, and there are more than 32 CMRs.</exception>
    public ModuleVerdict Check() => Failure is not null ? ModuleVerdict.NotAsked
        : CmrsUnknown ? ModuleVerdict.WithoutCmrs(Tdmrs.Span, Module)
        : Release is null ? ModuleVerdict.Create(Tdmrs.Span, Cmrs.Span, Module)
        : ModuleVerdict.Create(Tdmrs.Span, Cmrs.Span, Module, Release);

    /// <summary>What stands for a plan that failed.</summary>
    internal static TdmrSet OfFailedPlan(string name, string failure) =>
        new(name, [], [], ModuleParameters.Default) { Failure = failure };
}
