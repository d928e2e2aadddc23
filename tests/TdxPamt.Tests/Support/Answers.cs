using System.Text;

namespace TdxPamt.Tests.Support;

/// <summary>The library's answers, as the model writes its own.</summary>
internal static class Answers
{
    public static string Text(TdmrFailure failure)
    {
        StringBuilder text = new();
        text.Append($"{failure.Code} {failure.Errno} tdmr {failure.TdmrIndex} ");
        text.Append($"needed {failure.Needed} allowed {failure.Allowed}");
        if (failure.Range is { } at)
            text.Append($" at [0x{at.Start:x}, 0x{at.End:x})");
        text.AppendLine();
        Append(text, failure.ReservedAreas);
        return text.ToString();
    }

    public static string Text(TdmrConstruction construction)
    {
        StringBuilder text = new();
        foreach (TdmrInfo tdmr in construction.Tdmrs)
        {
            text.AppendLine($"[0x{tdmr.Range.Start:x}, 0x{tdmr.Range.End:x}) node {tdmr.Node} "
                + $"4K 0x{tdmr.Pamt4K.Base:x} 0x{tdmr.Pamt4K.Size:x} "
                + $"2M 0x{tdmr.Pamt2M.Base:x} 0x{tdmr.Pamt2M.Size:x} "
                + $"1G 0x{tdmr.Pamt1G.Base:x} 0x{tdmr.Pamt1G.Size:x}");
            Append(text, tdmr.ReservedAreas);
        }

        text.AppendLine($"{construction.PamtPages} pages, {construction.PamtKiB} KiB");
        return text.ToString();
    }

    private static void Append(StringBuilder text, ValueList<ReservedArea> areas)
    {
        foreach (ReservedArea area in areas)
        {
            string source = area.Source == ReservedAreaSource.Hole ? "hole" : "pamt";
            text.AppendLine($"  {source} +0x{area.Offset:x} 0x{area.Size:x}");
        }
    }
}
