using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Reads a summary from its document.</summary>
/// <param name="fileName">The file's name, for messages.</param>
internal sealed class SummaryReader(string fileName)
{
    private static readonly string[] Members = ["hosts", "ram", "statuses", "causes", "distributions", "tightest"];
    private static readonly string[] DistributionMembers = ["hosts", "total", "percentiles", "counts"];
    private static readonly string[] HostMembers = ["name", "resource", "used", "allowed"];

    private const long MaxHosts = 1L << 62;

    private readonly FleetSummary _summary = new();

    internal FleetSummary Read(JsonElement root)
    {
        CheckMembers(root, "", Members);
        foreach (JsonProperty status in Object(root, "statuses").EnumerateObject())
            _summary.AddStatus(status.Name, Count(status.Value, $"statuses.{status.Name}", MaxHosts - _summary.Hosts));
        if ((ulong)_summary.Hosts != Number(root.GetProperty("hosts"), "hosts"))
            throw Refused("hosts", "it is not the sum of statuses");
        long left = _summary.Hosts;
        foreach (JsonProperty cause in Object(root, "causes").EnumerateObject())
        {
            long count = Count(cause.Value, $"causes.{cause.Name}", left);
            _summary.AddCause(cause.Name, count);
            left -= count;
        }

        foreach (JsonProperty distribution in Object(root, "distributions").EnumerateObject())
            ReadDistribution(distribution);
        int index = 0;
        foreach (JsonElement host in Array(root, "tightest", "tightest"))
            ReadHost(host, FormattableString.Invariant($"tightest[{index++}]"));
        _summary.AddRam(Bytes(root.GetProperty("ram")));
        return _summary;
    }

    private void ReadDistribution(JsonProperty property)
    {
        string place = $"distributions.{property.Name}";
        CheckMembers(property.Value, place, DistributionMembers);
        Distribution distribution = _summary.Of(property.Name);
        foreach (JsonElement pair in Array(property.Value, "counts", $"{place}.counts"))
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
                throw Refused($"{place}.counts", "it must hold pairs of a value and how often it occurred");
            distribution.Add(
                Number(pair[0], $"{place}.counts"),
                Count(pair[1], $"{place}.counts", _summary.Hosts - distribution.Count));
        }

        if ((ulong)distribution.Count != Number(property.Value.GetProperty("hosts"), $"{place}.hosts"))
            throw Refused($"{place}.hosts", "it is not the sum of counts");
    }

    private void ReadHost(JsonElement host, string place)
    {
        CheckMembers(host, place, HostMembers);
        JsonElement resource = host.GetProperty("resource");
        bool isTdmrs = IsText(resource, "tdmrs");
        if (!isTdmrs && !IsText(resource, "reservedAreas"))
            throw Refused($"{place}.resource", "it must be tdmrs or reservedAreas");
        if (host.GetProperty("name") is not { ValueKind: JsonValueKind.String } name)
            throw Refused($"{place}.name", ShapeException.NoText);
        _summary.AddTight(new(
            name.GetString()!,
            isTdmrs,
            Number(host.GetProperty("used"), $"{place}.used"),
            Number(host.GetProperty("allowed"), $"{place}.allowed")));
    }

    private static bool IsText(JsonElement element, string text) =>
        element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    /// <summary>Checks that an object has all of some members and no others.</summary>
    private void CheckMembers(JsonElement element, string place, string[] members)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Refused(place.Length == 0 ? null : place, ShapeException.NoObject);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!members.Contains(property.Name, StringComparer.Ordinal))
                throw Refused(Path(place, property.Name), ShapeException.Unknown);
            if (!seen.Add(property.Name))
                throw Refused(Path(place, property.Name), ShapeException.Twice);
        }

        foreach (string member in members)
        {
            if (!seen.Contains(member))
                throw Refused(Path(place, member), ShapeException.Missing);
        }
    }

    private static string Path(string place, string member) => place.Length == 0 ? member : $"{place}.{member}";

    private JsonElement Object(JsonElement root, string member) =>
        root.GetProperty(member) is { ValueKind: JsonValueKind.Object } element
            ? element
            : throw Refused(member, ShapeException.NoObject);

    private JsonElement.ArrayEnumerator Array(JsonElement parent, string member, string place) =>
        parent.GetProperty(member) is { ValueKind: JsonValueKind.Array } element
            ? element.EnumerateArray()
            : throw Refused(place, ShapeException.NoArray);

    /// <summary>Reads how many of the hosts there are, which cannot be more than are left.</summary>
    private long Count(JsonElement element, string place, long left) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long count) && count > 0 && count <= left
            ? count
            : throw Refused(
                place, "it must be a whole number above 0, and all of them together no more than hosts or 2^62");

    private ulong Number(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out ulong number)
            ? number
            : throw Refused(place, ShapeException.NoWhole);

    private BigInteger Bytes(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 2 and < 40 } text
        && text.StartsWith("0x", StringComparison.Ordinal)
        && BigInteger.TryParse(
            "0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger bytes)
            ? bytes
            : throw Refused("ram", "it must be a hex string");

    private HostFormatException Refused(string? property, string reason) => new(fileName, line: null, property, reason);
}
