using System.Text.RegularExpressions;

namespace TdxPamt.Tests;

/// <summary>The rooms of the library stand above one another, and look down only.</summary>
public partial class HouseTests
{
    /// <summary>Each room, and the rooms it may use: those above it, but Module has no use for Allocation.</summary>
    private static readonly Dictionary<string, string[]> Rooms = new(StringComparer.Ordinal)
    {
        ["Memory"] = [],
        ["Allocation"] = ["Memory"],
        ["Tdmr"] = ["Memory", "Allocation"],
        ["Module"] = ["Memory", "Tdmr"],
        ["Simulation"] = ["Memory", "Allocation", "Tdmr", "Module"],
        ["Planning"] = ["Memory", "Allocation", "Tdmr", "Module", "Simulation"],
    };

    [Fact]
    public void a_room_uses_only_the_rooms_above_it()
    {
        List<string> trespasses = [];
        foreach ((string room, string file, string text) in Sources())
        {
            foreach (Match match in RoomName().Matches(text))
            {
                string used = match.Value;
                if (used != room && Rooms.ContainsKey(used) && !Rooms[room].Contains(used, StringComparer.Ordinal))
                    trespasses.Add($"{room}/{file} uses {used}");
            }
        }

        trespasses.Should().BeEmpty();
    }

    [Fact]
    public void every_file_stands_in_a_known_room_and_says_so_in_its_namespace()
    {
        int files = 0;
        foreach ((string room, string file, string text) in Sources())
        {
            Rooms.Should().ContainKey(room, "{0} stands there", file);
            text.Should().Contain($"namespace TdxPamt.{room};", "{0}/{1} is in that room", room, file);
            files++;
        }

        files.Should().BeGreaterThan(20);
    }

    [Fact]
    public void the_library_knows_nothing_of_hosts_files_consoles_clocks_or_unseeded_chance()
    {
        string[] strangers =
            ["TdxPamt.Hosts", "TdxPamt.Cli", "Console.", "File.", "DateTime.", "Stopwatch", "Random.Shared", "new Random()"];
        foreach ((string room, string file, string text) in Sources())
        {
            foreach (string stranger in strangers)
                text.Should().NotContain(stranger, "{0}/{1} is part of the model", room, file);
        }
    }

    [Fact]
    public void no_line_of_source_is_longer_than_120_characters() => SourceFiles(Path.Combine(Repository.Root, "src"))
        .SelectMany(static path => File.ReadLines(path).Where(static line => line.Length > 120).Select(line => (path, line)))
        .Should().BeEmpty();

    private static IEnumerable<(string Room, string File, string Text)> Sources()
    {
        string library = Path.Combine(Repository.Root, "src", "TdxPamt");
        foreach (string path in SourceFiles(library))
        {
            string[] parts = Path.GetRelativePath(library, path).Split(Path.DirectorySeparatorChar);
            if (parts.Length > 1)
                yield return (parts[0], Path.Combine(parts[1..]), File.ReadAllText(path));
        }
    }

    /// <summary>What was written by hand, not built.</summary>
    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(path =>
            !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"));

    [GeneratedRegex(@"(?<=\bTdxPamt\.)[A-Z]\w*", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex RoomName();
}
