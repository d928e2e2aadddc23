using System.Runtime.CompilerServices;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Native;

/// <summary>Keeps exceptions inside: each call ends in a result, and the calling thread's <c>tdxpamt_last_error</c>
/// says why.</summary>
internal static unsafe class Boundary
{
    private const int Room = 2048;

    /// <summary>The thread's text, which ends with a NUL, in memory that does not move.</summary>
    [ThreadStatic]
    private static byte[]? _error;

    /// <summary>The address of the calling thread's text.</summary>
    internal static byte* LastError
    {
        get
        {
            _error ??= GC.AllocateArray<byte>(Room, pinned: true);
            return (byte*)Unsafe.AsPointer(ref _error[0]);
        }
    }

    /// <summary>Runs a call.</summary>
    internal static NativeResult Run(Func<NativeResult> call)
    {
        try
        {
            Say("");
            return call();
        }
        catch (NativeException exception)
        {
            return Fail(exception.Result, exception.Message);
        }
        catch (HostFormatException exception)
        {
            return Fail(NativeResult.BadInput, exception.Message);
        }
        catch (ArgumentException exception)
        {
            return Fail(NativeResult.BadArgument, WithoutParameter(exception));
        }
        catch (Exception exception)
        {
            return Fail(NativeResult.Internal, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>Ends a call with a result other than OK, and says why.</summary>
    internal static NativeResult Fail(NativeResult result, string message)
    {
        Say(message);
        return result;
    }

    private static void Say(string message)
    {
        Span<byte> room = new(LastError, Room);
        Encoding.UTF8.GetEncoder().Convert(message, room[..^1], flush: true, out _, out int length, out _);
        room[length] = 0;
    }

    private static string WithoutParameter(ArgumentException exception)
    {
        string suffix = $" (Parameter '{exception.ParamName}')";
        return exception.Message.EndsWith(suffix, StringComparison.Ordinal)
            ? exception.Message[..^suffix.Length]
            : exception.Message;
    }
}
