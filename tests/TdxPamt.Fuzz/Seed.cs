namespace TdxPamt.Fuzz;

/// <summary>An input that was kept, as text: what was wrong, the target, the bytes in base64.</summary>
internal sealed record Seed(string Target, byte[] Input)
{
    /// <summary>What once failed; it is tried again by every campaign.</summary>
    internal static IEnumerable<Seed> Kept()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Seeds");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.txt") : [];
        return files.Order(StringComparer.Ordinal).Select(Read);
    }

    internal static Seed Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        return new(lines[1], Convert.FromBase64String(lines[2]));
    }

    internal static void Write(string file, string target, string what, byte[] input) =>
        File.WriteAllLines(file, ["# " + what, target, Convert.ToBase64String(input)]);
}
