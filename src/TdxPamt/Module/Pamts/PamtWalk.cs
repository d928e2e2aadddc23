namespace TdxPamt.Module;

/// <summary>The way from an address to the entry that tracks it, with the locks taken on it.</summary>
/// <remarks>The 1G entry, and the 2M entry above a 4K one, are shared; the entry that the walk ends at is held as asked.
/// <c>default</c> holds nothing.</remarks>
internal struct PamtWalk
{
    private readonly PamtDirectory? _pamts;
    private readonly bool _exclusive;
    private ulong? _shared1G;
    private ulong? _shared2M;
    private bool _held;

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
        ulong entry1G = Tdmr.Entry1G(Address);
        if (wanted == PageSize.Page1G || _pamts!.Read(entry1G).Type != PamtPageType.NotUsed)
            return TryEnd(PageSize.Page1G, entry1G);
        if (!TryShare(entry1G))
            return false;
        _shared1G = entry1G;
        ulong entry2M = Tdmr.Entry2M(Address);
        if (wanted == PageSize.Page2M)
            return TryEnd(PageSize.Page2M, entry2M);
        PamtEntry above = _pamts.Read(entry2M);
        if (above.Type != (_pamts.IsDynamic ? PamtPageType.Pamt : PamtPageType.NotUsed))
            return TryEnd(PageSize.Page2M, entry2M);
        if (!TryShare(entry2M))
            return false;
        _shared2M = entry2M;
        if (!_pamts.IsDynamic)
            return TryEnd(PageSize.Page4K, Tdmr.Entry4K(Address));
        PairAddress = entry2M;
        return TryEnd(PageSize.Page4K, above.Entry4K(Address));
    }

    /// <summary>Gives every lock back.</summary>
    internal void Release()
    {
        if (_held)
            _pamts!.Locks.Release(EntryAddress, _exclusive);
        _held = false;
        if (_shared2M is { } entry2M)
            _pamts!.Locks.Release(entry2M, exclusive: false);
        _shared2M = null;
        if (_shared1G is { } entry1G)
            _pamts!.Locks.Release(entry1G, exclusive: false);
        _shared1G = null;
    }

    private bool TryShare(ulong entry)
    {
        bool taken = _pamts!.Locks.Try(entry, exclusive: false);
        if (!taken)
            Release();
        return taken;
    }

    private bool TryEnd(PageSize level, ulong entry)
    {
        Level = level;
        EntryAddress = entry;
        // Above 4K an entry is shared until its type is known, then held alone.
        bool promotes = _exclusive && level > PageSize.Page4K;
        bool isFree = !promotes || _pamts!.Locks.Try(entry, exclusive: false);
        if (isFree && promotes)
            _pamts!.Locks.Release(entry, exclusive: false);
        _held = isFree && _pamts!.Locks.Try(entry, _exclusive);
        if (!_held)
        {
            Release();
            return false;
        }

        Entry = _pamts!.Read(entry);
        return true;
    }
}
