namespace TdxPamt.Module;

/// <summary>The PAMTs of one TDMR: how far they are initialised, and their entries in memory.</summary>
/// <remarks>Not safe for many threads.</remarks>
internal sealed class PamtTables
{
    private const ulong StaticStep = 4UL << 20;
    private const ulong DynamicStep = 16UL << 20;
    private const int EntriesInStep = (int)(StaticStep / AddressRange.PageBytes);
    private const int EntriesInPage = (int)AddressRange.PageBytes / PamtEntry.Bytes;

    private static readonly byte[] ReservedEntries = RepeatReserved();

    private readonly TdmrInfoEntry[] _block;
    private readonly IPhysicalMemory _memory;
    private readonly EntryChanges _changes;
    private readonly PamtEntrySizes _strides;
    private readonly bool _dynamic;
    private readonly int _bitsPerPage;
    private ulong _next;

    internal PamtTables(
        in TdmrInfoEntry block, ModuleParameters module, IPhysicalMemory memory, EntryChanges changes)
    {
        _block = [block];
        _memory = memory;
        _changes = changes;
        _strides = module.PamtEntrySizes;
        _dynamic = module.DynamicPamt;
        _bitsPerPage = module.PamtPageBitmapEntryBits;
        Range = AddressRange.Create(block.Base, block.Base + block.Size);
        _next = Range.Start;
    }

    /// <summary>The TDMR's range.</summary>
    internal AddressRange Range { get; }

    /// <summary>Whether every call of TDH.SYS.TDMR.INIT was made.</summary>
    internal bool IsComplete => _next == Range.End;

    /// <summary>The first address whose GiB is not initialised.</summary>
    internal ulong InitializedEnd => _next / TdmrInfo.Alignment * TdmrInfo.Alignment;

    /// <summary>One call of TDH.SYS.TDMR.INIT, on a TDMR that is not complete.</summary>
    internal void InitializeNext()
    {
        ulong end = _next + (_dynamic ? DynamicStep : StaticStep);
        if (_dynamic)
            InitializeBitmap(_next, end);
        else
            Initialize4K(_next, end);
        ClearEntries(PageSize.Page2M, _next, end);
        if (end % TdmrInfo.Alignment == 0)
            ClearEntries(PageSize.Page1G, end - TdmrInfo.Alignment, end);
        _next = end;
    }

    /// <summary>Whether there is an entry of its own for a page: all but 4K ones of regions without a pair.</summary>
    internal bool HasEntry(ulong address, PageSize level) =>
        level != PageSize.Page4K || !_dynamic || Read(address, PageSize.Page2M).Type == PamtPageType.Pamt;

    internal PamtEntry Read(ulong address, PageSize level)
    {
        Span<byte> bytes = stackalloc byte[PamtEntry.Bytes];
        _memory.Read(EntryAddress(address, level), bytes);
        return PamtEntry.Read(bytes);
    }

    internal void Write(ulong address, PageSize level, PamtEntry entry)
    {
        Span<byte> bytes = stackalloc byte[PamtEntry.Bytes];
        entry.Write(bytes);
        _changes.Write(EntryAddress(address, level), bytes);
    }

    /// <summary>The first page of one size in a range whose entry is not PT_NDA; there must be entries.</summary>
    internal bool TryFindUsed(ulong start, ulong end, PageSize level, out ulong address)
    {
        ulong stride = Stride(level);
        ulong inPiece = Math.Max(AddressRange.PageBytes / stride, 1);
        Span<byte> piece = stackalloc byte[(int)AddressRange.PageBytes];
        for (address = start; address < end;)
        {
            ulong count = Math.Min(inPiece, (end - address) / level.Bytes());
            Span<byte> read = piece[..(int)(((count - 1) * stride) + PamtEntry.Bytes)];
            _memory.Read(EntryAddress(address, level), read);
            for (int offset = 0; offset < read.Length; offset += (int)stride, address += level.Bytes())
            {
                if (PamtEntry.Read(read[offset..]).Type != PamtPageType.NotUsed)
                    return true;
            }
        }

        return false;
    }

    /// <summary>The bit of a page in the bitmap of Dynamic PAMT.</summary>
    internal bool ReadBit(ulong address)
    {
        (ulong byteAddress, byte mask) = BitAddress(address);
        Span<byte> bits = stackalloc byte[1];
        _memory.Read(byteAddress, bits);
        return (bits[0] & mask) != 0;
    }

    internal void WriteBit(ulong address, bool value)
    {
        (ulong byteAddress, byte mask) = BitAddress(address);
        Span<byte> bits = stackalloc byte[1];
        _memory.Read(byteAddress, bits);
        bits[0] = value ? (byte)(bits[0] | mask) : (byte)(bits[0] & ~mask);
        _changes.Write(byteAddress, bits);
    }

    internal bool AnyBit(ulong start, ulong end)
    {
        ulong first = BitAddress(start).ByteAddress;
        ulong bytes = BitmapBytes(start, end);
        Span<byte> piece = stackalloc byte[512];
        for (ulong done = 0; done < bytes; done += (ulong)piece.Length)
        {
            Span<byte> read = piece[..(int)Math.Min(bytes - done, (ulong)piece.Length)];
            _memory.Read(first + done, read);
            foreach (byte bits in read)
            {
                if (bits != 0)
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a page lies in a reserved area.</summary>
    internal bool IsReserved(ulong address)
    {
        ulong offset = address - Range.Start;
        foreach (ReservedEntry area in TdmrInfoEntry.ReservedAreasOf(_block, 0))
        {
            if (offset >= area.Offset && offset < area.Offset + area.Size)
                return true;
        }

        return false;
    }

    private static byte[] RepeatReserved()
    {
        byte[] bytes = new byte[EntriesInStep * PamtEntry.Bytes];
        for (int i = 0; i < EntriesInStep; i++)
            PamtEntry.ForPage(PamtPageType.Reserved).Write(bytes.AsSpan(i * PamtEntry.Bytes));
        return bytes;
    }

    private void Initialize4K(ulong start, ulong end)
    {
        ClearEntries(PageSize.Page4K, start, end);
        foreach (ReservedEntry area in TdmrInfoEntry.ReservedAreasOf(_block, 0))
        {
            ulong first = Math.Max(start, Range.Start + area.Offset);
            ulong last = Math.Min(end, Range.Start + area.Offset + area.Size);
            if (area.Size == 0 || first >= last)
                continue;
            int count = (int)((last - first) / AddressRange.PageBytes);
            if (_strides.Page4K == PamtEntry.Bytes)
            {
                _memory.Write(EntryAddress(first, PageSize.Page4K), ReservedEntries.AsSpan(0, count * PamtEntry.Bytes));
                continue;
            }

            for (; first < last; first += AddressRange.PageBytes)
                _memory.Write(EntryAddress(first, PageSize.Page4K), ReservedEntries.AsSpan(0, PamtEntry.Bytes));
        }
    }

    private void InitializeBitmap(ulong start, ulong end)
    {
        ulong mapAddress = BitAddress(start).ByteAddress;
        ulong bytes = BitmapBytes(start, end);
        _memory.Clear(mapAddress, bytes);
        byte[]? map = null;
        foreach (ReservedEntry area in TdmrInfoEntry.ReservedAreasOf(_block, 0))
        {
            ulong first = Math.Max(start, Range.Start + area.Offset);
            ulong last = Math.Min(end, Range.Start + area.Offset + area.Size);
            for (; area.Size != 0 && first < last; first += AddressRange.PageBytes)
            {
                (ulong byteAddress, byte mask) = BitAddress(first);
                map ??= new byte[bytes];
                map[byteAddress - mapAddress] |= mask;
            }
        }

        if (map is not null)
            _memory.Write(mapAddress, map);
    }

    private void ClearEntries(PageSize level, ulong start, ulong end)
    {
        Pamt pamt = _block[0].GetPamt(level);
        ulong first = (start - Range.Start) / level.Bytes() * Stride(level);
        _memory.Clear(pamt.Base + first, (end - start) / level.Bytes() * Stride(level));
    }

    private ulong Stride(PageSize level) => level switch
    {
        PageSize.Page4K => _dynamic ? PamtEntry.Bytes : (ulong)_strides.Page4K,
        PageSize.Page2M => (ulong)_strides.Page2M,
        _ => (ulong)_strides.Page1G,
    };

    private ulong EntryAddress(ulong address, PageSize level)
    {
        if (level != PageSize.Page4K || !_dynamic)
            return _block[0].GetPamt(level).Base + ((address - Range.Start) / level.Bytes() * Stride(level));
        PamtEntry pair = Read(address, PageSize.Page2M);
        ulong index = address % PageSize.Page2M.Bytes() / AddressRange.PageBytes;
        return (index < EntriesInPage ? pair.Page0 : pair.Page1) + (index % EntriesInPage * PamtEntry.Bytes);
    }

    private (ulong ByteAddress, byte Mask) BitAddress(ulong address)
    {
        ulong bit = (address - Range.Start) / AddressRange.PageBytes * (ulong)_bitsPerPage;
        return (_block[0].Pamt4K.Base + (bit / 8), (byte)(1 << (int)(bit % 8)));
    }

    private ulong BitmapBytes(ulong start, ulong end) =>
        (end - start) / AddressRange.PageBytes * (ulong)_bitsPerPage / 8;
}
