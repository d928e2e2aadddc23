using System.Buffers;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Fuzz.Targets;

/// <summary>Options as JSON, as other languages give them.</summary>
internal sealed class OptionsTarget : Target
{
    private static readonly byte[][] Sound =
    [
        .. new[]
        {
            """{"kernel":"cmr-holes","dynamicPamt":true,"maxTdmrs":64,"maxReservedAreas":16}""",
            """{"strategy":"holes-from-cmrs,adjacent-pamts"}""",
            """{"headroom":true,"maxReservedAreas":17}""",
            """{"private4K":[0.25,1]}""",
            """{"moduleRelease":"1.5.05","physicalAddressBits":46}""",
            """{"unmovable":0.01,"runLength":2,"trials":3,"seed":7,"allocator":"linux"}""",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    private delegate bool Answer(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output);

    private static readonly Answer[] Answers =
    [
        HostCommands.Plan, HostCommands.Compare, HostCommands.Cost, HostCommands.Doctor, HostCommands.Check,
    ];

    internal override string Name => "options";

    internal override byte[] Make(Chance chance) => Mutator.Mutate(chance.Of<byte[]>(Sound), Sound, chance);

    internal override void Try(byte[] input)
    {
        foreach (Answer answer in Answers)
        {
            byte[] subject = answer == HostCommands.Check ? Corpus.Plans[0] : Corpus.SmallHost;
            ArrayBufferWriter<byte> output = new();
            try
            {
                answer(subject, Law.File, input, output);
                Law.IsJsonLine(output.WrittenMemory);
            }
            catch (HostFormatException refusal)
            {
                Law.IsRefusal(refusal, "options");
                Law.Holds(output.WrittenCount == 0, "a refusal writes nothing");
            }
        }
    }
}
