using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Module;

/// <summary>The host's side of Dynamic PAMT: counts the private 4K pages of each 2M region, and keeps a pair of pages
/// in the module for as long as there are any.</summary>
/// <remarks>
/// <para>The first 4K page in a region makes the host add a pair, the last one removes it, as Linux does. A page mapped
/// at 2M or 1G needs no pair and is not counted.</para>
/// <para>What the module's memory or the page source throws reaches the caller. Where <see cref="TryAcquire"/> throws,
/// nothing is counted and no page is kept; where <see cref="TryRelease"/> does, the page still counts, unless it was
/// the
/// page source that threw as it took the pair back: then both its pages were handed to it.</para>
/// <para>Safe for many threads: when <see cref="TryAcquire"/> returns true, the pair is there.</para>
/// </remarks>
public sealed class DynamicPamtPairs
{
    private const int Stripes = 64;

    private readonly TdxModule _module;
    private readonly IPamtPageSource _pages;
    private readonly Dictionary<ulong, int>[] _counts = new Dictionary<ulong, int>[Stripes];
    private int _pairs;

    /// <summary>Starts without pairs.</summary>
    /// <param name="module">The module, with Dynamic PAMT on.</param>
    /// <param name="pages">Who hands out the pages.</param>
    /// <exception cref="ArgumentNullException">One is null.</exception>
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
    /// <returns>The number of <see cref="TryAcquire"/> that were not released.</returns>
    public int CountReferences(ulong address)
    {
        ulong region = RegionOf(address);
        Dictionary<ulong, int> counts = StripeOf(region);
        lock (counts)
            return counts.TryGetValue(region, out int count) ? count : 0;
    }

    /// <summary>Counts a private 4K page, before it is given to a TD; the region's first one adds the pair.</summary>
    /// <param name="address">Any address in the page, in bytes.</param>
    /// <param name="failure">Why there is no pair, or null. Nothing is then counted, and no page is kept.</param>
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

    /// <summary>Takes a private 4K page off the count, after it was taken back from its TD; the region's last one
    /// removes the pair.</summary>
    /// <param name="address">Any address in the page, in bytes.</param>
    /// <param name="failure">Why the pair could not be removed, or null. The page then still counts.</param>
    /// <returns>Whether the page was taken off the count.</returns>
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

            CompletionStatus status = _module.Call(ref registers);
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

    /// <summary>How many pairs the module has: <c>3 pairs of PAMT pages</c>.</summary>
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
            status = _module.Call(ref registers);
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

    /// <summary>Hands back what the module did not take. A page that it has already comes back when it gives it
    /// up.</summary>
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
            // Memory that cannot be read says nothing against the page source, whose page it is.
            return false;
        }
    }

    /// <summary>Hands a page back after a failure, which a failing <see cref="IPamtPageSource.Free"/> does not
    /// replace.</summary>
    private void FreeAfterFailure(ulong page)
    {
        try
        {
            _pages.Free(page);
        }
        catch (Exception)
        {
            // What failed first is what the caller is told.
        }
    }
}
