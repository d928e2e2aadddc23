using System.Text;

namespace TdxPamt.Tests.Support;

/// <summary>What the model answers; as text, what a library's answer is held against.</summary>
internal sealed record ModelAnswer
{
    public string? Code { get; init; }

    public string? Errno { get; init; }

    /// <summary>The message where the rules fix it.</summary>
    public string? Message { get; init; }

    public int? Tdmr { get; init; }

    public (ulong Start, ulong End)? FailedAt { get; init; }

    public long? Needed { get; init; }

    public long? Allowed { get; init; }

    public List<(ulong Offset, ulong Size, string Source)> AreasOfTheFailed { get; init; } = [];

    public List<ModelTdmr> Tdmrs { get; init; } = [];

    public override string ToString()
    {
        StringBuilder text = new();
        if (Code is not null)
        {
            text.Append($"{Code} {Errno} tdmr {Tdmr} needed {Needed} allowed {Allowed}");
            if (FailedAt is { } at)
                text.Append($" at [0x{at.Start:x}, 0x{at.End:x})");
            text.AppendLine();
            Append(text, AreasOfTheFailed);
            return text.ToString();
        }

        ulong pages = 0;
        foreach (ModelTdmr tdmr in Tdmrs)
        {
            text.AppendLine($"[0x{tdmr.Start:x}, 0x{tdmr.End:x}) node {tdmr.Node} "
                + $"4K 0x{tdmr.Chunk:x} 0x{tdmr.Size4K:x} "
                + $"2M 0x{tdmr.Chunk + tdmr.Size4K:x} 0x{tdmr.Size2M:x} "
                + $"1G 0x{tdmr.Chunk + tdmr.Size4K + tdmr.Size2M:x} 0x{tdmr.Size1G:x}");
            Append(text, tdmr.Areas);
            pages += tdmr.ChunkPages;
        }

        text.AppendLine($"{pages} pages, {pages * 4} KiB");
        return text.ToString();
    }

    private static void Append(StringBuilder text, List<(ulong Offset, ulong Size, string Source)> areas)
    {
        foreach ((ulong offset, ulong size, string source) in areas)
            text.AppendLine($"  {source} +0x{offset:x} 0x{size:x}");
    }
}
