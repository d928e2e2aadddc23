namespace TdxPamt.Native;

/// <summary>Ends a call with a result other than an answer.</summary>
internal sealed class NativeException(NativeResult result, string message) : Exception(message)
{
    internal NativeResult Result => result;

    internal static NativeException Null(string name) => new(NativeResult.BadArgument, $"{name} must not be null");
}
