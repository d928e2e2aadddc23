namespace TdxPamt.Planning;

/// <summary>What is to be changed about a machine so that it works, or has more room; the cheapest first.</summary>
public enum PlanActionKind
{
    /// <summary>Boot with an option that keeps some RAM from Linux.</summary>
    BootOption,

    /// <summary>Boot another kernel.</summary>
    Kernel,

    /// <summary>Ask the firmware vendor to place memory that is no RAM elsewhere.</summary>
    Firmware,

    /// <summary>Patch the kernel: no kernel does it yet.</summary>
    KernelPatch,
}
