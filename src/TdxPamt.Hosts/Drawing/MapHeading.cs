namespace TdxPamt.Hosts.Drawing;

/// <summary>The heading of a map: the host, the totals, and whether the plan works.</summary>
internal sealed class MapHeading
{
    private const int MaxLineLength = 150;

    /// <summary>Lines of the outcome are larger.</summary>
    private const int MaxOutcomeLength = 130;

    internal MapHeading(MapSubject subject)
    {
        HostPlan plan = subject.Plan;
        Title = $"{Svg.ShortName(plan.Host.Name)}: physical memory";
        Totals = Total(subject);
        List<string> outcome = Wrap(MaxOutcomeLength, plan switch
        {
            { LacksCmrs: true } => $"not known: {plan.UnknownBecause}, and kernel {plan.Kernel} goes by them",
            { Failure: { } failure } => $"FAILS: {failure.Message}{Numbers(failure)}",
            { Verdict: { IsRejected: true } verdict } => $"MODULE REJECTS: {verdict.Status.Name}, {verdict.Message}",
            { Works: false } => $"FAILS: {plan.Verdict.Message}",
            { Verdict.IsAccepted: true } => "works, and the TDX module accepts it",
            _ => "works",
        });
        if (!plan.Works && plan.FindActions() is { Count: > 0 } actions)
            outcome.AddRange(Wrap(MaxOutcomeLength, $"first thing to try: {actions[0].Text}"));
        Outcome = outcome;
        string pamts = PamtShare(subject) is { } share ? $"PAMTs, {share} of RAM, are drawn far too large, and a" : "a";
        Notes =
        [
            .. plan.Warnings.SelectMany(static warning => Wrap(MaxLineLength, $"assumed: {warning}")),
            $"Not to scale: {pamts} range of twice the size is wider by a fixed step.",
        ];
    }

    internal string Title { get; }

    internal string Totals { get; }

    /// <summary>Whether the plan works, in lines.</summary>
    internal List<string> Outcome { get; }

    /// <summary>What had to be assumed, in lines.</summary>
    internal List<string> Notes { get; }

    private static string Total(MapSubject subject)
    {
        HostPlan plan = subject.Plan;
        ulong pamts = PamtBytes(subject);
        string share = PamtShare(subject) is { } known ? $" ({known} of RAM)" : "";
        string nodes = Quantities.Count(plan.Host.Memory.Nodes.Count, "node");
        string tdmrs = Quantities.Count(subject.Of(MapKind.Tdmr).Count(), "TDMR");
        string would = !plan.IsConstructed ? "would need " : "";
        return $"kernel {plan.Kernel}, {Quantities.Size(plan.Host.Memory.RamBytes)} of RAM on {nodes}, "
            + $"{would}{tdmrs} and {Quantities.Size(pamts)} of PAMTs{share}";
    }

    /// <summary>Lines that fit the page: here a word that is longer is broken.</summary>
    private static List<string> Wrap(int width, string text) =>
    [
        .. TextLines.Wrap(PrintableText.Create(text), width).SelectMany(line =>
            Enumerable.Range(0, (line.Length + width - 1) / width).Select(
                i => line.Substring(i * width, Math.Min(width, line.Length - (i * width))))),
    ];

    private static ulong PamtBytes(MapSubject subject) =>
        subject.Of(MapKind.Pamt).Aggregate(0UL, static (sum, pamt) => sum + pamt.Range.Size);

    /// <summary>How much of the RAM PAMTs take; null where there is none of either.</summary>
    private static string? PamtShare(MapSubject subject)
    {
        ulong ram = subject.Plan.Host.Memory.RamBytes;
        ulong pamts = PamtBytes(subject);
        return ram == 0 || pamts == 0 ? null : Quantities.Percent((double)pamts / ram);
    }

    private static string Numbers(TdmrFailure failure) => failure.Code switch
    {
        TdmrFailureCode.ReservedAreasExhausted =>
            $" ({failure.Errno}); TDMR {failure.TdmrIndex} needs {failure.Needed} reserved areas, "
            + $"the module takes {failure.Allowed}",
        TdmrFailureCode.TdmrsExhausted =>
            $" ({failure.Errno}); the memory needs {failure.Needed} TDMRs, the module takes {failure.Allowed}",
        _ => $" ({failure.Errno})",
    };
}
