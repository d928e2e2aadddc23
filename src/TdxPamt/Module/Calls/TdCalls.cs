namespace TdxPamt.Module;

/// <summary>A TD's life as far as pages and key ids need it: TDH.MNG.CREATE, ADDCX, KEY.CONFIG, VPFLUSHDONE,
/// KEY.FREEID (docs/model.md#key-ids), and pages handed to it.</summary>
internal sealed class TdCalls(ModuleContext module)
{
    private const ulong KeyIdMask = 0xFFFF;
    private const int MaxControlPages = 9;

    /// <summary>TDH.MNG.CREATE.</summary>
    internal CompletionStatus Create(in SeamcallRegisters registers)
    {
        ulong keyId = registers.Rdx;
        if ((keyId & ~KeyIdMask) != 0 || !module.KeyIds.IsPrivate(keyId))
            return ModuleContext.Invalid(SeamcallRegister.Rdx);
        CompletionStatus status = module.Pamts!.Take(
            registers.Rcx, PageSize.Page4K, SeamcallRegister.Rcx, module.Addresses, out PamtWalk page);
        if (!status.IsSuccess)
            return status;
        try
        {
            if (!module.KeyIds.Lock.TryExclusive())
                return new(CompletionCode.OperandBusy, (int)SeamcallRegister.Kot);
            try
            {
                if (!module.KeyIds.IsFree(keyId))
                    return new(CompletionCode.HkidNotFree);
                module.Pamts.Assign(page, PamtPageType.Tdr, owner: 0);
                module.KeyIds.Assign(keyId);
                module.Tds.Add(registers.Rcx, new Td(keyId));
                return default;
            }
            finally
            {
                module.KeyIds.Lock.ReleaseExclusive();
            }
        }
        finally
        {
            page.Release();
        }
    }

    /// <summary>TDH.MNG.ADDCX.</summary>
    internal CompletionStatus AddControlPage(in SeamcallRegisters registers)
    {
        (ulong page, ulong tdr) = (registers.Rcx, registers.Rdx);
        return WithTd(tdr, SeamcallRegister.Rdx, td =>
        {
            if (td.Life != TdLife.KeysConfigured)
                return new(CompletionCode.TdKeysNotConfigured);
            if (td.ControlPages == MaxControlPages)
                return new(CompletionCode.TdcxNumIncorrect);
            CompletionStatus status = HandOver(page, PageSize.Page4K, PamtPageType.Tdcx, tdr, SeamcallRegister.Rcx);
            if (status.IsSuccess)
                td.ControlPages++;
            return status;
        });
    }

    /// <summary>TDH.MNG.KEY.CONFIG.</summary>
    internal CompletionStatus KeyConfig(in SeamcallRegisters registers, int package) =>
        WithTd(registers.Rcx, SeamcallRegister.Rcx, td =>
        {
            if (td.Life != TdLife.KeyIdAssigned)
                return new(CompletionCode.LifecycleStateIncorrect);
            if ((td.KeyedPackages & (1 << package)) != 0)
                return new(CompletionCode.KeyConfigured);
            td.KeyedPackages |= 1 << package;
            if (td.KeyedPackages == (1 << module.Keyed.Length) - 1)
                td.Life = TdLife.KeysConfigured;
            return default;
        });

    /// <summary>TDH.MNG.VPFLUSHDONE.</summary>
    internal CompletionStatus FlushDone(in SeamcallRegisters registers) =>
        EndKeyId(registers.Rcx, static (module, td) =>
        {
            // A TDR page that TakePage made has no key id.
            if (td.Life is TdLife.Blocked or TdLife.Teardown || !module.KeyIds.IsPrivate(td.KeyId))
                return new(CompletionCode.LifecycleStateIncorrect);
            module.KeyIds.Flush(td.KeyId);
            td.Life = TdLife.Blocked;
            return default;
        });

    /// <summary>TDH.MNG.KEY.FREEID.</summary>
    internal CompletionStatus FreeKeyId(in SeamcallRegisters registers) =>
        EndKeyId(registers.Rcx, static (module, td) =>
        {
            if (td.Life != TdLife.Blocked)
                return new(CompletionCode.LifecycleStateIncorrect);
            if (!module.KeyIds.IsWrittenBack(td.KeyId))
                return new(CompletionCode.WbcacheNotComplete);
            module.KeyIds.Free(td.KeyId);
            td.Life = TdLife.Teardown;
            return default;
        });

    /// <summary>Checks a page and gives it to a TD.</summary>
    internal CompletionStatus HandOver(
        ulong address, PageSize level, PamtPageType type, ulong owner, SeamcallRegister operand)
    {
        CompletionStatus status = module.Pamts!.Take(address, level, operand, module.Addresses, out PamtWalk page);
        if (!status.IsSuccess)
            return status;
        try
        {
            module.Pamts.Assign(page, type, owner);
            module.Tds.Find(owner)?.CountChildren((long)(level.Bytes() / AddressRange.PageBytes));
            return default;
        }
        finally
        {
            page.Release();
        }
    }

    /// <summary>Changes a TD and the table of key ids, under the exclusive locks of both.</summary>
    private CompletionStatus EndKeyId(ulong tdrAddress, Func<ModuleContext, Td, CompletionStatus> end) =>
        WithTd(tdrAddress, SeamcallRegister.Rcx, td =>
        {
            if (!module.KeyIds.Lock.TryExclusive())
                return new(CompletionCode.OperandBusy, (int)SeamcallRegister.Kot);
            try
            {
                return end(module, td);
            }
            finally
            {
                module.KeyIds.Lock.ReleaseExclusive();
            }
        });

    /// <summary>Changes a TD under the exclusive lock of its TDR page.</summary>
    private CompletionStatus WithTd(ulong tdrAddress, SeamcallRegister operand, Func<Td, CompletionStatus> change)
    {
        CompletionStatus status = module.LockTd(tdrAddress, exclusive: true, operand, out PamtWalk tdr);
        if (!status.IsSuccess)
            return status;
        try
        {
            return change(module.Tds.Find(tdrAddress) ?? new Td(0));
        }
        finally
        {
            tdr.Release();
        }
    }
}
