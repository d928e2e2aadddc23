namespace TdxPamt.Module;

/// <summary>A TDMR that TDH.SYS.CONFIG accepted: where its PAMTs lie, and how far they are initialised.</summary>
internal sealed class PamtTdmr
{
    private readonly TdmrInfoEntry[] _entry;
    private ulong _next;

    internal PamtTdmr(in TdmrInfoEntry entry)
    {
        _entry = [entry];
        Range = AddressRange.Create(entry.Base, entry.Base + entry.Size);
        _next = Range.Start;
    }

    private PamtTdmr(PamtTdmr other)
    {
        _entry = other._entry;
        Range = other.Range;
        _next = other.Next;
    }

    internal AddressRange Range { get; }

    /// <summary>The TDMR's own lock, which TDH.SYS.TDMR.INIT takes.</summary>
    internal TryLock Lock { get; } = new();

    internal ReadOnlySpan<ReservedEntry> ReservedAreas => TdmrInfoEntry.ReservedAreasOf(_entry, 0);

    /// <summary>The first address that TDH.SYS.TDMR.INIT has not come to.</summary>
    internal ulong Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    internal bool IsComplete => Next == Range.End;

    /// <summary>The first address whose GiB is not initialised.</summary>
    internal ulong InitializedEnd => Next / TdmrInfo.Alignment * TdmrInfo.Alignment;

    internal ulong Entry1G(ulong address) => _entry[0].Pamt1G.Base + Offset(address, PageSize.Page1G);

    internal ulong Entry2M(ulong address) => _entry[0].Pamt2M.Base + Offset(address, PageSize.Page2M);

    /// <summary>The 4K entry, where PAMTs are static.</summary>
    internal ulong Entry4K(ulong address) => _entry[0].Pamt4K.Base + Offset(address, PageSize.Page4K);

    /// <summary>The 16-bit word and the bit of a page in the bitmap of Dynamic PAMT.</summary>
    internal (ulong Address, int Bit) BitmapBit(ulong address)
    {
        ulong bit = (address - Range.Start) / AddressRange.PageBytes;
        return (_entry[0].Pamt4K.Base + (bit / 16 * 2), (int)(bit % 16));
    }

    /// <summary>Whether a page lies in a reserved area.</summary>
    internal bool IsReserved(ulong address)
    {
        ulong offset = address - Range.Start;
        foreach (ReservedEntry area in ReservedAreas)
        {
            if (offset >= area.Offset && offset - area.Offset < area.Size)
                return true;
        }

        return false;
    }

    /// <summary>What goes into the handoff data.</summary>
    internal PamtTdmr Copy() => new(this);

    private ulong Offset(ulong address, PageSize level) =>
        ((address - Range.Start) >> (12 + (9 * (int)level))) * PamtEntry.Bytes;
}
