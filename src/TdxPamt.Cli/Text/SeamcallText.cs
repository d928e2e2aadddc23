using TdxPamt.Module;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>What statuses, calls and operands of the TDX module mean, for reading.</summary>
internal static class SeamcallText
{
    internal static Page Create(IEnumerable<(SeamcallExplanation Explanation, long? Line)> answers)
    {
        Page page = new();
        foreach ((SeamcallExplanation explanation, long? line) in answers)
        {
            if (!page.IsEmpty)
                page.Add();
            Append(page, explanation, line);
        }

        return page;
    }

    private static void Append(Page page, SeamcallExplanation explanation, long? line)
    {
        if (explanation.Completion is { } status)
        {
            AppendTitle(page, explanation, status, line);
            page.Add($"class: {explanation.Class}; {explanation.Severity}");
            if (explanation.Operands.Count > 0)
                page.Add($"operands: {string.Join(", ", explanation.Operands)}");
            page.Add($"cause: {explanation.Cause}");
            page.Add($"what to do: {explanation.Action}");
        }
        else
        {
            page.Add(explanation.Leaf is { } leaf
                ? Invariant($"{explanation.Name}, call 0x{leaf:x}")
                : Invariant($"{explanation.Name}, operand 0x{explanation.Operand:x}"));
            page.Add($"what it is: {explanation.Cause}");
        }

        if (explanation.Rule is { } rule)
            page.Add($"rule: {rule}");
    }

    private static void AppendTitle(Page page, SeamcallExplanation explanation, CompletionStatus status, long? line)
    {
        string caller = explanation.Leaf is { } leaf
            ? $"{explanation.LeafName ?? Invariant($"call 0x{leaf:x}")}: "
            : "";
        string place = line is { } number ? Invariant($"line {number}: ") : "";
        page.Add($"{place}{caller}{status}", status.IsError ? Outcome.Bad : Outcome.Neutral);
    }
}
