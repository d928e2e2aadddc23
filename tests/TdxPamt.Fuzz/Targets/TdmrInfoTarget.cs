using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Fuzz.Targets;

/// <summary>TDMR_INFOs as bytes, for the module to judge.</summary>
internal sealed class TdmrInfoTarget : Target
{
    private static readonly ValueList<CmrInfo> Cmrs = PlanDocument.Parse(Corpus.Plans[0], Law.File).Cmrs;

    internal override string Name => "tdmr-info";

    internal override byte[] Make(Chance chance)
    {
        byte[] input = chance.Of<byte[]>(Corpus.TdmrInfos);
        do
        {
            input = chance.OneIn(8)
                ? Mutator.Mutate(input, Corpus.TdmrInfos, chance)
                : Mutator.MutateWord(input, chance);
        }
        while (!chance.OneIn(3));
        int whole = input.Length - (input.Length % TdmrInfoEntry.Stride);
        return chance.OneIn(20) ? input : input[..whole];
    }

    internal override void Try(byte[] input)
    {
        bool isWhole = TdmrInfoTable.TryCount(input.Length, out int count);
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[count];
        try
        {
            TdmrInfoTable.Read(input, tdmrs);
            Law.Holds(isWhole, "bytes that are no whole number of TDMR_INFOs are refused");
        }
        catch (ArgumentException) when (!isWhole)
        {
            return;
        }

        byte[] written = AreWrittenAndRead(tdmrs);
        for (int i = 0; i < input.Length; i++)
        {
            bool isPadding = i % TdmrInfoEntry.Stride >= TdmrInfoEntry.Bytes;
            Law.Holds(written[i] == (isPadding ? 0 : input[i]), "bytes are written as they were read");
        }

        Chance chance = ChanceOf(input);
        ModuleParameters module = new()
        {
            MaxTdmrs = chance.Of(64, 2),
            MaxReservedAreas = chance.Of(16, 3),
            DynamicPamt = chance.OneIn(4),
            KeyIdBits = chance.Of(6, 0, 52),
        };
        ModuleVerdict verdict = ModuleVerdict.Create(tdmrs, chance.OneIn(10) ? default : Cmrs.Span, module);
        Law.WritesJson(buffer => VerdictDocument.Write("", verdict, buffer));
    }

    internal static byte[] AreWrittenAndRead(ReadOnlySpan<TdmrInfoEntry> tdmrs)
    {
        byte[] bytes = new byte[tdmrs.Length * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(tdmrs, bytes);
        TdmrInfoEntry[] read = new TdmrInfoEntry[tdmrs.Length];
        TdmrInfoTable.Read(bytes, read);
        Law.Holds(tdmrs.SequenceEqual(read), "TDMR_INFOs are written and read back");
        return bytes;
    }
}
