using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Fuzz.Targets;

/// <summary>/proc/pagetypeinfo.</summary>
internal sealed class PageTypeInfoTarget : Target
{
    internal override string Name => "pagetypeinfo";

    internal override byte[] Make(Chance chance) =>
        Mutator.Mutate(chance.Of<byte[]>(Corpus.PageTypeInfos), Corpus.PageTypeInfos, chance);

    internal override void Try(byte[] input)
    {
        try
        {
            Fragmentation.FromZones(PageTypeInfo.Parse(Encoding.UTF8.GetString(input), Law.File).Zones);
        }
        catch (FormatException refusal)
        {
            Law.IsRefusal(refusal);
        }
    }
}
