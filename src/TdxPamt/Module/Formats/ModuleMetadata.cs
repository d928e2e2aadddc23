namespace TdxPamt.Module;

/// <summary>The value of each metadata field that TDH.SYS.RD reads (docs/model.md#metadata-fields).</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class ModuleMetadata
{
    /// <summary>Bit 36 of TDX_FEATURES0: the module has Dynamic PAMT.</summary>
    public const ulong DynamicPamtFeature = 1UL << 36;

    /// <summary>Reads a field.</summary>
    /// <param name="id">The field's id.</param>
    /// <param name="module">What the module reports. <see cref="ModuleParameters.DynamicPamt"/> says whether it has
    /// Dynamic PAMT.</param>
    /// <param name="cmrs">The CMRs, 0 or more; entries behind the last one read 0.</param>
    /// <param name="value">The value, in the unit of the field: bytes for CMR_BASE, CMR_SIZE and entry sizes; 0 where
    /// the method returns false.</param>
    /// <returns>Whether the module has the field. Where it has not, TDH.SYS.RD ends with
    /// TDX_METADATA_FIELD_ID_INCORRECT.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> is null.</exception>
    public static bool TryRead(
        MetadataFieldId id, ModuleParameters module, ReadOnlySpan<CmrInfo> cmrs, out ulong value)
    {
        Preconditions.NotNull(module, nameof(module));
        value = 0;
        if (!id.TryGetField(out MetadataField field, out int index)
            || (field == MetadataField.PamtPageBitmapEntryBits && !module.DynamicPamt))
        {
            return false;
        }

        CmrInfo cmr = index < cmrs.Length ? cmrs[index] : default;
        value = field switch
        {
            MetadataField.MaxTdmrs => (ulong)module.MaxTdmrs,
            MetadataField.MaxReservedPerTdmr => (ulong)module.MaxReservedAreas,
            MetadataField.PamtEntrySize4K => (ulong)module.PamtEntrySizes.Page4K,
            MetadataField.PamtEntrySize2M => (ulong)module.PamtEntrySizes.Page2M,
            MetadataField.PamtEntrySize1G => (ulong)module.PamtEntrySizes.Page1G,
            MetadataField.PamtPageBitmapEntryBits => (ulong)module.PamtPageBitmapEntryBits,
            MetadataField.NumCmrs => CmrTable.Entries,
            MetadataField.CmrBase => cmr.Base,
            MetadataField.CmrSize => cmr.Size,
            _ => module.DynamicPamt ? DynamicPamtFeature : 0,
        };
        return true;
    }
}
