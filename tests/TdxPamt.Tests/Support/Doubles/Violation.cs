namespace TdxPamt.Tests.Support;

/// <summary>What an allocator can do instead of what it shall.</summary>
internal enum Violation
{
    Throws,
    HasNoPages,
    ReturnsNoPage,
    ReturnsPage0,
    ReturnsPagesBelow1MiB,
    ReturnsPagesOffTheMachine,
    ReturnsPagesAcrossTheMachinesEnd,
    ReturnsPagesAt4PiB,
    ReturnsPagesAcross16EiB,
    ReturnsTheLastChunkAgain,
    ReturnsPagesOfTheLastChunk,
    ReturnsHalfAPageOfTheLastChunk,

    /// <summary>Which is allowed.</summary>
    ReturnsPagesOfAnotherNode,
}
