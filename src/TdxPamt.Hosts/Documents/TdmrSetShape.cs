using System.Text.Json;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>A plan document as it is read; what it has besides is passed over.</summary>
internal sealed class TdmrSetShape
{
    private string? Name { get; set; }

    private CmrInfo[]? Cmrs { get; set; }

    private TdmrShape[]? Tdmrs { get; set; }

    private ModuleShape? Module { get; set; }

    private HostUnknown[]? Unknown { get; set; }

    /// <summary>What came of the plan: <c>failed</c> and <c>incomplete</c> have no TDMRs.</summary>
    private string? Status { get; set; }

    private string? ErrorMessage { get; set; }

    internal static TdmrSetShape Read(ref Utf8JsonReader reader)
    {
        TdmrSetShape shape = new();
        reader.Read();
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (members.Is(ref reader, "name"u8))
                shape.Name = JsonValues.Text(ref reader);
            else if (members.Is(ref reader, "cmrs"u8))
                shape.Cmrs = JsonValues.Array(ref reader, Cmr);
            else if (members.Is(ref reader, "tdmrs"u8))
                shape.Tdmrs = JsonValues.Array(ref reader, TdmrShape.Read);
            else if (members.Is(ref reader, "module"u8))
                shape.Module = ModuleShape.Read(ref reader);
            else if (members.Is(ref reader, "unknown"u8))
                shape.Unknown = JsonValues.Array(ref reader, JsonValues.Unknown);
            else if (members.Is(ref reader, "status"u8))
                shape.Status = TextOrNull(ref reader);
            else if (members.Is(ref reader, "error"u8))
                shape.ErrorMessage = MessageOf(ref reader);
            else
                reader.Skip();
        }

        return shape;
    }

    /// <summary>The TDMRs and CMRs as given, of which there are no more than the module's table holds.</summary>
    internal TdmrSet ToSet(string fileName)
    {
        string name = Name ?? HostDescription.NameOf(fileName);
        if (Tdmrs is null && Status is "failed" or "incomplete")
            return TdmrSet.OfFailedPlan(name, ErrorMessage ?? $"the plan is {Status}");
        if (Tdmrs is null)
            throw new ShapeException(ShapeException.Missing, "tdmrs");
        if (Cmrs is null)
            throw new ShapeException(ShapeException.Missing, "cmrs");
        if (HostDescription.WhyTooManyCmrs(Cmrs.Length) is { } reason)
            throw new ShapeException(reason, "cmrs");

        // There may be 131,072 entries of 320 bytes: an array of their number, not a list that grows.
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[Tdmrs.Length];
        for (int i = 0; i < tdmrs.Length; i++)
            tdmrs[i] = Tdmrs[i].ToEntry();
        return new TdmrSet(name, [.. Cmrs], [.. tdmrs], Module?.ToParameters() ?? ModuleParameters.Default)
        {
            CmrsUnknown = Cmrs.Length == 0 && Unknown is not null && Unknown.Contains(HostUnknown.Cmrs),
        };
    }

    /// <summary>A text; what is none is passed over.</summary>
    private static string? TextOrNull(ref Utf8JsonReader reader)
    {
        string? text = JsonValues.TextOrNull(ref reader);
        reader.Skip();
        return text;
    }

    private static string? MessageOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? message = null;
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (members.Is(ref reader, "message"u8))
                message = TextOrNull(ref reader);
            else
                reader.Skip();
        }

        return message;
    }

    private static CmrInfo Cmr(ref Utf8JsonReader reader)
    {
        (ulong start, ulong end) = Pair(ref reader, "start"u8, "end"u8);
        return new(start, unchecked(end - start));
    }

    /// <summary>Reads an object with two addresses.</summary>
    private static (ulong First, ulong Second) Pair(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        (ulong First, ulong Second) pair = default;
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (members.Is(ref reader, first))
                pair.First = JsonValues.Address(ref reader);
            else if (members.Is(ref reader, second))
                pair.Second = JsonValues.Address(ref reader);
            else
                reader.Skip();
        }

        members.Require(0, first);
        members.Require(1, second);
        return pair;
    }

    /// <summary>A TDMR, without room for areas that it does not have.</summary>
    private struct TdmrShape
    {
        private ulong _base;
        private ulong _size;
        private Pamt _pamt4K;
        private Pamt _pamt2M;
        private Pamt _pamt1G;
        private ReservedEntry[]? _areas;

        internal static TdmrShape Read(ref Utf8JsonReader reader)
        {
            TdmrShape tdmr = default;
            JsonMembers members = new(ref reader);
            while (members.MoveNext(ref reader))
            {
                if (members.Is(ref reader, "base"u8))
                    tdmr._base = JsonValues.Address(ref reader);
                else if (members.Is(ref reader, "size"u8))
                    tdmr._size = JsonValues.Address(ref reader);
                else if (members.Is(ref reader, "pamt"u8))
                    tdmr.ReadPamts(ref reader);
                else if (members.Is(ref reader, "reservedAreas"u8))
                    tdmr._areas = ReadAreas(ref reader);
                else
                    reader.Skip();
            }

            members.Require(0, "base"u8);
            members.Require(1, "size"u8);
            return tdmr;
        }

        internal readonly TdmrInfoEntry ToEntry()
        {
            TdmrInfoEntry entry = new()
            {
                Base = _base,
                Size = _size,
                Pamt4K = _pamt4K,
                Pamt2M = _pamt2M,
                Pamt1G = _pamt1G,
            };
            for (int i = 0; i < _areas?.Length; i++)
                entry.SetReservedArea(i, _areas[i]);
            return entry;
        }

        private void ReadPamts(ref Utf8JsonReader reader)
        {
            JsonMembers members = new(ref reader);
            while (members.MoveNext(ref reader))
            {
                if (members.Is(ref reader, "4K"u8))
                    _pamt4K = ReadPamt(ref reader);
                else if (members.Is(ref reader, "2M"u8))
                    _pamt2M = ReadPamt(ref reader);
                else if (members.Is(ref reader, "1G"u8))
                    _pamt1G = ReadPamt(ref reader);
                else
                    reader.Skip();
            }
        }

        private static Pamt ReadPamt(ref Utf8JsonReader reader)
        {
            (ulong start, ulong size) = Pair(ref reader, "base"u8, "size"u8);
            return new(start, size);
        }

        private static ReservedEntry[] ReadAreas(ref Utf8JsonReader reader)
        {
            ReservedEntry[] areas = JsonValues.Array(ref reader, static (ref reader) =>
            {
                (ulong offset, ulong size) = Pair(ref reader, "offset"u8, "size"u8);
                return new ReservedEntry(offset, size);
            });
            return areas.Length <= TdmrInfoEntry.MaxReservedAreas ? areas : throw new ShapeException(
                $"there are {areas.Length}, and a TDMR_INFO has room for {TdmrInfoEntry.MaxReservedAreas}");
        }
    }
}
