using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Fuzz;

/// <summary>Thrown where something that must hold of every input does not.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It always says what.")]
internal sealed class BrokenLawException(string law) : Exception(law);
