namespace TdxPamt.Web;

/// <summary>The entry that a program must have: the page calls what <see cref="Page"/> exports instead.</summary>
internal static class Program
{
    private static void Main()
    {
    }
}
