namespace TdxPamt.Module;

/// <summary>A lock that is tried once and never waited for: exclusive, or shared by many.</summary>
/// <remarks>Safe for many threads.</remarks>
internal sealed class TryLock
{
    private const int Exclusive = -1;

    private int _holders;

    internal bool TryExclusive() => Interlocked.CompareExchange(ref _holders, Exclusive, 0) == 0;

    internal bool TryShared()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders != Exclusive)
        {
            int found = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (found == holders)
                return true;
            holders = found;
        }

        return false;
    }

    internal void ReleaseExclusive() => Volatile.Write(ref _holders, 0);

    internal void ReleaseShared() => Interlocked.Decrement(ref _holders);
}
