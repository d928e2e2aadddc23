using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>What the TDX module answers to a file of one plan, or of several one after another, as <c>plan</c> prints
/// those of several hosts.</summary>
internal sealed class CheckedFile
{
    private readonly List<(CheckedSet Set, HostFormatException? Refusal)> _answers = [];

    private CheckedFile()
    {
    }

    internal int ExitCode => _answers.Max(static answer =>
        answer.Refusal is not null ? Terminal.Refused
        : answer.Set.Works ? Terminal.Done
        : Terminal.Negative);

    internal static CheckedFile Create(CheckedSet set) => new() { _answers = { (set, null) } };

    /// <summary>Checks the plans of a file.</summary>
    /// <exception cref="HostFormatException">There is only one document, and it is no plan.</exception>
    internal static CheckedFile Create(ReadOnlySpan<byte> text, string fileName, Func<TdmrSet, TdmrSet> change)
    {
        CheckedFile file = new();
        List<Range> documents = Documents(text);
        if (documents.Count < 2)
            return Create(CheckedSet.Create(PlanDocument.Parse(text, fileName), change));
        foreach (Range document in documents)
        {
            try
            {
                file._answers.Add((CheckedSet.Create(PlanDocument.Parse(text[document], fileName), change), null));
            }
            catch (HostFormatException refusal)
            {
                long line = 1 + text[..document.Start].Count((byte)'\n');
                file._answers.Add((default, new(fileName, line, refusal.Property, refusal.Reason, refusal)));
            }
        }

        return file;
    }

    internal void WriteJson(AnswerBuffer answers)
    {
        foreach ((CheckedSet set, HostFormatException? refusal) in _answers)
        {
            if (refusal is null)
                CheckStream.WriteJson(set, answers);
            else
                InvalidDocument.Write(refusal, answers);
        }
    }

    internal Page ToPage()
    {
        Page page = new();
        foreach ((CheckedSet set, HostFormatException? refusal) in _answers)
        {
            if (refusal is not null)
                page.Add(refusal.Message, Outcome.Bad);
            else if (set.Failure is { } failure)
                page.Add($"{set.Name}: failed, {failure}", Outcome.Bad);
            else
                VerdictText.Append(page, set.Name, set.Verdict);
        }

        return page;
    }

    internal void CountIn(Tally tally)
    {
        foreach ((CheckedSet set, HostFormatException? refusal) in _answers)
        {
            if (refusal is null)
                tally.Report(set.Verdict);
        }
    }

    /// <summary>Where each JSON document of a text is; what follows them and is no JSON counts as one.</summary>
    private static List<Range> Documents(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> json = JsonInput.SkipByteOrderMark(text);
        int skipped = text.Length - json.Length;
        Utf8JsonReader reader = new(json, new JsonReaderOptions { AllowMultipleValues = true });
        List<Range> documents = [];
        int start = skipped;
        try
        {
            while (reader.Read())
            {
                start = skipped + (int)reader.TokenStartIndex;
                reader.Skip();
                documents.Add(start..(skipped + (int)reader.BytesConsumed));
            }
        }
        catch (JsonException)
        {
            documents.Add((documents.Count == 0 ? skipped : documents[^1].End.Value)..text.Length);
        }

        return documents;
    }
}
