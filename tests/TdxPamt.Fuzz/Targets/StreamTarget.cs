using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Fuzz.Targets;

/// <summary>Streams of host documents and of plans, one per line.</summary>
internal sealed class StreamTarget(Target documents, Target plans) : Target
{
    private delegate StreamSummary Runner(Stream input, Stream output);

    internal override string Name => "stream";

    internal override byte[] Make(Chance chance)
    {
        List<byte> lines = [];
        for (int count = chance.From(0, 3); count > 0; count--)
        {
            lines.AddRange((chance.OneIn(2) ? documents : plans).Make(chance));
            if (count > 1 || chance.OneIn(2))
                lines.AddRange(chance.OneIn(10) ? "\r\n"u8 : "\n"u8);
        }

        return [.. lines];
    }

    internal override void Try(byte[] input)
    {
        Chance chance = ChanceOf(input);
        int portion = chance.Of(1, 50, 1000, 100_000);
        KernelModel? kernel = chance.Of<KernelModel?>([null, .. KernelModel.All]);
        Check(input, portion, (lines, answers) => PlanStream.Run(lines, answers, Law.File, kernel));
        Check(input, portion, static (lines, answers) => CheckStream.Run(lines, answers, Law.File));
        Check(input, portion, static (lines, answers) => CostStream.Run(lines, answers, Law.File));
    }

    private static void Check(byte[] input, int portion, Runner run)
    {
        using TrickleStream lines = new(input, portion);
        using MemoryStream answers = new();
        StreamSummary summary = run(lines, answers);
        int expected = input.AsSpan().Count((byte)'\n') + (input.Length > 0 && input[^1] != '\n' ? 1 : 0);
        Law.Holds(summary.Lines == expected, "every line is counted");
        ReadOnlyMemory<byte> text = answers.GetBuffer().AsMemory(0, (int)answers.Length);
        int invalid = 0;
        bool isAfterBlank = false;
        int number = 0;
        foreach (Range range in Lines(input))
        {
            number++;
            bool isBlank = input.AsSpan(range).Trim(" \t\r"u8).IsEmpty;
            if (isBlank && isAfterBlank)
            {
                invalid++;
                continue;
            }

            isAfterBlank = isBlank;
            int end = text.Span.IndexOf((byte)'\n');
            Law.Holds(end >= 0, "every line but a second blank one is answered by a line");
            JsonElement answer = Law.IsJsonLine(text[..end]);
            string status = answer.TryGetProperty("status", out JsonElement value) ? value.GetString()! : "";
            if (status == "invalid")
            {
                invalid++;
                Law.Holds(answer.GetProperty("line").GetInt64() == number, "an invalid line is named by its number");
            }

            text = text[(end + 1)..];
        }

        Law.Holds(text.IsEmpty && invalid == summary.Invalid, "there is one answer a line, and the count is right");
    }

    private static IEnumerable<Range> Lines(byte[] text)
    {
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = Array.IndexOf(text, (byte)'\n', start) is >= 0 and var found ? found : text.Length;
            yield return start..end;
        }
    }
}
