namespace TdxPamt.Module;

/// <summary>Which addresses a call takes: key-id bits, the 52 bits that exist, and the SEAM
/// range (docs/model.md#keyid).</summary>
internal sealed class AddressRules
{
    private readonly int _keyIdShift;
    private readonly ulong _keyIdMask;
    private readonly ulong _firstPrivate;
    private readonly AddressRange _seam;

    internal AddressRules(TdxModuleOptions options)
    {
        int top = options.Release.KeyIdsBelowBit52 ? 52 : options.PhysicalAddressBits;
        _keyIdShift = top - options.KeyIdBits;
        _keyIdMask = ((1UL << options.KeyIdBits) - 1) << _keyIdShift;
        _firstPrivate = options.FirstPrivate;
        _seam = options.SeamRange;
    }

    /// <summary>The lowest bit that selects a key.</summary>
    internal int FirstKeyIdBit => _keyIdShift;

    /// <summary>An address without its key id.</summary>
    internal ulong WithoutKeyId(ulong address) => address & ~_keyIdMask;

    /// <summary>Whether an address exists and names no key: that of a private page.</summary>
    internal bool IsPlain(ulong address) => address < AddressRange.Limit && (address & _keyIdMask) == 0;

    /// <summary>Whether the module reads or writes there for a host: aligned, no private key, not its
    /// own memory.</summary>
    internal bool IsShared(ulong address, ulong alignment) =>
        address % alignment == 0 && address < AddressRange.Limit
        && ((address & _keyIdMask) >> _keyIdShift) < _firstPrivate
        && !_seam.Contains(WithoutKeyId(address));
}
