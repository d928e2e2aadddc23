using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

/// <summary>What is answered on machines that nobody has drawn up a rule for: the same in every version, or a line of
/// recorded-plans.txt changes with the reason in its commit.</summary>
public class RecordedPlansTests
{
    [Fact]
    public void plans_comparisons_and_explanations_are_those_that_were_recorded()
    {
        IEnumerable<string> lines = Machines().Select(static (machine, i) => Line(i, machine.Host, machine.Module));
        Renewal.ShouldBe(
            "tests/TdxPamt.Tests/Planning/recorded-plans.txt",
            string.Concat(lines.Select(static line => line + "\n")));
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

    /// <summary>The first candidate in figures, and a digest of all figures. No wording goes into it.</summary>
    private static string Line(int number, HostMemory host, ModuleParameters module)
    {
        PlanComparison comparison = PlanComparison.Create(host, module);
        StringBuilder all = new();
        foreach (PlanCandidate candidate in comparison.Candidates)
        {
            all.Append(Figures(candidate)).Append('\n');
            foreach (TdmrInfo tdmr in candidate.Plan?.Tdmrs ?? [])
            {
                string areas = string.Join(";", tdmr.ReservedAreas.Select(static area =>
                    Hex(area.Offset, area.Size, (ulong)area.Source)));
                all.Append(Hex(tdmr.Base, tdmr.Size, (ulong)tdmr.Node)).Append(' ')
                    .Append(Hex(tdmr.Pamt4K.Base, tdmr.Pamt4K.Size, tdmr.Pamt2M.Base, tdmr.Pamt2M.Size))
                    .Append(' ').Append(Hex(tdmr.Pamt1G.Base, tdmr.Pamt1G.Size)).Append(' ').Append(areas).Append('\n');
            }

            all.Append(Ranges(candidate.Plan?.ExcludedRam ?? [])).Append('\n');
        }

        foreach (KernelModel kernel in KernelModel.All)
        {
            foreach (TdmrUsage tdmr in LayoutExplanation.Create(host, kernel, module).Tdmrs)
            {
                foreach (AreaUse area in tdmr.Areas)
                    all.Append(Ranges([area.Range, area.Whole])).Append(Invariant($"{area.Source:d} {area.PamtsOf};"));
                all.Append(Ranges([tdmr.Range])).Append(' ').Append(Ranges(tdmr.HolesToRemove)).Append(' ')
                    .Append(Ranges(tdmr.RamToExclude)).Append('\n');
            }

            foreach (HeadroomRow row in LayoutHeadroom.Create(host, kernel, module))
            {
                all.Append(Hex((ulong)row.Resource, (ulong)row.Used, (ulong)row.Allowed))
                    .Append(Ranges(row.Tdmr is { } tdmr ? [tdmr] : [])).Append('\n');
            }
        }

        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
        string recommended = comparison.Recommended is { } i ? Invariant($"{i}") : "-";
        return Invariant($"{number} {digest[..16]} {recommended} {Figures(comparison.Candidates[0])}").TrimEnd();
    }

    /// <summary>Kernel, strategies, status, then PAMT pages, TDMRs, the most areas of one and excluded bytes; or why
    /// it fails.</summary>
    private static string Figures(PlanCandidate candidate)
    {
        string outcome = candidate.Plan is { } plan
            ? Invariant($"{plan.PamtPages} {plan.Tdmrs.Count} {MaxAreas(plan)} {plan.ExcludedBytes} {Status(plan)}")
            : candidate.NeedsCmrs ? "open"
            : Invariant($"{candidate.Failure!.Code} {candidate.Failure.TdmrIndex} {candidate.Failure.Range} ")
                + Invariant($"{candidate.Failure.Needed} {candidate.Failure.Allowed}");
        return $"{candidate.Kernel.Name} {candidate.Strategies.Name()} {outcome}";
    }

    private static int MaxAreas(MemoryPlan plan) =>
        plan.Tdmrs.Select(static tdmr => tdmr.ReservedAreas.Count).DefaultIfEmpty().Max();

    private static string Status(MemoryPlan plan) =>
        plan.Verdict.Answer == ModuleAnswer.TooManyAreas ? "-" : Hex(plan.Verdict.Status.Value);

    private static string Ranges(IEnumerable<AddressRange> ranges) =>
        string.Join(";", ranges.Select(static range => Hex(range.Start, range.End)));

    private static string Hex(params ulong[] numbers) =>
        string.Join(",", numbers.Select(static number => number.ToString("x", CultureInfo.InvariantCulture)));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
