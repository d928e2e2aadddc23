namespace TdxPamt.Module;

/// <summary>Tests the addresses that calls are given: their key id, the limit of 2^52, and the SEAM
/// range (docs/model.md#sys-config-call).</summary>
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

    /// <summary>Whether an address is below 2^52 and has no key id, as that of a private page.</summary>
    internal bool IsPlain(ulong address) => address < AddressRange.Limit && (address & _keyIdMask) == 0;

    /// <summary>Whether a host's buffer can start at an address: it is aligned, below 2^52, without a private key id,
    /// and outside the SEAM range.</summary>
    internal bool IsShared(ulong address, ulong alignment) =>
        address % alignment == 0 && address < AddressRange.Limit
        && ((address & _keyIdMask) >> _keyIdShift) < _firstPrivate
        && !_seam.Contains(WithoutKeyId(address));
}
