using CsCheck;
using TdxPamt.Module;

namespace TdxPamt.Tests.Properties;

public class ModuleSysConfigProperties
{
    /// <summary>How many sets each property looks at; a long run raises it.</summary>
    private static readonly int Iterations = Samples.Scaled(12_000);

    private static readonly Gen<int> Seeds = Gen.Int[0, int.MaxValue];

    [Fact]
    public void the_checker_answers_broken_sets_as_the_literal_model_does()
    {
        Seeds.Sample(
            seed => AnswersAsTheModel(SampleTdmrSet.Broken(seed)),
            seed: "0000KOIPe036",
            iter: Iterations,
            threads: 2,
            print: seed => $"SampleTdmrSet.Broken({seed})");
    }

    [Fact]
    public void the_checker_accepts_valid_sets_as_the_literal_model_does()
    {
        Seeds.Sample(
            seed => AnswersAsTheModel(SampleTdmrSet.Valid(seed)) && Answer(SampleTdmrSet.Valid(seed)).IsSuccess,
            seed: "0000KOIPe036",
            iter: Samples.Scaled(3000),
            threads: 2,
            print: seed => $"SampleTdmrSet.Valid({seed})");
    }

    private static CompletionStatus Answer(SampleTdmrSet set) =>
        SysConfig.Check([.. set.Tdmrs], [.. set.Cmrs], set.Module);

    private static bool AnswersAsTheModel(SampleTdmrSet set) =>
        Answer(set).Value == SysConfigModel.Check([.. set.Tdmrs], [.. set.Cmrs], set.Module);
}
