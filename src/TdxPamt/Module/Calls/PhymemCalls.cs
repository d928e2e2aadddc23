namespace TdxPamt.Module;

/// <summary>Pages by their addresses: TDH.PHYMEM.PAGE.RDMD, RECLAIM, WBINVD, CACHE.WB, PAMT.ADD and
/// PAMT.REMOVE (docs/model.md#phymem-calls).</summary>
internal sealed class PhymemCalls(ModuleContext module)
{
    private const ulong LevelMask = 7;
    private const ulong PairFlag = 1UL << 63;
    private const ulong PairIsEmpty = 1UL << 62;

    private PamtDirectory Pamts => module.Pamts!;

    /// <summary>TDH.PHYMEM.PAGE.RDMD.</summary>
    internal CompletionStatus ReadMetadata(ref SeamcallRegisters registers)
    {
        ulong operand = registers.Rcx;
        ClearResults(ref registers);
        PageSize level = PageSize.Page4K;
        ulong address = operand;
        if (module.Release.HasDynamicPamt)
        {
            ulong wanted = operand & LevelMask;
            address = operand & ~LevelMask;
            if (wanted > (ulong)PageSize.Page1G || (wanted > 0 && !Pamts.IsDynamic))
                return ModuleContext.Invalid(SeamcallRegister.Rcx);
            level = (PageSize)wanted;
        }

        if (address % level.Bytes() != 0 || !module.Addresses.IsPlain(address))
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (Lock(address, level, exclusive: false, out PamtWalk walk) is { IsSuccess: false } refused)
            return refused;
        try
        {
            PamtEntry entry = walk.Entry;
            bool isBit = Pamts.IsDynamic && level == PageSize.Page4K && entry.Type == PamtPageType.NotUsed
                && Pamts.ReadBit(address);
            if (isBit)
            {
                registers.Rcx = (ulong)PamtPageType.Pamt;
                return default;
            }

            bool isPair = walk.Level == PageSize.Page2M && entry.Type == PamtPageType.Pamt;
            registers.Rcx = (ulong)entry.Type | (isPair ? PairFlag : 0);
            registers.Rdx = entry.Owner;
            registers.R8 = (ulong)walk.Level;
            registers.R9 = entry.Type is PamtPageType.Regular or PamtPageType.Ept ? entry.High : 0;
            if (isPair)
                (registers.R10, registers.R11) = (entry.Page0, entry.Page1);
            return default;
        }
        finally
        {
            walk.Release();
        }
    }

    /// <summary>TDH.PHYMEM.PAGE.RECLAIM.</summary>
    internal CompletionStatus Reclaim(ref SeamcallRegisters registers)
    {
        ulong address = registers.Rcx;
        ClearResults(ref registers);
        if (address % AddressRange.PageBytes != 0 || !module.Addresses.IsPlain(address))
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (Lock(address, PageSize.Page4K, exclusive: true, out PamtWalk walk) is { IsSuccess: false } refused)
            return refused;
        try
        {
            return Reclaim(walk, ref registers);
        }
        finally
        {
            walk.Release();
        }
    }

    /// <summary>TDH.PHYMEM.PAGE.WBINVD.</summary>
    internal CompletionStatus WriteBackPage(in SeamcallRegisters registers)
    {
        ulong address = module.Addresses.WithoutKeyId(registers.Rcx);
        if (address % AddressRange.PageBytes != 0 || address >= AddressRange.Limit)
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (Lock(address, PageSize.Page4K, exclusive: false, out PamtWalk walk) is { IsSuccess: false } refused)
            return refused;
        bool isFree = walk.Entry.Type == PamtPageType.NotUsed;
        walk.Release();
        return isFree ? default : Refused(CompletionCode.PageMetadataIncorrect);
    }

    /// <summary>TDH.PHYMEM.CACHE.WB: nothing interrupts it here, so there is nothing to resume.</summary>
    internal CompletionStatus WriteBackCaches(in SeamcallRegisters registers, int package)
    {
        if (registers.Rcx > 1)
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        TryLock packageLock = module.KeyIds.PackageLocks[package];
        if (!packageLock.TryExclusive())
            return new(CompletionCode.OperandBusy, (int)SeamcallRegister.WbCache);
        try
        {
            if (!module.KeyIds.Lock.TryShared())
                return new(CompletionCode.OperandBusy, (int)SeamcallRegister.Kot);
            try
            {
                if (registers.Rcx == 1)
                    return new(CompletionCode.WbcacheResumeError);
                return module.KeyIds.TryWriteBack(package) ? default : new(CompletionCode.NoHkidReadyToWbcache);
            }
            finally
            {
                module.KeyIds.Lock.ReleaseShared();
            }
        }
        finally
        {
            packageLock.ReleaseExclusive();
        }
    }

    /// <summary>TDH.PHYMEM.PAMT.ADD (docs/model.md#pamt-add).</summary>
    internal CompletionStatus PamtAdd(in SeamcallRegisters registers)
    {
        if (!Pamts.IsDynamic)
            return ModuleContext.Invalid(SeamcallRegister.Rax);
        if (!IsRegion(registers.Rcx))
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        ulong region = registers.Rcx & ~LevelMask;
        if (CheckPairPage(registers.Rdx, SeamcallRegister.Rdx) is { IsSuccess: false } refused0)
            return refused0;
        if (CheckPairPage(registers.R8, SeamcallRegister.R8) is { IsSuccess: false } refused1)
            return refused1;
        if (Lock(region, PageSize.Page2M, exclusive: true, out PamtWalk walk) is { IsSuccess: false } refused)
            return refused;
        try
        {
            if (walk.Level != PageSize.Page2M || walk.Entry.Type != PamtPageType.NotUsed)
                return Refused(CompletionCode.HpaRangeNotFree);
            return AddPair(walk, registers.Rdx, registers.R8);
        }
        finally
        {
            walk.Release();
        }
    }

    /// <summary>TDH.PHYMEM.PAMT.REMOVE (docs/model.md#pamt-remove).</summary>
    internal CompletionStatus PamtRemove(ref SeamcallRegisters registers)
    {
        if (!Pamts.IsDynamic)
            return ModuleContext.Invalid(SeamcallRegister.Rax);
        if (!IsRegion(registers.Rcx))
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        ulong region = registers.Rcx & ~LevelMask;
        if (Lock(region, PageSize.Page2M, exclusive: true, out PamtWalk walk) is { IsSuccess: false } refused)
            return refused;
        try
        {
            if (walk.Level != PageSize.Page2M || walk.Entry.Type != PamtPageType.Pamt)
                return Refused(CompletionCode.NoPamtPagePair);
            if (Pamts.FirstPageInUse(walk.Entry) is { } page)
                return new(CompletionCode.PamtPageNotEmpty, page);
            Pamts.RemovePair(walk);
            (registers.Rdx, registers.R8) = (walk.Entry.Page0, walk.Entry.Page1);
            return default;
        }
        finally
        {
            walk.Release();
        }
    }

    private static CompletionStatus Refused(CompletionCode code, SeamcallRegister operand = SeamcallRegister.Rcx) =>
        new(code, (int)operand);

    private CompletionStatus Lock(ulong address, PageSize level, bool exclusive, out PamtWalk walk) =>
        Pamts.Lock(address, level, exclusive, SeamcallRegister.Rcx, out walk);

    private static void ClearResults(ref SeamcallRegisters registers) =>
        (registers.Rcx, registers.Rdx, registers.R8, registers.R9, registers.R10, registers.R11) = (0, 0, 0, 0, 0, 0);

    private CompletionStatus Reclaim(in PamtWalk walk, ref SeamcallRegisters registers)
    {
        PamtEntry entry = walk.Entry;
        if (entry.Type is PamtPageType.NotUsed or PamtPageType.Reserved or PamtPageType.Pamt)
            return Refused(CompletionCode.PageMetadataIncorrect);
        registers.Rcx = (ulong)entry.Type;
        registers.Rdx = entry.Owner;
        registers.R8 = (ulong)walk.Level;
        if (walk.Address % walk.Level.Bytes() != 0)
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        return entry.Type == PamtPageType.Tdr
            ? ReclaimTdr(walk, ref registers)
            : ReclaimPage(walk, ref registers);
    }

    private CompletionStatus ReclaimTdr(in PamtWalk walk, ref SeamcallRegisters registers)
    {
        if (module.Tds.Find(walk.Address) is { } td)
        {
            if (td.Life != TdLife.Teardown)
                return new(CompletionCode.LifecycleStateIncorrect);
            if (td.Children != 0)
                return new(CompletionCode.TdAssociatedPagesExist);
        }

        Free(walk, ref registers);
        module.Tds.Remove(walk.Address);
        return default;
    }

    private CompletionStatus ReclaimPage(in PamtWalk walk, ref SeamcallRegisters registers)
    {
        ulong owner = walk.Entry.Owner;
        CompletionStatus locked = module.LockTd(owner, exclusive: false, SeamcallRegister.Tdr, out PamtWalk tdr);
        if (!locked.IsSuccess)
            return locked;
        try
        {
            Td? td = module.Tds.Find(owner);
            if (td is not null && td.Life != TdLife.Teardown)
                return new(CompletionCode.LifecycleStateIncorrect);
            Free(walk, ref registers);
            td?.CountChildren(-(long)(walk.Level.Bytes() / AddressRange.PageBytes));
            return default;
        }
        finally
        {
            tdr.Release();
        }
    }

    private void Free(in PamtWalk walk, ref SeamcallRegisters registers)
    {
        if (Pamts.Free(walk) && module.Release.HasDynamicPamt)
            registers.R9 = PairIsEmpty;
    }

    private bool IsRegion(ulong regionAndLevel) =>
        (regionAndLevel & LevelMask) == (ulong)PageSize.Page2M
        && (regionAndLevel & ~LevelMask) % PageSize.Page2M.Bytes() == 0
        && module.Addresses.IsPlain(regionAndLevel);

    private CompletionStatus CheckPairPage(ulong page, SeamcallRegister operand)
    {
        if (page % AddressRange.PageBytes != 0 || !module.Addresses.IsPlain(page))
            return ModuleContext.Invalid(operand);
        return Pamts.FindInitialized(page) is null ? Refused(CompletionCode.OperandAddrRangeError, operand) : default;
    }

    /// <summary>Both pages must be free by their entries, which stay locked, then by their bits.</summary>
    private CompletionStatus AddPair(in PamtWalk region, ulong page0, ulong page1)
    {
        CompletionStatus status = LockPairPage(region, page0, SeamcallRegister.Rdx, out PamtWalk walk0);
        if (!status.IsSuccess)
            return status;
        try
        {
            status = LockPairPage(region, page1, SeamcallRegister.R8, out PamtWalk walk1);
            if (!status.IsSuccess)
                return status;
            try
            {
                return Pamts.AddPair(region, page0, page1) is { } used
                    ? Refused(CompletionCode.PageNotFree, used == 0 ? SeamcallRegister.Rdx : SeamcallRegister.R8)
                    : default;
            }
            finally
            {
                walk1.Release();
            }
        }
        finally
        {
            walk0.Release();
        }
    }

    /// <summary>Checks and locks a page of a pair. One in the region itself is free, as the region's
    /// 2M entry is.</summary>
    private CompletionStatus LockPairPage(in PamtWalk region, ulong page, SeamcallRegister operand, out PamtWalk walk)
    {
        walk = default;
        if (page / PageSize.Page2M.Bytes() == region.Address / PageSize.Page2M.Bytes())
            return default;
        walk = new(Pamts, Pamts.Find(page)!, page, exclusive: false);
        if (!walk.TryGo(PageSize.Page4K))
            return Refused(CompletionCode.OperandBusy, operand);
        if (walk.Entry.Type == PamtPageType.NotUsed)
            return default;
        walk.Release();
        return Refused(CompletionCode.PageNotFree, operand);
    }
}
