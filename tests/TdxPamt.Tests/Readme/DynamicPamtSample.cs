using TdxPamt.Module;

namespace TdxPamt.Tests.Readme;

/// <summary>The example of Dynamic PAMT's host side, line by line.</summary>
internal static class DynamicPamtSample
{
    internal static class PageOfTd
    {
        /// <summary>Takes a page for a TD on a host with Dynamic PAMT.</summary>
        /// <returns>Why not: no pages for a pair, or the module's status; null where it is taken.</returns>
        public static string? Take(TdxModule module, DynamicPamtPairs pairs, ulong page, ulong tdr)
        {
            if (!pairs.TryAcquire(page, out DynamicPamtFailure? failure))
                return failure.ToString();
            CompletionStatus status = module.TakePage(page, PageSize.Page4K, PamtPageType.Regular, tdr);
            if (status.IsSuccess)
                return null;
            return pairs.TryRelease(page, out failure) ? status.ToString() : failure.ToString();
        }
    }
}
