namespace TdxPamt.Hosts.Drawing;

/// <summary>The heading of a map: the host, the totals, and whether the plan works.</summary>
internal sealed class MapHeading
{
    private const int MaxLineLength = 150;

    internal MapHeading(MapSubject subject)
    {
        HostPlan plan = subject.Plan;
        Title = $"{Svg.ShortName(plan.Host.Name)}: physical memory";
        Totals = Total(subject);
        Outcome = Wrap(PrintableText.Create(plan switch
        {
            { LacksCmrs: true } => $"not known: {plan.UnknownBecause}, and kernel {plan.Kernel} goes by them",
            { Failure: { } failure } => $"FAILS: {failure.Message}{Numbers(failure)}",
            { Verdict: { IsRejected: true } verdict } => $"MODULE REJECTS: {verdict.Status.Name}, {verdict.Message}",
            { Works: false } => $"FAILS: {plan.Verdict.Message}",
            { Verdict.IsAccepted: true } => "works, and the TDX module accepts it",
            _ => "works",
        }));
        if (!plan.Works && plan.FindActions() is { Count: > 0 } actions)
            Outcome.AddRange(Wrap(PrintableText.Create($"first thing to try: {actions[0].Text}")));
        Notes = [.. plan.Warnings.SelectMany(static warning => Wrap(PrintableText.Create($"assumed: {warning}")))];
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
        ulong ram = plan.Host.Memory.RamBytes;
        ulong pamts = 0;
        foreach (MapItem pamt in subject.Of(MapKind.Pamt))
            pamts += pamt.Range.Size;
        string share = ram == 0 ? "" : $" ({Quantities.Percent((double)pamts / ram)} of RAM)";
        string nodes = Quantities.Count(plan.Host.Memory.Nodes.Count, "node");
        string tdmrs = Quantities.Count(subject.Of(MapKind.Tdmr).Count(), "TDMR");
        string would = !plan.IsConstructed ? "would need " : "";
        return $"kernel {plan.Kernel}, {Quantities.Size(ram)} of RAM on {nodes}, "
            + $"{would}{tdmrs} and {Quantities.Size(pamts)} of PAMTs{share}";
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

    private static List<string> Wrap(string text)
    {
        List<string> lines = [];
        while (text.Length > MaxLineLength)
        {
            int space = text.LastIndexOf(' ', MaxLineLength);
            int end = space > 0 ? space : MaxLineLength;
            lines.Add(text[..end]);
            text = text[end..].TrimStart();
        }

        lines.Add(text);
        return lines;
    }
}
