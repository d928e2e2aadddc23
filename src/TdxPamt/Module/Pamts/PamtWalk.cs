namespace TdxPamt.Module;

/// <summary>The way from an address to the entry that tracks it, with the locks taken on it.</summary>
/// <remarks>The 1G entry, and the 2M entry above a 4K one, are shared; the entry that the walk ends at is held as
/// asked. <c>default</c> holds nothing.</remarks>
internal struct PamtWalk
{
    private readonly PamtDirectory? _pamts;
    private readonly bool _exclusive;
    private ulong? _shared1G;
    private ulong? _shared2M;
    private bool _held;
    private bool _heldExclusively;

    internal PamtWalk(PamtDirectory pamts, PamtTdmr tdmr, ulong address, bool exclusive)
    {
        _pamts = pamts;
        _exclusive = exclusive;
        Tdmr = tdmr;
        Address = address;
    }

    internal PamtTdmr Tdmr { get; }

    internal ulong Address { get; }

    /// <summary>The level that the walk ended at.</summary>
    internal PageSize Level { get; private set; }

    /// <summary>Where the entry that it ended at lies.</summary>
    internal ulong EntryAddress { get; private set; }

    /// <summary>That entry, as it was when it was locked.</summary>
    internal PamtEntry Entry { get; private set; }

    /// <summary>Where the 2M entry with the pair lies, if the walk ended at a 4K entry in a pair; else null.</summary>
    internal ulong? PairAddress { get; private set; }

    /// <summary>Walks down to a level, or to the entry above it that tracks the address.</summary>
    /// <returns>False where an entry on the way is locked; nothing is held then.</returns>
    internal bool TryGo(PageSize wanted)
    {
        try
        {
            return TryWalk(wanted);
        }
        catch
        {
            Release();
            throw;
        }
    }

    private bool TryWalk(PageSize wanted)
    {
        if (!TryLock(PageSize.Page1G, Tdmr.Entry1G(Address), exclusive: false))
            return false;
        if (wanted == PageSize.Page1G || Entry.Type != PamtPageType.NotUsed)
            return TryEnd();
        (_shared1G, _held) = (EntryAddress, false);
        if (!TryLock(PageSize.Page2M, Tdmr.Entry2M(Address), exclusive: false))
            return false;
        if (wanted == PageSize.Page2M || !_pamts!.HasEntriesBelow(Entry))
            return TryEnd();
        (_shared2M, _held) = (EntryAddress, false);
        PairAddress = _pamts.IsDynamic ? EntryAddress : null;
        return TryLock(PageSize.Page4K, _pamts.Entry4K(Tdmr, Entry, Address), _exclusive);
    }

    /// <summary>Gives every lock back.</summary>
    internal void Release()
    {
        if (_held)
            _pamts!.Locks.Release(EntryAddress, _heldExclusively);
        _held = false;
        if (_shared2M is { } entry2M)
            _pamts!.Locks.Release(entry2M, exclusive: false);
        _shared2M = null;
        if (_shared1G is { } entry1G)
            _pamts!.Locks.Release(entry1G, exclusive: false);
        _shared1G = null;
    }

    private bool TryLock(PageSize level, ulong entry, bool exclusive)
    {
        if (!_pamts!.Locks.Try(entry, exclusive))
        {
            Release();
            return false;
        }

        (Level, EntryAddress, _held, _heldExclusively) = (level, entry, true, exclusive);
        Entry = _pamts.Read(entry);
        return true;
    }

    /// <summary>Ends above 4K: the entry was shared until its type was known, and is now held as asked.</summary>
    private bool TryEnd()
    {
        if (!_exclusive)
            return true;
        _held = _heldExclusively = _pamts!.Locks.TryPromote(EntryAddress);
        if (!_held)
            Release();
        return _held;
    }
}
