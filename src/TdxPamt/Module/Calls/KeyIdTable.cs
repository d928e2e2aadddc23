namespace TdxPamt.Module;

/// <summary>The state of each private key id (KOT), and which packages still have to write their caches back
/// (WBT); see docs/model.md#key-ids.</summary>
internal sealed class KeyIdTable
{
    private readonly ulong _first;
    private readonly KeyId[] _keyIds;

    internal KeyIdTable(TdxModuleOptions options)
    {
        (_first, ulong last) = (options.FirstPrivate, options.LastPrivate);
        if (last < _first)
            throw new ArgumentException($"the last private key id is {last}, and the first is {_first}");
        _keyIds = new KeyId[last - _first + 1];
        PackageLocks = NewLocks(options.Packages);
    }

    private KeyIdTable(KeyIdTable other)
    {
        _first = other._first;
        _keyIds = [.. other._keyIds];
        PackageLocks = NewLocks(other.PackageLocks.Length);
    }

    /// <summary>The lock of the table, operand KOT of a status.</summary>
    internal TryLock Lock { get; } = new();

    /// <summary>The lock of each package's writing back of its caches, operand WBCACHE of a status.</summary>
    internal TryLock[] PackageLocks { get; }

    /// <summary>What goes into the handoff data.</summary>
    internal KeyIdTable Copy() => new(this);

    internal bool IsPrivate(ulong keyId) => keyId >= _first && keyId - _first < (ulong)_keyIds.Length;

    internal bool IsFree(ulong keyId) => _keyIds[keyId - _first].State == KeyIdState.Free;

    internal void Reserve(ulong keyId) => _keyIds[keyId - _first].State = KeyIdState.Reserved;

    internal void Assign(ulong keyId) => _keyIds[keyId - _first].State = KeyIdState.Assigned;

    /// <summary>No processor may use it any more; every package has to write back what its caches hold.</summary>
    internal void Flush(ulong keyId) => _keyIds[keyId - _first] =
        new(KeyIdState.Flushed, (1 << PackageLocks.Length) - 1);

    internal bool IsWrittenBack(ulong keyId) => _keyIds[keyId - _first].PackagesToWriteBack == 0;

    internal void Free(ulong keyId) => _keyIds[keyId - _first] = default;

    /// <summary>A package writes its caches back, under the shared lock: packages may do so at the same time.</summary>
    /// <returns>False where no key id is flushed.</returns>
    internal bool TryWriteBack(int package)
    {
        bool any = false;
        lock (_keyIds)
        {
            for (int i = 0; i < _keyIds.Length; i++)
            {
                if (_keyIds[i].State != KeyIdState.Flushed)
                    continue;
                _keyIds[i].PackagesToWriteBack &= ~(1 << package);
                any = true;
            }
        }

        return any;
    }

    private static TryLock[] NewLocks(int count) => [.. Enumerable.Range(0, count).Select(static _ => new TryLock())];

    private enum KeyIdState
    {
        Free,
        Reserved,
        Assigned,
        Flushed,
    }

    private record struct KeyId(KeyIdState State, int PackagesToWriteBack);
}
