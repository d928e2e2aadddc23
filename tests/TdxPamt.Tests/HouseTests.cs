using System.Text.RegularExpressions;

namespace TdxPamt.Tests;

/// <summary>The rooms of the house stand above one another, and look down only; docs/design.md draws it.</summary>
public partial class HouseTests
{
    /// <summary>Each room of each project, and the rooms of that project that it uses.</summary>
    /// <remarks>An edge that nobody uses is a failure too. A project that lists <c>.</c>, the files beside its folders,
    /// lists what uses them too; one of these files can be listed as a room of its own.</remarks>
    private static readonly Dictionary<string, Dictionary<string, string[]>> House = new(StringComparer.Ordinal)
    {
        ["TdxPamt"] = new(StringComparer.Ordinal)
        {
            ["Memory"] = [],
            ["Allocation"] = ["Memory"],
            ["Tdmr"] = ["Memory", "Allocation"],
            ["Module/Formats"] = ["Memory", "Tdmr"],
            ["Module/Machine"] = ["Memory"],
            ["Module/Checks"] = ["Memory", "Tdmr", "Module/Formats", "Module/Machine"],
            ["Module/Pamts"] = ["Memory", "Tdmr", "Module/Formats", "Module/Machine", "Module/Checks"],
            ["Module/Calls"] = ["Memory", "Tdmr", "Module/Formats", "Module/Machine", "Module/Checks", "Module/Pamts"],
            ["Module"] =
                ["Memory", "Tdmr", "Module/Formats", "Module/Machine", "Module/Checks", "Module/Pamts", "Module/Calls"],
            ["Simulation"] = ["Memory", "Allocation", "Tdmr"],
            ["Planning/Search"] = ["Memory", "Allocation", "Tdmr", "Module/Checks", "Planning"],
            ["Planning"] = ["Memory", "Tdmr", "Module/Formats", "Module/Checks", "Planning/Search"],
        },
        ["TdxPamt.Hosts"] = new(StringComparer.Ordinal)
        {
            ["."] = [],
            ["Logs"] = ["."],
            ["Checkup"] = ["."],
            ["Documents"] = [".", "Checkup"],
            ["Drawing"] = ["."],
            ["Report"] = [".", "Documents", "Drawing"],
            ["HostReader"] = [".", "Logs", "Documents"],
            ["Design"] = [".", "HostReader"],
            ["Commands"] = [".", "Checkup", "Documents", "HostReader"],
        },
        ["TdxPamt.Cli"] = new(StringComparer.Ordinal)
        {
            ["Text"] = [],
            ["Terminal"] = ["Text"],
            ["Help"] = ["Terminal"],
            ["Completion"] = ["Terminal", "Help"],
            ["Commands"] = ["Text", "Terminal", "Help"],
            ["."] = ["Terminal", "Help", "Completion", "Commands"],
        },
    };

    [Fact]
    public void a_room_uses_the_rooms_that_the_drawing_gives_it_and_no_others()
    {
        foreach ((string project, Dictionary<string, string[]> rooms) in House)
        {
            Dictionary<string, SortedSet<string>> uses = Uses(project);
            uses.Keys.Should().BeEquivalentTo(rooms.Keys, "these are the rooms of {0}", project);
            foreach ((string room, string[] expected) in rooms)
                uses[room].Should().BeEquivalentTo(expected, "that is what {0}/{1} uses", project, room);
        }
    }

    [Fact]
    public void a_type_has_one_name_in_its_project()
    {
        foreach (string project in House.Keys)
        {
            Sources(project).SelectMany(static file => TypesOf(file.Text).Select(name => (Name: name, file.Room)))
                .Distinct().GroupBy(static it => it.Name, StringComparer.Ordinal)
                .Where(static types => types.Count() > 1).Select(static types => types.Key).Should().BeEmpty();
        }
    }

    [Fact]
    public void the_library_knows_nothing_of_hosts_files_consoles_clocks_or_unseeded_chance()
    {
        string[] strangers =
        [
            "TdxPamt.Hosts", "TdxPamt.Cli", "Console.", "File.", "DateTime.", "Stopwatch", "Random.Shared",
            "new Random()",
        ];
        foreach ((string room, string file, string text) in Sources("TdxPamt"))
        {
            foreach (string stranger in strangers)
                text.Should().NotContain(stranger, "{0}/{1} is part of the model", room, file);
        }
    }

    [Fact]
    public void no_line_of_source_is_longer_than_120_characters() => Lines("src", "tests", "samples")
        .Where(static it => it.Line.Length > 120).Select(static it => it.Place).Should().BeEmpty();

    [Fact]
    public void no_doc_comment_ends_in_a_line_of_one_word_or_tag() => Lines("src", "tests", "samples")
        .Where(static it => LonelyEnd().IsMatch(it.Line))
        .Should().BeEmpty();

    /// <summary>Which rooms each room names a type of, relative names included.</summary>
    private static Dictionary<string, SortedSet<string>> Uses(string project)
    {
        (string Room, string File, string Text)[] sources = [.. Sources(project)];
        Dictionary<string, string> roomOf = new(StringComparer.Ordinal);
        foreach ((string room, _, string text) in sources)
        {
            foreach (string type in TypesOf(text))
                roomOf[type] = room;
        }

        Dictionary<string, SortedSet<string>> uses = new(StringComparer.Ordinal);
        foreach ((string room, _, string text) in sources)
        {
            if (!uses.TryGetValue(room, out SortedSet<string>? used))
                uses[room] = used = new(StringComparer.Ordinal);
            foreach (Match name in Name().Matches(text))
            {
                if (roomOf.TryGetValue(name.Value, out string? other) && other != room)
                    used.Add(other);
            }
        }

        if (!House[project].ContainsKey("."))
        {
            uses.Remove(".");
            foreach (SortedSet<string> used in uses.Values)
                used.Remove(".");
        }

        return uses;
    }

    private static IEnumerable<string> TypesOf(string text) =>
        Declaration().Matches(text).Select(static match => match.Groups["name"].Value);

    /// <summary>The sources of a project, each with its room, without comments and strings.</summary>
    private static IEnumerable<(string Room, string File, string Text)> Sources(string project)
    {
        string root = Path.Combine(Repository.Root, "src", project);
        foreach (string path in SourceFiles(root))
        {
            string room = Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace('\\', '/');
            string name = Path.GetFileNameWithoutExtension(path);
            if (room == "." && House[project].ContainsKey(name))
                room = name;
            yield return (room, Path.GetFileName(path), CommentOrString().Replace(File.ReadAllText(path), ""));
        }
    }

    /// <summary>The lines of all sources in folders of the repository, each with its file and number.</summary>
    private static IEnumerable<(string Place, string Line)> Lines(params string[] folders) => folders
        .SelectMany(static folder => SourceFiles(Path.Combine(Repository.Root, folder)))
        .SelectMany(static path => File.ReadLines(path).Select((line, index) =>
            ($"{Path.GetRelativePath(Repository.Root, path)}:{index + 1}", line)));

    /// <summary>What was written by hand, not built.</summary>
    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(path =>
            !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)
                .Any(static part => part is "bin" or "obj"));

    [GeneratedRegex(
        @"\b(class|record struct|record|struct|enum|interface) (?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();

    /// <summary>A name that begins an expression or a type: what stands behind a dot is a member.</summary>
    [GeneratedRegex(
        @"(?<![\w.]|\bnameof\()[A-Z]\w*"
        + @"|(?<=\b(TdxPamt|Module|Planning|Simulation|Search|Hosts|Drawing|Report)\.)[A-Z]\w*",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    /// <summary>A line of one word or none before a closing tag; both tags of remarks may stand alone.</summary>
    [GeneratedRegex(
        @"^ */// (?!<(summary|remarks|returns|param|typeparam|exception|para)\b|</remarks>)(<see [^>]*/>)?\S*"
        + "</(summary|remarks|returns|param|typeparam|exception|para)>$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex LonelyEnd();

    [GeneratedRegex("//[^\n]*|\"(\\\\.|[^\"\\\\\n])*\"", RegexOptions.ExplicitCapture)]
    private static partial Regex CommentOrString();
}
