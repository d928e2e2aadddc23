namespace TdxPamt.Planning;

/// <summary>A run of pages in which PAMTs can be placed at either end.</summary>
internal sealed class FreeRun(AddressRange range, bool reservedBelow, bool reservedAbove)
{
    /// <summary>The first free address.</summary>
    internal ulong Start { get; private set; } = range.Start;

    /// <summary>The end of the free pages.</summary>
    internal ulong End { get; private set; } = range.End;

    internal ulong Size => End - Start;

    /// <summary>Whether a hole or a PAMT lies below, with no RAM in between.</summary>
    internal bool ReservedBelow { get; private set; } = reservedBelow;

    /// <summary>Whether a hole or a PAMT lies above, with no RAM in between.</summary>
    internal bool ReservedAbove { get; private set; } = reservedAbove;

    /// <summary>Takes pages from the start of the run, or from its end.</summary>
    /// <returns>Their address.</returns>
    internal ulong Take(ulong bytes, bool atEnd)
    {
        if (atEnd)
        {
            End -= bytes;
            ReservedAbove = true;
            return End;
        }

        Start += bytes;
        ReservedBelow = true;
        return Start - bytes;
    }
}
