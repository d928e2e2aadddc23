using System.Text;
using TdxPamt.Module;

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

        return TryReadStop(line, ref outcome) || TryReadFailure(line, ref outcome, ref readable)
            || TryReadConvertible(line, ref outcome) || TryReadSeamcall(line, ref outcome, ref readable)
            || TryReadSuccess(line, ref outcome);
    }

    private static bool TryReadFigure(ReadOnlySpan<byte> line, out ulong? pamtKiB)
    {
        pamtKiB = null;
        int place = line.IndexOf("allocated for PAMT"u8);
        if (place < 0)
            return false;
        ReadOnlySpan<byte> unit = LogText.LastWord(line[..place], out ReadOnlySpan<byte> before);
        ulong kiB = unit.SequenceEqual("pages"u8) ? 4UL : 1;
        if (kiB == 1 && !unit.SequenceEqual("KB"u8) && !unit.SequenceEqual("KBs"u8))
            return false;
        ReadOnlySpan<byte> word = LogText.LastWord(before, out _);
        int digits = word.Length;
        while (digits > 0 && LogText.IsDigit(word[digits - 1]))
            digits--;
        LogText number = new(word[digits..]);
        if (number.TryDecimal(out ulong amount) && number.Rest.IsEmpty && amount <= ulong.MaxValue / kiB)
            pamtKiB = amount * kiB;
        return true;
    }

    private static bool TryReadFailure(ReadOnlySpan<byte> line, ref ReportedOutcome? outcome, ref bool readable)
    {
        ReadOnlySpan<byte> words = "initialization failed"u8;
        int place = line.IndexOf(words);
        if (place < 0 || !IsOfTdx(line[..place]))
            return false;
        LogText text = new(line[(place + words.Length)..]);
        if (text.TrySkip(":"u8))
        {
            ReadOnlySpan<byte> sentence = Sentence(text.Rest);
            readable = !sentence.IsEmpty;
            outcome = new() { Error = PrintableText.Create(Encoding.UTF8.GetString(sentence)) };
            return true;
        }

        if (!text.TrySkip("("u8))
            return false;
        readable = text.TrySkip("-"u8) & text.TryInt(out int number) & text.TrySkip(")"u8);
        outcome = outcome is { Error: not null, ErrnoValue: null }
            ? outcome with { ErrnoValue = number }
            : ReportedOutcome.OfNumber(number);
        return true;
    }

    /// <summary>The sentence of a failure without what follows it.</summary>
    private static ReadOnlySpan<byte> Sentence(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> sentence = LogText.Trim(text);
        ReadOnlySpan<byte> last = "exhausted"u8;
        int end = sentence.IndexOf(last);
        if (end >= 0)
            return sentence[..(end + last.Length)];
        while (sentence.Length > 0 && sentence[^1] is (byte)'.' or (byte)'"' or (byte)',' or (byte)'\'' or (byte)'`')
            sentence = sentence[..^1];
        return sentence;
    }

    private static bool TryReadConvertible(ReadOnlySpan<byte> line, ref ReportedOutcome? outcome)
    {
        int place = line.IndexOf("is not fully convertible memory"u8);
        if (place < 0)
            place = line.IndexOf("is not TDX convertible memory"u8);
        if (place < 0)
            return false;
        ReadOnlySpan<byte> last = "convertible memory"u8;
        int end = place + line[place..].IndexOf(last) + last.Length;
        int start = Math.Max(0, line[..end].IndexOf("[0x"u8));
        outcome = new()
        {
            Error = PrintableText.Create(Encoding.UTF8.GetString(line[start..end])),
            Code = TdmrFailureCode.MemoryNotConvertible,
        };
        return true;
    }

    private static bool TryReadSeamcall(ReadOnlySpan<byte> line, ref ReportedOutcome? outcome, ref bool readable)
    {
        if (!LogText.TryFind(line, "SEAMCALL ("u8, out LogText text))
            return false;
        bool hasLeaf = text.TryHex(out ulong leaf) && text.TrySkip(")"u8);
        if (!text.TrySkip("failed:"u8))
            return false;
        readable = text.TryHex(out ulong value) && hasLeaf;
        CompletionStatus status = new(value);
        string? name = SeamcallExplanation.NameOfLeaf(leaf);
        string call = name ?? FormattableString.Invariant($"SEAMCALL 0x{leaf:x}");
        string reason = FormattableString.Invariant($"{call} failed: {status.Name} (0x{value:X16})");
        outcome = new() { Error = reason, StopReason = reason, Completion = status, LeafName = name };
        return true;
    }

    private static bool TryReadSuccess(ReadOnlySpan<byte> line, ref ReportedOutcome? outcome)
    {
        int place = line.IndexOf("odule initialized"u8);
        if (place < 1 || (line.IndexOf("tdx: "u8) < 0 && line.IndexOf("TDX"u8) < 0))
            return false;
        if (outcome?.PamtKiB is null)
            outcome = new() { IsInitialized = true };
        return true;
    }

    private static bool TryReadStop(ReadOnlySpan<byte> line, ref ReportedOutcome? outcome)
    {
        if (line.IndexOf("tdx"u8) < 0 && line.IndexOf("TDX"u8) < 0)
            return false;
        for (int i = 0; StopOf(i, out string reason) is { IsEmpty: false } words; i++)
        {
            if (line.IndexOf(words) < 0)
                continue;
            outcome = new() { Error = reason, StopReason = reason };
            return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> StopOf(int index, out string reason)
    {
        reason = index switch
        {
            0 => "the TDX module is not loaded",
            1 => "there are too few private KeyIDs",
            2 => "hibernation is supported, which excludes TDX",
            3 => "TDX is not enabled by the BIOS",
            4 => "the TDX module may overwrite the frame pointer (RBP): it must be updated",
            5 => "the platform does not support TDX",
            6 => "the processor lacks XSAVE, or it is turned off",
            7 => "the processor lacks MOVDIR64B, or it is turned off",
            _ => "the processor lacks self-snoop, or it is turned off",
        };
        return index switch
        {
            0 => "module not loaded"u8,
            1 => "too few private KeyIDs"u8,
            2 => "ibernation support is enabled"u8,
            3 => "not enabled by BIOS"u8,
            4 => "clobber bug present"u8,
            5 => "TDX not supported by the host platform"u8,
            6 => "XSAVE is required"u8,
            7 => "MOVDIR64B is required"u8,
            8 => "elf-snoop is required"u8,
            _ => default,
        };
    }

    /// <summary>Other drivers fail to initialise too: what names its driver must name TDX.</summary>
    private static bool IsOfTdx(ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> driver = LogText.LastWord(before, out before);
        if (driver.EndsWith("TDX-Module"u8))
            return true;
        if (driver.SequenceEqual("module"u8))
            driver = LogText.LastWord(before, out _);
        return driver.IsEmpty || driver.EndsWith("TDX"u8) || driver.EndsWith("tdx:"u8)
            || driver.EndsWith("kernel:"u8) || IsTimeStamp(driver);
    }

    /// <summary>Whether a word is the end of a time stamp, <c>[10.774047]</c>, <c>2023]</c>, <c>[T0]</c>, or has no
    /// letter at all.</summary>
    private static bool IsTimeStamp(ReadOnlySpan<byte> word)
    {
        foreach (byte character in word)
        {
            if (LogText.IsLetter(character) && !(word[^1] == ']' && character is (byte)'T' or (byte)'C'))
                return false;
        }

        return true;
    }
}
