using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Module;

/// <summary>The host's side of Dynamic PAMT: a pair of pages in the module for each 2M region that has private 4K
/// pages (docs/model.md#dynamic-pamt).</summary>
/// <remarks>
/// <para>A region's first private 4K page adds the pair and its last one removes it, as in Linux. A page that is mapped
/// at 2M or 1G needs no pair and is not counted. A count takes memory here while it is above 0, and in the kernel
/// always: <see cref="DynamicPamtCost.ReferenceCountBytes"/>.</para>
/// <para>A page is counted before a call takes it. TDX_MISSING_PAMT_PAGE_PAIR from such a call says that the page was
/// not counted: count it, and repeat the call.</para>
/// <para>What the module's memory or the page source throws reaches the caller. When <see cref="TryAcquire"/> throws,
/// nothing is counted and no page is kept. When <see cref="TryRelease"/> throws, the page is still counted, unless the
/// page source threw while it freed the pair: both pages have then been passed to it.</para>
/// <para>While other processors hold entries that a call needs, it is repeated, 1000 times at most: TDX_OPERAND_BUSY
/// is a failure only where an entry stays locked.</para>
/// <para>Safe for many threads: when <see cref="TryAcquire"/> returns true, the module has the pair.</para>
/// </remarks>
public sealed class DynamicPamtPairs
{
    private const int Stripes = 64;
    private const int MaxTries = 1000;

    private readonly TdxModule _module;
    private readonly IPamtPageSource _pages;
    private readonly Dictionary<ulong, int>[] _counts = new Dictionary<ulong, int>[Stripes];
    private int _pairs;

    /// <summary>Starts without pairs.</summary>
    /// <param name="module">The module, with Dynamic PAMT on.</param>
    /// <param name="pages">Allocates the pages of pairs.</param>
    /// <exception cref="ArgumentNullException">The module or the page source is null.</exception>
    public DynamicPamtPairs(TdxModule module, IPamtPageSource pages)
    {
        _module = Preconditions.NotNull(module, nameof(module));
        _pages = Preconditions.NotNull(pages, nameof(pages));
        for (int i = 0; i < Stripes; i++)
            _counts[i] = [];
    }

    /// <summary>How many regions have a pair; each holds two pages.</summary>
    public int Pairs => Volatile.Read(ref _pairs);

    /// <summary>How many private 4K pages a region has.</summary>
    /// <param name="address">Any address in the 2M region, in bytes.</param>
    /// <returns>The number of calls of <see cref="TryAcquire"/> that were not released.</returns>
    public int CountReferences(ulong address)
    {
        ulong region = RegionOf(address);
        Dictionary<ulong, int> counts = StripeOf(region);
        lock (counts)
            return counts.TryGetValue(region, out int count) ? count : 0;
    }

    /// <summary>Counts a private 4K page before a TD gets it. The region's first one adds the pair.</summary>
    /// <param name="address">Any address in the page, in bytes.</param>
    /// <param name="failure">Null, or why there is no pair: nothing is then counted, and no page is kept.</param>
    /// <returns>Whether the region has its pair.</returns>
    public bool TryAcquire(ulong address, [NotNullWhen(false)] out DynamicPamtFailure? failure)
    {
        ulong region = RegionOf(address);
        Dictionary<ulong, int> counts = StripeOf(region);
        lock (counts)
        {
            bool exists = counts.TryGetValue(region, out int count);
            failure = exists ? null : AddPair(region);
            if (failure is null)
                counts[region] = count + 1;
            return failure is null;
        }
    }

    /// <summary>Uncounts a private 4K page after its TD gave it back. The region's last one removes the pair.</summary>
    /// <param name="address">Any address in the page, in bytes.</param>
    /// <param name="failure">Null, or why the pair could not be removed: the page is then still counted.</param>
    /// <returns>Whether the page is no longer counted.</returns>
    /// <exception cref="InvalidOperationException">The region has no private 4K pages.</exception>
    public bool TryRelease(ulong address, [NotNullWhen(false)] out DynamicPamtFailure? failure)
    {
        ulong region = RegionOf(address);
        Dictionary<ulong, int> counts = StripeOf(region);
        SeamcallRegisters registers = new() { Rax = (ulong)SeamcallLeaf.PhymemPamtRemove, Rcx = WithLevel(region) };
        lock (counts)
        {
            failure = null;
            if (!counts.TryGetValue(region, out int count))
                throw new InvalidOperationException($"2M region 0x{region:x} has no private 4K pages to release");
            if (count > 1)
            {
                counts[region] = count - 1;
                return true;
            }

            CompletionStatus status = CallUntilFree(ref registers);
            if (!status.IsSuccess)
            {
                failure = new(region, status);
                return false;
            }

            counts.Remove(region);
            Interlocked.Decrement(ref _pairs);
        }

        FreePair(registers.Rdx, registers.R8);
        return true;
    }

    /// <summary>The number of pairs: <c>3 pairs of PAMT pages</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Pairs} pairs of PAMT pages";

    private static ulong RegionOf(ulong address) => address & ~(PageSize.Page2M.Bytes() - 1);

    private static ulong WithLevel(ulong region) => region | (ulong)PageSize.Page2M;

    private Dictionary<ulong, int> StripeOf(ulong region) =>
        _counts[(int)(region / PageSize.Page2M.Bytes() % Stripes)];

    private DynamicPamtFailure? AddPair(ulong region)
    {
        if (!TryAllocatePair(out ulong page0, out ulong page1))
            return new(region, default);
        SeamcallRegisters registers = new()
        {
            Rax = (ulong)SeamcallLeaf.PhymemPamtAdd,
            Rcx = WithLevel(region),
            Rdx = page0,
            R8 = page1,
        };
        CompletionStatus status;
        try
        {
            status = CallUntilFree(ref registers);
        }
        catch (Exception)
        {
            FreeUnused(page0, page1);
            throw;
        }

        if (!status.IsSuccess)
        {
            FreeUnused(page0, page1);
            return new(region, status);
        }

        Interlocked.Increment(ref _pairs);
        return null;
    }

    /// <summary>Repeats a call while another processor holds an entry that it needs: no call waits, so none holds an
    /// entry for long.</summary>
    private CompletionStatus CallUntilFree(ref SeamcallRegisters registers)
    {
        SeamcallRegisters operands = registers;
        SpinWait wait = default;
        for (int tries = 1; ; tries++)
        {
            registers = operands;
            CompletionStatus status = _module.Call(ref registers);
            if (status.Code != CompletionCode.OperandBusy || tries == MaxTries)
                return status;
            wait.SpinOnce();
        }
    }

    private bool TryAllocatePair(out ulong page0, out ulong page1)
    {
        page1 = 0;
        if (!_pages.TryAllocate(out page0))
            return false;
        bool both = false;
        try
        {
            both = _pages.TryAllocate(out page1);
        }
        finally
        {
            if (!both)
                FreeAfterFailure(page0);
        }

        return both;
    }

    private void FreePair(ulong page0, ulong page1)
    {
        try
        {
            _pages.Free(page0);
        }
        catch (Exception)
        {
            FreeAfterFailure(page1);
            throw;
        }

        _pages.Free(page1);
    }

    /// <summary>Frees what the module did not take. A page that it already had is freed when the module gives
    /// it back.</summary>
    private void FreeUnused(ulong page0, ulong page1)
    {
        if (!IsInUse(page0))
            FreeAfterFailure(page0);
        if (page1 != page0 && !IsInUse(page1))
            FreeAfterFailure(page1);
    }

    private bool IsInUse(ulong page)
    {
        try
        {
            return _module.TryGetPage(page, out PamtPage found)
                && found.Type is not (PamtPageType.NotUsed or PamtPageType.Reserved);
        }
        catch (Exception)
        {
            // Memory that cannot be read does not show that the module has the page: it is freed.
            return false;
        }
    }

    /// <summary>Frees a page after a failure, which an exception of <see cref="IPamtPageSource.Free"/> does
    /// not replace.</summary>
    private void FreeAfterFailure(ulong page)
    {
        try
        {
            _pages.Free(page);
        }
        catch (Exception)
        {
            // The first failure is the one that is reported.
        }
    }
}
