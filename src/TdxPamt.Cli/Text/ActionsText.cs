using TdxPamt.Planning;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>What to do, for reading.</summary>
internal static class ActionsText
{
    /// <summary>Adds what to do, each action numbered; nothing where there is nothing to do.</summary>
    internal static void Append(Page page, ValueList<PlanAction> actions)
    {
        if (actions.Count == 0)
            return;
        page.Add();
        page.Add("what to do, the cheapest first; each was tried in the model, and works there:");
        for (int i = 0; i < actions.Count; i++)
            page.Add(Invariant($"{i + 1}. {actions[i].Text}"));
    }
}
