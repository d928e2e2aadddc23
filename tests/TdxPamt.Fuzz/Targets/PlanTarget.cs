using TdxPamt.Fuzz.Grammar;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Fuzz.Targets;

/// <summary>Plans as JSON, for the module to judge.</summary>
internal sealed class PlanTarget : Target
{
    internal override string Name => "plan";

    internal override byte[] Make(Chance chance)
    {
        byte[] sound = chance.OneIn(2) ? DocumentGrammar.Plan(chance) : chance.Of<byte[]>(Corpus.Plans);
        return chance.OneIn(3) ? sound : Mutator.Mutate(sound, Corpus.Plans, chance);
    }

    internal override void Try(byte[] input)
    {
        TdmrSet set;
        try
        {
            set = PlanDocument.Parse(input, Law.File);
        }
        catch (HostFormatException refusal)
        {
            Law.IsRefusal(refusal);
            return;
        }

        ModuleVerdict verdict = set.Check();
        Law.WritesJson(buffer => VerdictDocument.Write(set.Name, verdict, buffer));
        Law.IsPrintable(verdict.Message, "verdicts");
        TdmrInfoTarget.AreWrittenAndRead(set.Tdmrs.Span);
    }
}
