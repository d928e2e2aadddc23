using System.Globalization;
using System.Numerics;

namespace TdxPamt.Hosts;

/// <summary>Many hosts in numbers: how many there are by status and cause, how PAMT size, PAMT share and reserved areas
/// are distributed, and which hosts are closest to a limit.</summary>
/// <remarks>The sum of summaries is the summary of all their hosts, to the digit and in any order. Its memory grows
/// with the number of different values alone. Not safe for many threads.</remarks>
public sealed class FleetSummary
{
    /// <summary>How many of the hosts that are closest to a limit are kept.</summary>
    public const int MaxTightest = 10;

    /// <summary>The distribution of PAMT sizes, in KiB, of hosts with a plan.</summary>
    public const string PamtKiB = "pamtKiB";

    /// <summary>The distribution of PAMT sizes in millionths of the RAM at or above 1 MiB, rounded to whole ones, of
    /// hosts with a plan.</summary>
    public const string PamtShare = "pamtMillionthsOfRam";

    /// <summary>The distribution of reserved areas of the TDMR that has most, of hosts with a plan.</summary>
    public const string ReservedAreas = "reservedAreas";

    private readonly SortedDictionary<string, long> _statuses = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _causes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Distribution> _distributions = new(StringComparer.Ordinal);
    private readonly List<TightHost> _tightest = [];
    private ulong _ramLow;
    private BigInteger _ramHigh;

    /// <summary>The percentiles that a summary shows of each distribution: 0, 5, 25, 50, 75, 95 and 100.</summary>
    public static IReadOnlyList<int> Percents { get; } = [0, 5, 25, 50, 75, 95, 100];

    /// <summary>How many hosts there are, invalid inputs included.</summary>
    public long Hosts { get; private set; }

    /// <summary>The RAM at or above 1 MiB of all hosts, in bytes.</summary>
    public BigInteger RamBytes => _ramHigh + _ramLow;

    /// <summary>How many hosts have each status: constructed, rejected, failed, incomplete or invalid.</summary>
    public IReadOnlyDictionary<string, long> Statuses => _statuses;

    /// <summary>How many hosts have no plan that the module accepts, by the failure's code or the
    /// status's name.</summary>
    public IReadOnlyDictionary<string, long> Causes => _causes;

    /// <summary>The distributions by their names.</summary>
    public IReadOnlyDictionary<string, Distribution> Distributions => _distributions;

    /// <summary>The hosts that are closest to a limit of the module or beyond it, closest first.</summary>
    public IReadOnlyList<TightHost> Tightest => _tightest;

    /// <summary>Adds a host.</summary>
    /// <param name="plan">Its plan.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is null.</exception>
    public void Add(HostPlan plan)
    {
        ulong ram = AddOutcome(plan);
        if (TightHost.OfPlan(plan) is { } tight)
            AddTight(tight);
        if (plan.Plan is not { } works)
            return;
        Add(PamtKiB, works.PamtKiB);
        if (ram > 0)
            Add(PamtShare, (ulong)decimal.Round(1_000_000m * (1024m * works.PamtKiB / ram)));
        Add(ReservedAreas, (ulong)works.MaxReservedAreasUsed);
    }

    /// <summary>Adds a host by what TDX costs it: static PAMTs, Dynamic PAMT's fixed part, reference counts, and
    /// Dynamic PAMT at each share of private 4K pages, all in KiB, rounded up.</summary>
    /// <param name="cost">Its cost.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cost"/> is null.</exception>
    public void Add(HostCost cost)
    {
        AddOutcome(Preconditions.NotNull(cost, nameof(cost)).Plan);
        if (!cost.Plan.IsConstructed)
            return;
        Add("staticKiB", KiB(cost.Cost.StaticBytes));
        Add("fixedKiB", KiB(cost.Cost.FixedBytes));
        Add("referenceCountKiB", KiB(cost.ReferenceCountBytes));
        foreach (double share in cost.Shares)
            Add($"dynamicKiBAt{share.ToString(CultureInfo.InvariantCulture)}", KiB(cost.BytesAt(share)));

        static ulong KiB(ulong bytes) => (bytes + 1023) / 1024;
    }

    /// <summary>Adds an input that cannot be read.</summary>
    public void AddInvalid() => AddInvalid(1);

    /// <summary>Adds all hosts of another summary.</summary>
    /// <param name="other">The other summary.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="OverflowException">There would be 2^63 hosts or more.</exception>
    public void Add(FleetSummary other)
    {
        // The other may be this one, so each collection is copied before it is walked.
        foreach ((string status, long count) in Preconditions.NotNull(other, nameof(other)).Statuses.ToArray())
            AddStatus(status, count);
        foreach ((string cause, long count) in other.Causes.ToArray())
            AddCause(cause, count);
        foreach ((string name, Distribution distribution) in other.Distributions.ToArray())
            Of(name).Add(distribution);
        foreach (TightHost host in other.Tightest.ToArray())
            AddTight(host);
        AddRam(other.RamBytes);
    }

    /// <summary>The status of a plan, as a summary counts it.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The status: constructed, rejected, failed or incomplete.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is null.</exception>
    public static string StatusOf(HostPlan plan) => Preconditions.NotNull(plan, nameof(plan)).Host.IsIncomplete
        ? "incomplete"
        : plan.Works ? "constructed" : plan.IsConstructed ? "rejected" : "failed";

    /// <summary>Why a host has no plan that the module accepts, as a summary counts it.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The failure's code, the status's name, or the verdict's answer where the module cannot be asked; null
    /// where there is nothing wrong.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is null.</exception>
    public static string? CauseOf(HostPlan plan) =>
        Preconditions.NotNull(plan, nameof(plan)).Works || plan.Host.IsIncomplete ? null
        : plan.Failure?.Code.ToString()
            ?? (plan.Verdict.IsRejected ? plan.Verdict.Status.Name : plan.Verdict.Answer.ToString());

    /// <summary>Hosts by status: <c>3 hosts: 2 constructed, 1 failed</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Hosts == 0
        ? "no hosts"
        : FormattableString.Invariant($"{Hosts} hosts: ")
            + string.Join(", ", _statuses.Select(static it => FormattableString.Invariant($"{it.Value} {it.Key}")));

    internal void AddInvalid(long count)
    {
        if (count > 0)
            AddStatus("invalid", count);
    }

    internal void AddStatus(string status, long count)
    {
        Hosts = checked(Hosts + count);
        _statuses[status] = count + (_statuses.TryGetValue(status, out long before) ? before : 0);
    }

    internal void AddCause(string cause, long count) =>
        _causes[cause] = checked(count + (_causes.TryGetValue(cause, out long before) ? before : 0));

    internal void AddRam(BigInteger bytes) => _ramHigh += bytes;

    internal void AddTight(TightHost host)
    {
        int place = _tightest.Count;
        while (place > 0 && host.CompareTo(_tightest[place - 1]) < 0)
            place--;
        if (place == MaxTightest)
            return;
        if (_tightest.Count == MaxTightest)
            _tightest.RemoveAt(MaxTightest - 1);
        _tightest.Insert(place, host);
    }

    /// <summary>The distribution of a name, which may have no values yet.</summary>
    internal Distribution Of(string name)
    {
        if (!_distributions.TryGetValue(name, out Distribution? distribution))
            _distributions[name] = distribution = new();
        return distribution;
    }

    private ulong AddOutcome(HostPlan plan)
    {
        AddStatus(StatusOf(plan), 1);
        if (CauseOf(plan) is { } cause)
            AddCause(cause, 1);
        ulong ram = plan.Host.Memory.TdxMemoryBytes;
        _ramLow += ram;
        if (_ramLow > long.MaxValue)
        {
            _ramHigh += _ramLow;
            _ramLow = 0;
        }

        return ram;
    }

    private void Add(string name, ulong value) => Of(name).Add(value);
}
