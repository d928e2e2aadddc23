using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

/// <summary>What is answered on machines that nobody has drawn up a rule for: the same in every version, or a line of
/// recorded-plans.txt changes with the reason in its commit.</summary>
public class RecordedPlansTests
{
    [Fact]
    public void plans_comparisons_and_explanations_are_those_that_were_recorded()
    {
        string[] recorded = File.ReadAllLines(
            Path.Combine(Repository.Root, "tests", "TdxPamt.Tests", "Planning", "recorded-plans.txt"));
        string[] lines = [.. Machines().Select(static (machine, i) => Line(i, machine.Host, machine.Module))];
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "recorded-plans.txt"), lines);
        lines.Should().Equal(recorded, "what is answered now is in {0}", AppContext.BaseDirectory);
    }

    private static IEnumerable<(HostMemory Host, ModuleParameters Module)> Machines() =>
    [
        .. Samples(new RandomHosts(tiny: false), 20).Select(static it => (it.ToHostMemory(), it.ToModuleParameters())),
        .. Samples(new RandomHosts(tiny: true), 30).Select(static it => (it.ToHostMemory(), it.ToModuleParameters())),
        .. Samples(new SmallHosts(manyTdmrs: false), 40),
        .. Samples(new SmallHosts(manyTdmrs: true), 40),
    ];

    private static IEnumerable<T> Samples<T>(Gen<T> gen, int count) =>
        Enumerable.Range(0, count).Select(i => gen.Generate(new PCG((uint)(i % 64), (ulong)i), null!, out _));

    /// <summary>The recommendation, and a digest of everything that was answered.</summary>
    private static string Line(int number, HostMemory host, ModuleParameters module)
    {
        PlanComparison comparison = PlanComparison.Create(host, module);
        StringBuilder all = new();
        foreach (PlanCandidate candidate in comparison.Candidates)
        {
            all.Append(CultureInfo.InvariantCulture, $"{candidate}, {candidate.Plan?.MostReservedAreas}\n");
            foreach (TdmrInfo tdmr in candidate.Plan?.Tdmrs ?? [])
                all.Append($"{tdmr} {tdmr.Pamt4K} {tdmr.Pamt2M} {tdmr.Pamt1G} {tdmr.ReservedAreas}\n");
            all.Append($"{candidate.Plan?.ExcludedRam}\n");
        }

        foreach (KernelModel kernel in KernelModel.All)
        {
            foreach (TdmrUsage tdmr in LayoutExplanation.Create(host, kernel, module).Tdmrs)
                all.Append($"{tdmr}: {tdmr.Areas}, {tdmr.HolesToRemove}, {tdmr.RamToExclude}\n");
            all.Append($"{LayoutHeadroom.Create(host, kernel, module)}\n");
        }

        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
        return string.Create(CultureInfo.InvariantCulture, $"{number} {digest[..16]} {comparison.Sentence}");
    }
}
