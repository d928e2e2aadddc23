using CsCheck;
using TdxPamt.Module;

namespace TdxPamt.Tests.Properties;

public class ModuleCodecProperties
{
    [Fact]
    public void any_bytes_of_a_tdmr_info_come_back_as_they_were()
    {
        Gen.Byte.Array[TdmrInfoEntry.Bytes].Sample(
            bytes =>
            {
                byte[] written = new byte[TdmrInfoEntry.Bytes];
                TdmrInfoEntry.Read(bytes).Write(written);
                return written.AsSpan().SequenceEqual(bytes);
            },
            iter: 2000);
    }

    [Fact]
    public void any_bytes_of_a_cmr_table_come_back_as_they_were()
    {
        Gen.Byte.Array[CmrTable.Bytes].Sample(
            bytes =>
            {
                CmrInfo[] cmrs = new CmrInfo[CmrTable.Entries];
                byte[] written = new byte[CmrTable.Bytes];
                CmrTable.Read(bytes, cmrs);
                CmrTable.Write(cmrs, written);
                return written.AsSpan().SequenceEqual(bytes);
            },
            iter: 2000);
    }

    [Fact]
    public void any_bytes_of_a_pamt_entry_come_back_as_they_were()
    {
        Gen.Byte.Array[PamtEntry.Bytes].Sample(
            bytes =>
            {
                byte[] written = new byte[PamtEntry.Bytes];
                PamtEntry.Read(bytes).Write(written);
                return written.AsSpan().SequenceEqual(bytes);
            },
            iter: 2000);
    }

    [Fact]
    public void bytes_are_judged_like_the_values_they_hold()
    {
        Gen.Byte.Array[3 * TdmrInfoEntry.Stride].Sample(
            bytes =>
            {
                TdmrInfoEntry[] blocks = new TdmrInfoEntry[3];
                TdmrInfoTable.Read(bytes, blocks);
                return SysConfig.CheckBytes(bytes, []) == SysConfig.Check(blocks, []);
            },
            iter: 500);
    }
}
