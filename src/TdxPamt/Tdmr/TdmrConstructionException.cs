using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>Thrown where <see cref="TdmrConstructor.TryConstruct"/> and its like return
/// a <see cref="TdmrFailure"/>.</summary>
/// <remarks>Immutable, except for what every exception collects as it is thrown.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "It always carries a failure.")]
public sealed class TdmrConstructionException : Exception
{
    /// <summary>Wraps a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <exception cref="ArgumentNullException"><paramref name="failure"/> is null.</exception>
    public TdmrConstructionException(TdmrFailure failure)
        : base(Preconditions.NotNull(failure, nameof(failure)).Message, failure.Cause)
    {
        Failure = failure;
    }

    /// <summary>The failure, with the values it failed at.</summary>
    public TdmrFailure Failure { get; }
}
