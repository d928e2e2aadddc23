namespace TdxPamt;

/// <summary>When a kernel allocates PAMTs; docs/model.md#kernels.</summary>
public enum PamtTime
{
    /// <summary>When KVM creates the first TD.</summary>
    FirstTd,

    /// <summary>When the module kvm_intel is loaded.</summary>
    ModuleLoad,

    /// <summary>At boot, before user space and before the pool of huge pages is filled, so before memory
    /// can fragment.</summary>
    Boot,
}
