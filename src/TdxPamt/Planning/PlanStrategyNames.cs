namespace TdxPamt.Planning;

/// <summary>The names of strategies: <c>kernel</c>, <c>holes-from-cmrs</c>,
/// <c>merge-areas+adjacent-pamts</c>.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class PlanStrategyNames
{
    private static readonly string[] Names =
    [
        "holes-from-cmrs", "merge-areas", "split-tdmrs", "join-tdmrs",
        "three-chunks", "adjacent-pamts", "node-pamts", "exclude-ram",
    ];

    /// <summary>Every strategy alone, without <see cref="PlanStrategies.None"/>.</summary>
    public static IReadOnlyList<PlanStrategies> Each { get; } =
        [.. Enumerable.Range(0, Names.Length).Select(static bit => (PlanStrategies)(1 << bit))];

    /// <summary>All strategies together.</summary>
    internal const PlanStrategies All = (PlanStrategies)0xFF;

    /// <summary>The names of strategies, joined by <c>+</c>.</summary>
    /// <param name="strategies">Any combination.</param>
    /// <returns>The text; <c>kernel</c> for none of them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A bit is set that is no strategy's.</exception>
    public static string Name(this PlanStrategies strategies)
    {
        Check(strategies);
        return strategies == PlanStrategies.None
            ? "kernel"
            : string.Join("+", Names.Where((_, bit) => strategies.Has((PlanStrategies)(1 << bit))));
    }

    /// <summary>How many strategies are combined: the changes from the kernel's own way, 0 to 8.</summary>
    /// <param name="strategies">Any combination.</param>
    /// <returns>The number.</returns>
    public static int Changes(this PlanStrategies strategies) => Each.Count(each => strategies.Has(each));

    /// <summary>Finds strategies by their names.</summary>
    /// <param name="text">The names, joined by <c>+</c>, in any order; or <c>kernel</c>.</param>
    /// <param name="strategies">The combination; the kernel's own way on failure.</param>
    /// <returns>Whether every name is a strategy's.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static bool TryParse(string text, out PlanStrategies strategies)
    {
        strategies = PlanStrategies.None;
        if (string.Equals(Preconditions.NotNull(text, nameof(text)), "kernel", StringComparison.Ordinal))
            return true;
        foreach (string name in text.Split('+'))
        {
            int bit = Array.IndexOf(Names, name);
            if (bit < 0)
            {
                strategies = PlanStrategies.None;
                return false;
            }

            strategies |= (PlanStrategies)(1 << bit);
        }

        return true;
    }

    internal static bool Has(this PlanStrategies strategies, PlanStrategies wanted) => (strategies & wanted) == wanted;

    internal static PlanStrategies Check(PlanStrategies strategies) => (strategies & ~All) == PlanStrategies.None
        ? strategies
        : throw new ArgumentOutOfRangeException(nameof(strategies), strategies, "strategies must be from 0 to 255");
}
