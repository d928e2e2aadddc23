using System.Text;
using System.Text.Json.Nodes;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Tdmr;

public class GoldenPlanTests
{
    [Fact]
    public void every_plan_is_what_linux_itself_answers()
    {
        List<string> wrong = [];
        int count = 0;
        foreach (string line in File.ReadLines(
            Path.Combine(AppContext.BaseDirectory, "golden", "kernel-7.3.ndjson")))
        {
            JsonNode row = JsonNode.Parse(line)!;
            HostDescription host = HostDocument.Parse(
                Encoding.UTF8.GetBytes(row["host"]!.ToJsonString()), "golden", ++count);
            JsonNode plan = JsonNode.Parse(Texts.Json(HostPlan.Create(host)))!;
            foreach (JsonNode? tdmr in plan["tdmrs"]?.AsArray() ?? [])
            {
                foreach (JsonNode? area in tdmr!["reservedAreas"]!.AsArray())
                    area!.AsObject().Remove("source");
            }

            if (!Holds(row["answer"]!, plan))
                wrong.Add(host.Name);
        }

        wrong.Should().BeEmpty();
        count.Should().Be(720);
    }

    /// <summary>Whether a plan has every property of the answer, with the same value.</summary>
    private static bool Holds(JsonNode answer, JsonNode? plan) => (answer, plan) switch
    {
        (JsonObject wanted, JsonObject actual) =>
            wanted.All(property => property.Value is { } value && Holds(value, actual[property.Key])),
        (JsonArray wanted, JsonArray actual) =>
            wanted.Count == actual.Count && wanted.Zip(actual).All(static pair => Holds(pair.First!, pair.Second)),
        _ => JsonNode.DeepEquals(answer, plan),
    };
}
