namespace TdxPamt.Hosts;

/// <summary>Whether TDX can be configured on a host.</summary>
public enum HostAnswer
{
    /// <summary>It is not known: <see cref="HostDescription.Unknown"/> says what the input leaves open.</summary>
    Unknown,

    /// <summary>Yes: the TDMRs can be constructed, and the module accepts them.</summary>
    Yes,

    /// <summary>No: the TDMRs cannot be constructed, or the module rejects them.</summary>
    No,
}
