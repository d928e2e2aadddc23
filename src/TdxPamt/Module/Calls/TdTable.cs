using System.Collections.Concurrent;

namespace TdxPamt.Module;

/// <summary>All TDs, by the addresses of their TDR pages.</summary>
/// <remarks>Safe for many threads. What a TD holds is guarded by the lock of its TDR page's PAMT entry.</remarks>
internal sealed class TdTable
{
    private readonly ConcurrentDictionary<ulong, Td> _tds = new();

    internal void Add(ulong tdr, Td td) => _tds[tdr] = td;

    internal Td? Find(ulong tdr) => _tds.TryGetValue(tdr, out Td? td) ? td : null;

    internal void Remove(ulong tdr) => _tds.TryRemove(tdr, out _);

    /// <summary>How many TDs are being built.</summary>
    internal int BeingBuilt => _tds.Values.Count(static td => td.Life is TdLife.KeyIdAssigned or TdLife.KeysConfigured);
}

/// <summary>How far a TD has come (docs/model.md#key-ids).</summary>
internal enum TdLife
{
    KeyIdAssigned,
    KeysConfigured,
    Blocked,
    Teardown,
}

/// <summary>What the module keeps of a TD in its TDR page, as far as pages and keys go.</summary>
internal sealed class Td(ulong keyId)
{
    private long _children;

    internal ulong KeyId { get; } = keyId;

    internal TdLife Life { get; set; }

    /// <summary>The packages whose key is configured, a bit each.</summary>
    internal int KeyedPackages { get; set; }

    /// <summary>How many TDCX pages it has.</summary>
    internal int ControlPages { get; set; }

    /// <summary>How many 4K pages belong to it, but for its TDR.</summary>
    internal long Children => Interlocked.Read(ref _children);

    internal void CountChildren(long pages) => Interlocked.Add(ref _children, pages);
}
