using TdxPamt.Module;

namespace TdxPamt.Tests.Readme;

/// <summary>The example of Dynamic PAMT's host side, line by line.</summary>
internal static class DynamicPamtSample
{
    internal static string Take(TdxModule module, DynamicPamtPairs pairs, ulong page, ulong tdr)
    {
        if (!pairs.TryAcquire(page, out DynamicPamtFailure? failure))
            return failure.ToString(); // no pages left, or the module's status
        CompletionStatus status = module.TakePage(page, PageSize.Page4K, PamtPageType.Regular, tdr);
        if (!status.IsSuccess)
            pairs.TryRelease(page, out _);
        return status.Name;
    }
}
