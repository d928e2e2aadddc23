using TdxPamt.Cli;

namespace TdxPamt.Tests.Cli;

/// <summary>A page as a file has it.</summary>
internal static class PlainText
{
    internal static string Of(Page page)
    {
        using StringWriter text = new();
        page.WritePlainText(text);
        return text.ToString();
    }
}
