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
    public void any_bytes_of_a_tdmr_info_table_come_back_as_they_were_with_zeros_between()
    {
        Gen.Byte.Array[3 * TdmrInfoEntry.Stride].Sample(
            bytes =>
            {
                TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[3];
                byte[] written = new byte[bytes.Length];
                TdmrInfoTable.Read(bytes, tdmrs);
                TdmrInfoTable.Write(tdmrs, written);
                for (int i = 0; i < tdmrs.Length; i++)
                    bytes.AsSpan((i * TdmrInfoEntry.Stride) + TdmrInfoEntry.Bytes, 192).Clear();
                return written.AsSpan().SequenceEqual(bytes);
            },
            iter: 500);
    }

    [Fact]
    public void any_bytes_of_tdsysinfo_keep_what_is_modelled()
    {
        Gen.Byte.Array[TdSysInfo.Bytes].Sample(
            bytes =>
            {
                byte[] written = new byte[TdSysInfo.Bytes];
                TdSysInfo.Read(bytes).Write(written);
                bytes.AsSpan(19, 13).Clear();
                bytes.AsSpan(38).Clear();
                return written.AsSpan().SequenceEqual(bytes);
            },
            iter: 500);
    }
}
