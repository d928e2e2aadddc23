using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>Throw helpers, apart from their callers so that hot paths stay small.</summary>
internal static class Preconditions
{
    internal static int InRange(int value, int low, int high, string name)
    {
        if (value < low || value > high)
            ThrowOutOfRange(name, value, low, high);
        return value;
    }

    internal static T NotNull<T>([NotNull] T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);

    [DoesNotReturn]
    private static void ThrowOutOfRange(string name, int value, int low, int high) =>
        throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {low} to {high}");
}
