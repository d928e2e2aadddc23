namespace TdxPamt.Hosts;

/// <summary>Which step of TDX's start a line tells of, in the order of the start.</summary>
internal enum StartLine
{
    /// <summary>The kernel's version.</summary>
    KernelVersion,

    /// <summary>An option of the command line, or kvm_intel's parameter, that turns TDX on or off.</summary>
    Option,

    /// <summary>That hibernation is turned off by an option, or what /sys/power/disk says.</summary>
    Hibernation,

    /// <summary>The processor's vendor, and those of its features that TDX needs.</summary>
    Processor,

    /// <summary>That TDX is not on in the BIOS.</summary>
    NotEnabled,

    /// <summary>The KeyIDs.</summary>
    KeyIds,

    /// <summary>That there are too few KeyIDs.</summary>
    FewKeyIds,

    /// <summary>That hibernation stops TDX.</summary>
    HibernationStops,

    /// <summary>That a feature of the processor is missing.</summary>
    NoFeature,

    /// <summary>That the module is not loaded.</summary>
    NotLoaded,

    /// <summary>The module's version, as the kernel prints it or sysfs has it.</summary>
    Module,

    /// <summary>That the module may overwrite the frame pointer.</summary>
    Rbp,

    /// <summary>A CMR.</summary>
    Cmr,

    /// <summary>How the start ended.</summary>
    Outcome,
}
