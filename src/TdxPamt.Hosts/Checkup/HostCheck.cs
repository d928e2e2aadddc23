namespace TdxPamt.Hosts;

/// <summary>One check of a machine, with what proves its result.</summary>
/// <param name="Id">Its name, such as <c>areas</c>; docs/command.md#doctor lists them.</param>
/// <param name="Result">What it says.</param>
/// <param name="Evidence">The line of the input that proves the result, or figures of the plan, in one line.</param>
/// <param name="Action">What to do, in a sentence without a full stop; empty where nothing is to be done.</param>
/// <remarks>Immutable and equal by value.</remarks>
/// <exception cref="ArgumentNullException">A text is null.</exception>
public sealed record HostCheck(string Id, CheckResult Result, string Evidence, string Action)
{
    /// <summary>Its name, such as <c>areas</c>; docs/command.md#doctor lists them.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string Id { get; init => field = Preconditions.NotNull(value, nameof(Id)); } =
        Preconditions.NotNull(Id, nameof(Id));

    /// <summary>The line of the input that proves the result, or the figures of the plan, in one line.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string Evidence { get; init => field = Preconditions.NotNull(value, nameof(Evidence)); } =
        Preconditions.NotNull(Evidence, nameof(Evidence));

    /// <summary>What to do, in a sentence without a full stop; empty where nothing is to be done.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string Action { get; init => field = Preconditions.NotNull(value, nameof(Action)); } =
        Preconditions.NotNull(Action, nameof(Action));

    /// <summary>The check in a line: <c>fail areas: TDMR [0x0, 0x80000000): 17 of 16</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{CheckupWords.Name(Result)} {Id}: {Evidence}";
}
