using TdxPamt.Hosts;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>A checkup for reading, on one screen of 80 columns: a line for each check, then what to do.</summary>
internal static class DoctorText
{
    private const int Columns = 80;

    /// <summary>The columns of results and ids, with the spaces after them.</summary>
    private const int Result = 9;
    private const int Id = 13;

    internal static void Append(Page page, HostCheckup checkup)
    {
        page.Add($"{checkup.Host.Name}, kernel {checkup.Plan.Kernel}");
        page.Add(Conclude(checkup), checkup.Fails ? Outcome.Bad
            : checkup.Checks.All(static check => check.Result == CheckResult.Pass) ? Outcome.Good : Outcome.Warning);
        string howToKnow = CheckupWords.HowToKnow(checkup.Host);
        HostCheck[] silent = [.. checkup.Checks.Where(check => IsSilent(checkup, check))];
        foreach (HostCheck check in checkup.Checks.Except(silent))
            page.Add(Line(check), OutcomeOf(check.Result));
        string[] todo = [.. Todo(checkup)];
        if (silent.Length > 0)
            Wrap(page, $"not known: {string.Join(", ", silent.Select(static check => check.Id))}; {howToKnow}", "  ");
        if (todo.Length > 0)
            page.Add(checkup.Fails ? "to mend it:" : "to do:");
        for (int i = 0; i < todo.Length; i++)
            Wrap(page, Invariant($"{i + 1}. {todo[i]}"), "   ");
    }

    private static string Conclude(HostCheckup checkup)
    {
        string[] fails = [.. Ids(checkup, CheckResult.Fail)];
        string[] causes = fails.Length > 1 ? [.. fails.Where(static id => id != "outcome")] : fails;
        if (causes.Length > 0)
            return $"TDX does not start, because of {string.Join(", ", causes)}";
        return Ids(checkup, CheckResult.Unknown).Any() ? "nothing fails of what is known" : "nothing fails";
    }

    /// <summary>Whether the input says nothing of a check, so that it has no line of its own.</summary>
    private static bool IsSilent(HostCheckup checkup, HostCheck check) => check.Result == CheckResult.Unknown
        && (check.Action.Length == 0 || check.Action == CheckupWords.SeeAbove
            || check.Action == CheckupWords.HowToKnow(checkup.Host));

    private static IEnumerable<string> Ids(HostCheckup checkup, CheckResult result) =>
        checkup.Checks.Where(check => check.Result == result).Select(static check => check.Id);

    /// <summary>What failing checks and warnings ask for, and what makes the memory fit, each once.</summary>
    private static IEnumerable<string> Todo(HostCheckup checkup) =>
        checkup.Checks
            .Where(check => check.Result is CheckResult.Fail or CheckResult.Warn || !IsSilent(checkup, check))
            .Where(static check => check.Action != CheckupWords.SeeAbove)
            .Select(static check => check.Action)
            .Concat(checkup.Actions.Select(static action => action.Text))
            .Where(static action => action.Length > 0)
            .Distinct(StringComparer.Ordinal);

    private static string Line(HostCheck check)
    {
        string start = CheckupWords.Name(check.Result).PadRight(Result) + check.Id.PadRight(Id);
        string evidence = check.Evidence.Length + start.Length <= Columns
            ? check.Evidence
            : check.Evidence[..(Columns - start.Length - 3)] + "...";
        return start + evidence;
    }

    private static Outcome OutcomeOf(CheckResult result) => result switch
    {
        CheckResult.Pass => Outcome.Good,
        CheckResult.Fail => Outcome.Bad,
        CheckResult.Warn => Outcome.Warning,
        _ => Outcome.Neutral,
    };

    /// <summary>Adds a sentence on as many lines as it takes; a word is never broken.</summary>
    private static void Wrap(Page page, string text, string indent)
    {
        foreach (string line in TextLines.Wrap(text, Columns, indent))
            page.Add(line);
    }
}
