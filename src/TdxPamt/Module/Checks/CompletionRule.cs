namespace TdxPamt.Module;

/// <summary>What makes the module give a status, and what to do about it.</summary>
/// <param name="Cause">The cause, a sentence without a full stop.</param>
/// <param name="Action">What to do; null where the class of the status says it.</param>
/// <param name="Anchor">The section of docs/model.md with the rule; null where the model does not give
/// the status.</param>
internal readonly record struct CompletionRule(string Cause, string? Action = null, string? Anchor = null);
