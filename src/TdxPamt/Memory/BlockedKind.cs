namespace TdxPamt;

/// <summary>Why pages cannot become part of a contiguous allocation; docs/model.md#alloc_contig_pages.</summary>
public enum BlockedKind
{
    /// <summary>Never part of the page allocator, such as firmware and the kernel's image.</summary>
    Reserved,

    /// <summary>In use by something that cannot be migrated away.</summary>
    Unmovable,

    /// <summary>In the pool of huge pages.</summary>
    Hugetlb,
}
