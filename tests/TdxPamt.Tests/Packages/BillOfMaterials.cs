using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace TdxPamt.Tests.Packages;

/// <summary>What ships, as restored: our packages and every package whose code comes with them at run time.</summary>
internal sealed class BillOfMaterials
{
    private static readonly string[] Shipped = ["TdxPamt", "TdxPamt.Hosts", "TdxPamt.Cli"];

    /// <summary>Each package as <c>id/version</c>, and its licence as its author states it.</summary>
    internal SortedDictionary<string, (string License, string? Hash)> Components { get; } = new(StringComparer.Ordinal);

    private SortedDictionary<string, SortedSet<string>> Dependencies { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads it from what the restore wrote.</summary>
    internal static BillOfMaterials Read()
    {
        BillOfMaterials bill = new();
        foreach (string id in Shipped)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(AssetsOf(id)));
            bill.Add(id, document.RootElement);
        }

        return bill;
    }

    /// <summary>The packages of others whose code one of ours needs on a framework.</summary>
    internal static string[] NeededBy(string id, string framework)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(AssetsOf(id)));
        return
        [
            .. document.RootElement.GetProperty("targets").GetProperty(framework).EnumerateObject()
                .Where(static library => HasCode(library) && library.Value.GetProperty("type").ValueEquals("package"))
                .Select(static library => Split(library.Name).Name),
        ];
    }

    /// <summary>As CycloneDX 1.6; the same bytes for the same restore.</summary>
    internal string ToCycloneDx()
    {
        (_, string version) = Split(Components.Keys.First(static key => Split(key).Name == Shipped[0]));
        JsonObject bom = new()
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject { ["type"] = "library", ["name"] = "TdxPamt", ["version"] = version },
            },
            ["components"] = new JsonArray([.. Components.Select(pair => Component(pair.Key))]),
            ["dependencies"] = new JsonArray([.. Dependencies.Select(pair => new JsonObject
            {
                ["ref"] = Url(pair.Key),
                ["dependsOn"] = new JsonArray([.. pair.Value.Select(static key => (JsonNode)Url(key))]),
            })]),
        };
        JsonSerializerOptions indented = new() { WriteIndented = true, NewLine = "\n" };
        return bom.ToJsonString(indented) + "\n";
    }

    private static string AssetsOf(string id) =>
        Path.Combine(Repository.Root, "src", id, "obj", "project.assets.json");

    private void Add(string id, JsonElement assets)
    {
        string[] caches =
            [.. assets.GetProperty("packageFolders").EnumerateObject().Select(static folder => folder.Name)];
        string own = $"{id}/{assets.GetProperty("project").GetProperty("version").GetString()}";
        Components[own] = ("MIT", null);
        JsonElement groups = assets.GetProperty("projectFileDependencyGroups");
        foreach (JsonProperty target in assets.GetProperty("targets").EnumerateObject())
        {
            JsonProperty[] libraries = [.. target.Value.EnumerateObject().Where(HasCode)];
            Dictionary<string, string> keys = libraries.ToDictionary(
                static library => Split(library.Name).Name, static library => library.Name, StringComparer.Ordinal);
            if (groups.TryGetProperty(target.Name, out JsonElement direct))
                Depend(own, direct.EnumerateArray().Select(static item => item.GetString()!.Split(' ')[0]));
            foreach (JsonProperty library in libraries)
            {
                if (library.Value.GetProperty("type").ValueEquals("package"))
                    Components[library.Name] = Package(caches, library.Name);
                Depend(library.Name, library.Value.TryGetProperty("dependencies", out JsonElement given)
                    ? given.EnumerateObject().Select(static property => property.Name)
                    : []);
            }

            void Depend(string key, IEnumerable<string> names)
            {
                if (!Dependencies.TryGetValue(key, out SortedSet<string>? dependencies))
                    Dependencies[key] = dependencies = new(StringComparer.Ordinal);
                dependencies.UnionWith(names.Where(keys.ContainsKey).Select(name => keys[name]));
            }
        }
    }

    private static bool HasCode(JsonProperty library) =>
        library.Value.TryGetProperty("runtime", out JsonElement files)
        && files.EnumerateObject().Any(static file => file.Name.EndsWith(".dll", StringComparison.Ordinal));

    private static (string License, string? Hash) Package(string[] caches, string key)
    {
        (string name, string version) = Split(key);
        string id = name.ToLowerInvariant();
        string own = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string? folder = caches.Append(own).Select(cache => Path.Combine(cache, id, version))
            .FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(folder is null, $"{id} was restored by another user, whose packages are out of reach");
        XElement? license = XDocument.Load(Path.Combine(folder!, $"{id}.nuspec")).Descendants()
            .FirstOrDefault(static element => element.Name.LocalName == "license");
        string stated = license?.Attribute("type")?.Value == "expression" ? license.Value : "unstated";
        string hash = File.ReadAllText(Path.Combine(folder!, $"{id}.{version}.nupkg.sha512"));
        return (stated, Convert.ToHexStringLower(Convert.FromBase64String(hash)));
    }

    private JsonObject Component(string key)
    {
        (string name, string version) = Split(key);
        (string license, string? hash) = Components[key];
        JsonObject component = new()
        {
            ["type"] = "library",
            ["bom-ref"] = Url(key),
            ["name"] = name,
            ["version"] = version,
            ["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = license } }),
            ["purl"] = Url(key),
        };
        if (hash is not null)
            component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = hash });
        return component;
    }

    private static string Url(string key) => $"pkg:nuget/{key.Replace('/', '@')}";

    private static (string Name, string Version) Split(string library)
    {
        string[] parts = library.Split('/');
        return (parts[0], parts[1]);
    }
}
