namespace TdxPamt.Tests.Support;

/// <summary>A committed file that a test compares with what comes out now.</summary>
internal static class Renewal
{
    /// <summary>Fails where a file is not what it should be, and says where its new content is: in a folder that nobody
    /// else writes to.</summary>
    internal static void ShouldBe(string file, string content)
    {
        string committed = Path.Combine(Repository.Root, file);
        if (File.ReadAllText(committed) == content)
            return;
        string renewed = Path.Combine(Directory.CreateTempSubdirectory().FullName, Path.GetFileName(file));
        File.WriteAllText(renewed, content);
        File.ReadAllText(committed).Should().Be(content, "if it is meant to change: cp {0} {1}", renewed, file);
    }
}
