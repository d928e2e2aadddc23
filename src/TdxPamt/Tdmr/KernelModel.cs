using System.Diagnostics.CodeAnalysis;

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
        TestsConvertibility = true,
        ErrnoWhenExhausted = Errno.E2BIG,
        PrintsPages = true,
    };

    /// <summary>Linux 6.8 and later.</summary>
    public static KernelModel Mainline { get; } = new("mainline")
    {
        WarnsOfFewTdmrs = true,
    };

    /// <summary>Linux 6.8 with Intel's patches, which takes holes from the CMRs.</summary>
    public static KernelModel CmrHoles { get; } = new("cmr-holes")
    {
        TestsConvertibility = true,
        TakesHolesFromCmrs = true,
        WarnsOfFewTdmrs = true,
    };

    /// <summary>All of them, oldest first.</summary>
    public static IReadOnlyList<KernelModel> All { get; } = [V5, Mainline, CmrHoles];

    /// <summary>The name by which the command and host documents know it.</summary>
    public string Name { get; }

    /// <summary>Whether it refuses RAM that does not lie in one CMR; docs/model.md#convertible-test.</summary>
    public bool TestsConvertibility { get; private init; }

    /// <summary>Whether holes are what the CMRs leave, rather than what the memory
    /// blocks leave; docs/model.md#tdmr_populate_rsvd_holes.</summary>
    public bool TakesHolesFromCmrs { get; private init; }

    /// <summary>Whether it warns when fewer than 4 TDMRs are left.</summary>
    public bool WarnsOfFewTdmrs { get; private init; }

    /// <summary>Whether it prints the total in pages, rather than in KB; docs/model.md#pamt-total.</summary>
    public bool PrintsPages { get; private init; }

    /// <summary>The error when TDMRs or reserved areas run out.</summary>
    public Errno ErrnoWhenExhausted { get; private init; } = Errno.ENOSPC;

    /// <summary>Finds a kernel by its name.</summary>
    /// <param name="name">The name: v5, mainline or cmr-holes.</param>
    /// <param name="kernel">The kernel, or null where no kernel has that name.</param>
    /// <returns>Whether there is such a kernel.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out KernelModel? kernel)
    {
        kernel = All.FirstOrDefault(kernel => string.Equals(kernel.Name, name, StringComparison.Ordinal));
        return kernel is not null;
    }

    /// <summary>The kernel's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
