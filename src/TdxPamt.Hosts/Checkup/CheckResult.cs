namespace TdxPamt.Hosts;

/// <summary>What a check of a machine says.</summary>
public enum CheckResult
{
    /// <summary>The input does not say.</summary>
    Unknown,

    /// <summary>TDX gets past it.</summary>
    Pass,

    /// <summary>TDX gets past it, and something is lost or nearly used up.</summary>
    Warn,

    /// <summary>It stops TDX.</summary>
    Fail,
}
