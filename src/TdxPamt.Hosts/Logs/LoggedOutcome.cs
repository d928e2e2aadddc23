using System.Text;

namespace TdxPamt.Hosts;

/// <summary>The lines in which a kernel prints the outcome of its TDX start.</summary>
internal static class LoggedOutcome
{
    /// <summary>Reads such a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="outcome">The outcome so far, and then with what the line says.</param>
    /// <param name="readable">False where it is such a line but cannot be read.</param>
    /// <returns>Whether it is such a line.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> line, ref ReportedOutcome? outcome, out bool readable)
    {
        readable = true;
        if (TryReadFigure(line, out ulong? pamtKiB))
        {
            readable = pamtKiB is not null;
            outcome = new() { PamtKiB = pamtKiB };
            return true;
        }

        if (TryFindOfTdx(line, "initialization failed:"u8, out LogText text))
        {
            ReadOnlySpan<byte> sentence = LogText.Trim(text.Rest);
            if (sentence.Length > 0 && sentence[^1] == '.')
                sentence = sentence[..^1];
            readable = !sentence.IsEmpty;
            outcome = new() { Error = Encoding.UTF8.GetString(sentence) };
            return true;
        }

        if (!TryFindOfTdx(line, "module initialization failed ("u8, out text))
            return false;
        readable = text.TrySkip("-"u8) & text.TryInt(out int number) & text.TrySkip(")"u8);
        outcome = outcome is { Error: not null, ErrnoValue: null }
            ? outcome with { ErrnoValue = number }
            : ReportedOutcome.OfNumber(number);
        return true;
    }

    private static bool TryReadFigure(ReadOnlySpan<byte> line, out ulong? pamtKiB)
    {
        pamtKiB = null;
        int place = line.IndexOf(" allocated for PAMT"u8);
        if (place < 0)
            return false;
        ReadOnlySpan<byte> unit = LogText.LastWord(line[..place], out ReadOnlySpan<byte> before);
        ulong kiB = unit.SequenceEqual("pages"u8) ? 4UL : 1;
        if (kiB == 1 && !unit.SequenceEqual("KB"u8) && !unit.SequenceEqual("KBs"u8))
            return false;
        LogText number = new(LogText.LastWord(before, out _));
        if (number.TryDecimal(out ulong amount) && number.Rest.IsEmpty && amount <= ulong.MaxValue / kiB)
            pamtKiB = amount * kiB;
        return true;
    }

    /// <summary>Other drivers fail to initialise too: what names its driver must name TDX.</summary>
    private static bool TryFindOfTdx(ReadOnlySpan<byte> line, ReadOnlySpan<byte> words, out LogText after)
    {
        if (!LogText.TryFind(line, words, out after))
            return false;
        int place = line.Length - after.Rest.Length - words.Length;
        ReadOnlySpan<byte> driver = LogText.LastWord(line[..place], out ReadOnlySpan<byte> before);
        if (driver.SequenceEqual("module"u8))
            driver = LogText.LastWord(before, out _);
        return driver.IsEmpty || driver[^1] == '>' || IsTimeStamp(driver) || driver.EndsWith("tdx:"u8)
            || driver.SequenceEqual("kernel:"u8);
    }

    /// <summary>The last word of a time stamp: <c>[10.774047]</c>, <c>2023]</c>, <c>[T0]</c>.</summary>
    private static bool IsTimeStamp(ReadOnlySpan<byte> word)
    {
        foreach (byte character in word)
        {
            if ("0123456789.+TC[]"u8.IndexOf(character) < 0)
                return false;
        }

        return word[^1] == ']';
    }
}
