namespace TdxPamt.Fuzz;

/// <summary>One of the doors at which hostile input may arrive.</summary>
/// <remarks>Without state that changes, so safe for many threads.</remarks>
internal abstract class Target
{
    internal abstract string Name { get; }

    /// <summary>Makes an input, of chance alone.</summary>
    internal abstract byte[] Make(Chance chance);

    /// <summary>Tries an input; whatever is thrown is a finding. The same input is always tried alike.</summary>
    internal abstract void Try(byte[] input);

    /// <summary>Chance for a trial: of its input alone.</summary>
    private protected static Chance ChanceOf(byte[] input)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in input)
            hash = unchecked((hash ^ value) * 1099511628211);
        return new(hash);
    }
}
