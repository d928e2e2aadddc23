namespace TdxPamt;

/// <summary>The page sizes that a PAMT tracks. The numbers are the TDX module's levels.</summary>
public enum PageSize
{
    /// <summary>4 KiB, level 0.</summary>
    Page4K = 0,

    /// <summary>2 MiB, level 1.</summary>
    Page2M = 1,

    /// <summary>1 GiB, level 2.</summary>
    Page1G = 2,
}
