namespace TdxPamt;

/// <summary>Why pages cannot become part of a contiguous allocation.</summary>
public enum BlockedKind
{
    /// <summary>Never part of the page allocator: firmware, kernel image.</summary>
    Reserved,

    /// <summary>In use by something that cannot be migrated away.</summary>
    Unmovable,

    /// <summary>In the pool of huge pages.</summary>
    Hugetlb,
}
