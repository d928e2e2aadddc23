namespace TdxPamt.Planning;

/// <summary>Why a machine can report another PAMT total than its plan (docs/model.md#figure).</summary>
public enum PamtTotalCauseKind
{
    /// <summary>TDMRs are split where the known memory map shows no reason: it hides a hole or a node's border that
    /// ends a memory block there.</summary>
    SplitTdmrs = 1,

    /// <summary>Neighbouring TDMRs are one: the machine has memory in one block where the known map has two.</summary>
    JoinedTdmrs,

    /// <summary>Dynamic PAMT is on where it was taken to be off, or the other way round.</summary>
    DynamicPamt,

    /// <summary>There are more GiB, or fewer, than the known map has.</summary>
    OtherMemory,
}
