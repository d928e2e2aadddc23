namespace TdxPamt.Planning;

/// <summary>The names of combined strategies: <c>kernel</c>,
/// <c>holes-from-cmrs</c>, <c>merge-areas+adjacent-pamts</c>.</summary>
/// <remarks>Without state, so safe for many threads. Rules: docs/model.md#planning.</remarks>
public static class PlanStrategyNames
{
    /// <summary>All strategies together.</summary>
    internal const PlanStrategies All = (PlanStrategies)0xFF;

    /// <summary>Names that strategies had before.</summary>
    private static readonly Dictionary<string, PlanStrategies> FormerNames = new(StringComparer.Ordinal)
    {
        ["cmr-holes"] = PlanStrategies.HolesFromCmrs,
        ["touching-pamts"] = PlanStrategies.AdjacentPamts,
        ["give-up-ram"] = PlanStrategies.ExcludeRam,
    };

    /// <summary>Every strategy alone, without <see cref="PlanStrategies.None"/>.</summary>
    public static IReadOnlyList<PlanStrategies> Each { get; } =
        [.. PlanStrategyInfo.All.Skip(1).Select(static info => info.Strategy)];

    /// <summary>The names of strategies, joined by <c>+</c>.</summary>
    /// <param name="strategies">Any combination.</param>
    /// <returns>The text; <c>kernel</c> for no strategy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A bit is set that belongs to no strategy.</exception>
    public static string Name(this PlanStrategies strategies)
    {
        Check(strategies);
        return strategies == PlanStrategies.None
            ? PlanStrategyInfo.All[0].Name
            : string.Join("+", strategies.Infos().Select(static info => info.Name));
    }

    /// <summary>How many strategies are combined, 0 to 8.</summary>
    /// <param name="strategies">Any combination.</param>
    /// <returns>The number.</returns>
    public static int Changes(this PlanStrategies strategies) => Each.Count(each => strategies.Has(each));

    /// <summary>Reads strategies from their names.</summary>
    /// <param name="text">The names, joined by <c>+</c>, in any order; or <c>kernel</c>. The former names
    /// <c>cmr-holes</c>, <c>touching-pamts</c> and <c>give-up-ram</c> stand for <c>holes-from-cmrs</c>,
    /// <c>adjacent-pamts</c> and <c>exclude-ram</c>.</param>
    /// <param name="strategies">The combination; <see cref="PlanStrategies.None"/> on failure.</param>
    /// <returns>Whether every name is a strategy's.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static bool TryParse(string text, out PlanStrategies strategies)
    {
        strategies = PlanStrategies.None;
        if (Preconditions.NotNull(text, nameof(text)) == PlanStrategyInfo.All[0].Name)
            return true;
        foreach (string name in text.Split('+'))
        {
            if (!TryFind(name, out PlanStrategies strategy))
            {
                strategies = PlanStrategies.None;
                return false;
            }

            strategies |= strategy;
        }

        return true;
    }

    internal static bool Has(this PlanStrategies strategies, PlanStrategies wanted) => (strategies & wanted) == wanted;

    /// <summary>What each of the combined strategies is called and does.</summary>
    internal static IEnumerable<PlanStrategyInfo> Infos(this PlanStrategies strategies) =>
        PlanStrategyInfo.All.Skip(1).Where(info => strategies.Has(info.Strategy));

    internal static PlanStrategies Check(PlanStrategies strategies) => (strategies & ~All) == PlanStrategies.None
        ? strategies
        : throw new ArgumentOutOfRangeException(nameof(strategies), strategies, "strategies must be from 0 to 255");

    private static bool TryFind(string name, out PlanStrategies strategy)
    {
        strategy = PlanStrategyInfo.All.FirstOrDefault(info => info.Name == name)?.Strategy ?? PlanStrategies.None;
        return strategy != PlanStrategies.None || FormerNames.TryGetValue(name, out strategy);
    }
}
