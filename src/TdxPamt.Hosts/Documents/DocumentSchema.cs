using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Hosts;

/// <summary>JSON Schemas (2020-12) of the documents that are read and written.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class DocumentSchema
{
    private const string NoDefinitions = "\"$defs\": {}";

    /// <summary>The documents that have a schema: host, plan, comparison, simulation, cost, doctor
    /// and summary.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["host", "plan", "comparison", "simulation", "cost", "doctor", "summary"];

    /// <summary>Gives the schema of a document.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="schema">The schema, self-contained, with a line end after it; null where there is none.</param>
    /// <returns>Whether there is a document of that name.</returns>
    public static bool TryRead(string? name, [NotNullWhen(true)] out string? schema)
    {
        schema = name is not null && Names.Contains(name, StringComparer.Ordinal)
            ? ReadResource(name).Replace(
                NoDefinitions, $"\"$defs\": {ReadResource("definitions").TrimEnd()}", StringComparison.Ordinal)
            : null;
        return schema is not null;
    }

    private static string ReadResource(string name)
    {
        using Stream resource = typeof(DocumentSchema).Assembly.GetManifestResourceStream($"Schemas/{name}")!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
