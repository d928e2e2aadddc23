using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TdxPamt;

/// <summary>What differs between the kernels that build TDMRs; docs/model.md#kernels.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
public sealed class KernelModel
{
    private KernelModel(string name)
    {
        Name = name;
    }

    /// <summary>The patch "x86/virt/tdx: Allocate and set up PAMTs for TDMRs", v5, of 2022.</summary>
    public static KernelModel V5 { get; } = new("v5")
    {
        PamtTime = PamtTime.FirstTd,
        TestsConvertibility = true,
        ErrnoWhenExhausted = Errno.E2BIG,
        PrintsPages = true,
        WarnsOfFewTdmrs = false,
    };

    /// <summary>Linux 6.8 to 7.0.</summary>
    public static KernelModel Linux68 { get; } = new("6.8");

    /// <summary>Linux 7.1 to 7.3; it answers as 7.3 does.</summary>
    public static KernelModel Linux71 { get; } = AtBoot("7.1");

    /// <summary>The newest released kernel under a name that stays: today <see cref="Linux71"/>.</summary>
    public static KernelModel Mainline { get; } = AtBoot("mainline");

    /// <summary>The change of September 2026, to be released after 7.3, which uses Dynamic PAMT.</summary>
    public static KernelModel DynamicPamt { get; } = AtBoot("dynamic-pamt", usesDynamicPamt: true);

    /// <summary>The change that takes holes from the CMRs, as last posted in December 2024 (v8.2).</summary>
    public static KernelModel CmrHoles { get; } = new("cmr-holes")
    {
        TestsConvertibility = true,
        TakesHolesFromCmrs = true,
    };

    /// <summary>The change that takes holes from the CMRs, as of mid-2024. Ubuntu's 6.8 -intel kernel is likely
    /// this one.</summary>
    public static KernelModel CmrHoles2024 { get; } = new("cmr-holes-2024")
    {
        TakesHolesFromCmrs = true,
    };

    /// <summary>All of them: the patch, mainline's releases from the oldest on, and those that
    /// take holes from CMRs.</summary>
    public static IReadOnlyList<KernelModel> All { get; } =
        [V5, Linux68, Linux71, Mainline, DynamicPamt, CmrHoles, CmrHoles2024];

    /// <summary>The name by which the command and host documents know it.</summary>
    public string Name { get; }

    /// <summary>When it allocates PAMTs.</summary>
    public PamtTime PamtTime { get; private init; } = PamtTime.ModuleLoad;

    /// <summary>Whether it refuses RAM that does not lie in one CMR; docs/model.md#convertible-test.</summary>
    public bool TestsConvertibility { get; private init; }

    /// <summary>Whether holes are what the CMRs leave, rather than what the memory
    /// blocks leave; docs/model.md#tdmr_populate_rsvd_holes.</summary>
    public bool TakesHolesFromCmrs { get; private init; }

    /// <summary>Whether what it does depends on the CMRs.</summary>
    internal bool NeedsCmrs => TestsConvertibility || TakesHolesFromCmrs;

    /// <summary>Whether a request that finds no room may move hugetlb pages that are smaller
    /// than itself; docs/model.md#hugetlb-pass.</summary>
    public bool MovesHugetlb { get; private init; }

    /// <summary>Whether it uses Dynamic PAMT where the module has it; docs/model.md#dynamic-pamt.</summary>
    public bool UsesDynamicPamt { get; private init; }

    /// <summary>Whether it warns when fewer than 4 TDMRs are left.</summary>
    public bool WarnsOfFewTdmrs { get; private init; } = true;

    /// <summary>Whether it prints the total in pages, rather than in KB; docs/model.md#pamt-total.</summary>
    public bool PrintsPages { get; private init; }

    /// <summary>The error when TDMRs or reserved areas run out.</summary>
    public Errno ErrnoWhenExhausted { get; private init; } = Errno.ENOSPC;

    /// <summary>Finds a kernel by its name.</summary>
    /// <param name="name">The name, one of those in <see cref="All"/>.</param>
    /// <param name="kernel">The kernel, or null where no kernel has that name.</param>
    /// <returns>Whether there is such a kernel.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out KernelModel? kernel)
    {
        kernel = All.FirstOrDefault(kernel => string.Equals(kernel.Name, name, StringComparison.Ordinal));
        return kernel is not null;
    }

    /// <summary>Finds the mainline kernel of a version.</summary>
    /// <param name="version">The version as the kernel prints it after "Linux version", such as
    /// <c>7.3.4+deb13-amd64</c>: two numbers with a dot between, then anything.</param>
    /// <returns>The kernel; null before 6.8, when mainline had no TDX host, and where the text is no version.</returns>
    public static KernelModel? FromLinuxVersion(string? version)
    {
        string[] parts = (version ?? "").Split('.', 3);
        if (parts.Length < 2 || !TryNumber(parts[0], out int major) || !TryNumber(parts[1], out int minor))
            return null;
        return major < 6 || (major == 6 && minor < 8) ? null
            : major == 6 || (major == 7 && minor == 0) ? Linux68
            : major == 7 && minor <= 3 ? Linux71
            : DynamicPamt;
    }

    /// <summary>The kernel's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;

    private static KernelModel AtBoot(string name, bool usesDynamicPamt = false) => new(name)
    {
        PamtTime = PamtTime.Boot,
        MovesHugetlb = true,
        UsesDynamicPamt = usesDynamicPamt,
    };

    /// <summary>Reads the digits that a text starts with.</summary>
    private static bool TryNumber(string text, out int number)
    {
        string digits = new([.. text.TakeWhile(static character => character is >= '0' and <= '9')]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
