namespace TdxPamt.Native;

/// <summary>What a function of <c>tdxpamt.h</c> returns: its <c>tdxpamt_result</c>.</summary>
internal enum NativeResult
{
    Ok,
    Negative,
    BadInput,
    BadArgument,
    BadHandle,
    TooSmall,
    CallbackFailed,
    Internal,
}
