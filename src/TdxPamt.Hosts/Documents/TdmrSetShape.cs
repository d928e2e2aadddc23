using System.Text.Json;
using System.Text.Json.Serialization;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>A plan document as it is read.</summary>
internal sealed class TdmrSetShape
{
    public string Name { get; set; } = null!;

    public List<RangeShape> Cmrs { get; set; } = null!;

    public List<TdmrShape> Tdmrs { get; set; } = null!;

    public ModuleShape Module { get; set; } = null!;

    public HostUnknown[] Unknown { get; set; } = null!;

    public JsonElement Status { get; set; }

    public JsonElement Error { get; set; }

    /// <summary>The TDMRs and CMRs as given, of which there are no more than the module's table holds.</summary>
    internal TdmrSet ToSet(string fileName)
    {
        if (Tdmrs is null && (Is("failed"u8) || Is("incomplete"u8)))
            return TdmrSet.OfFailedPlan(Name ?? HostDescription.NameOf(fileName), Reason);
        if (Tdmrs is null)
            throw Missing("tdmrs");
        if (Cmrs is null)
            throw Missing("cmrs");
        if (HostDescription.WhyTooManyCmrs(Cmrs.Count) is { } reason)
            throw new ShapeException(reason, "cmrs");

        // Of up to 131,072 TDMR_INFOs of 320 bytes no list that grows.
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[Tdmrs.Count];
        for (int i = 0; i < tdmrs.Length; i++)
            tdmrs[i] = ToTdmr(Tdmrs[i], i);
        return new TdmrSet(
            Name ?? HostDescription.NameOf(fileName),
            [.. Cmrs.Select(ToCmr)],
            [.. tdmrs],
            Module?.ToParameters() ?? ModuleParameters.Default)
        {
            CmrsUnknown = Cmrs.Count == 0 && Unknown is not null && Unknown.Contains(HostUnknown.Cmrs),
        };
    }

    /// <summary>Why a plan has no TDMRs.</summary>
    private string Reason =>
        Error.ValueKind == JsonValueKind.Object && Error.TryGetProperty("message"u8, out JsonElement message)
        && message.ValueKind == JsonValueKind.String
            ? TextOf(message)
            : $"the plan is {TextOf(Status)}";

    private bool Is(ReadOnlySpan<byte> status) =>
        Status.ValueKind == JsonValueKind.String && Status.ValueEquals(status);

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new ShapeException(exception.Message, "error.message");
        }
    }

    private static CmrInfo ToCmr(RangeShape cmr, int index)
    {
        ulong start = cmr.Start ?? throw Missing($"cmrs[{index}].start");
        ulong end = cmr.End ?? throw Missing($"cmrs[{index}].end");
        return new(start, unchecked(end - start));
    }

    private static TdmrInfoEntry ToTdmr(TdmrShape tdmr, int index)
    {
        TdmrInfoEntry entry = new()
        {
            Base = tdmr.Base ?? throw Missing($"tdmrs[{index}].base"),
            Size = tdmr.Size ?? throw Missing($"tdmrs[{index}].size"),
            Pamt4K = ToPamt(tdmr.Pamt?.Page4K, "4K"),
            Pamt2M = ToPamt(tdmr.Pamt?.Page2M, "2M"),
            Pamt1G = ToPamt(tdmr.Pamt?.Page1G, "1G"),
        };
        List<ReservedAreaShape> areas = tdmr.ReservedAreas ?? [];
        if (areas.Count > TdmrInfoEntry.MaxReservedAreas)
        {
            throw new ShapeException(
                $"there are {areas.Count}, and a TDMR_INFO has room for {TdmrInfoEntry.MaxReservedAreas}",
                $"tdmrs[{index}].reservedAreas");
        }

        for (int j = 0; j < areas.Count; j++)
        {
            entry.SetReservedArea(j, new(
                areas[j].Offset ?? throw Missing($"tdmrs[{index}].reservedAreas[{j}].offset"),
                areas[j].Size ?? throw Missing($"tdmrs[{index}].reservedAreas[{j}].size")));
        }

        return entry;

        Pamt ToPamt(PamtShape? pamt, string size) => pamt is null
            ? default
            : new(
                pamt.Base ?? throw Missing($"tdmrs[{index}].pamt.{size}.base"),
                pamt.Size ?? throw Missing($"tdmrs[{index}].pamt.{size}.size"));
    }

    private static ShapeException Missing(string property) => new(ShapeException.Missing, property);
}

internal struct RangeShape
{
    public ulong? Start { get; set; }

    public ulong? End { get; set; }
}

internal struct TdmrShape
{
    public ulong? Base { get; set; }

    public ulong? Size { get; set; }

    public PamtsShape Pamt { get; set; }

    public List<ReservedAreaShape> ReservedAreas { get; set; }
}

internal sealed class PamtsShape
{
    [JsonPropertyName("4K")]
    public PamtShape Page4K { get; set; } = null!;

    [JsonPropertyName("2M")]
    public PamtShape Page2M { get; set; } = null!;

    [JsonPropertyName("1G")]
    public PamtShape Page1G { get; set; } = null!;
}

internal sealed class PamtShape
{
    public ulong? Base { get; set; }

    public ulong? Size { get; set; }
}

internal struct ReservedAreaShape
{
    public ulong? Offset { get; set; }

    public ulong? Size { get; set; }
}
