using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Module;

public class GoldenSysConfigTests
{
    [Fact]
    public void every_set_of_tdmrs_gets_the_status_of_the_real_module()
    {
        List<string> wrong = [];
        int count = 0;
        int dynamic = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", "sys-config.ndjson")))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            byte[] plan = System.Text.Encoding.UTF8.GetBytes(row.RootElement.GetProperty("set").GetRawText());
            TdmrSet set = PlanDocument.Parse(plan, "golden");
            string expected = row.RootElement.GetProperty("completion").GetString()!;
            string actual = $"0x{set.Check().Status.Value:x}";
            if (actual != expected)
                wrong.Add($"{set.Name}: {actual}, not {expected}");
            count++;
            dynamic += set.Module.DynamicPamt ? 1 : 0;
        }

        wrong.Should().BeEmpty();
        (count, dynamic).Should().Be((990, 307));
    }
}
