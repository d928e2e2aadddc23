namespace TdxPamt;

/// <summary>How many bytes the module needs for one PAMT entry of each page size:
/// PAMT_ENTRY_SIZE of docs/model.md#metadata-fields.</summary>
/// <remarks>Immutable; <c>default</c> is no module's, and <see cref="ModuleParameters"/> refuses it.</remarks>
public readonly record struct PamtEntrySizes
{
    /// <summary>Takes the three sizes as the module reports them.</summary>
    /// <param name="page4K">Bytes for a 4K entry, 1 to 65535.</param>
    /// <param name="page2M">Bytes for a 2M entry, 1 to 65535.</param>
    /// <param name="page1G">Bytes for a 1G entry, 1 to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not in that interval.</exception>
    public PamtEntrySizes(int page4K, int page2M, int page1G)
    {
        Page4K = Preconditions.InRange(page4K, 1, ushort.MaxValue, nameof(page4K));
        Page2M = Preconditions.InRange(page2M, 1, ushort.MaxValue, nameof(page2M));
        Page1G = Preconditions.InRange(page1G, 1, ushort.MaxValue, nameof(page1G));
    }

    /// <summary>What every module so far reports: 16 bytes each.</summary>
    public static PamtEntrySizes Default => new(16, 16, 16);

    /// <summary>Bytes for a 4K entry.</summary>
    public int Page4K { get; }

    /// <summary>Bytes for a 2M entry.</summary>
    public int Page2M { get; }

    /// <summary>Bytes for a 1G entry.</summary>
    public int Page1G { get; }
}
