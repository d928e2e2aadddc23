using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using static System.FormattableString;

namespace TdxPamt.Module;

/// <summary>What a completion status, a call or an operand of the TDX module means, in words: what makes the module say
/// it, and what to do (docs/model.md#completion-status).</summary>
/// <remarks>Immutable, equal by value and safe for many threads.</remarks>
public sealed record SeamcallExplanation
{
    /// <summary>A call's number has 16 bits; a status other than success has more.</summary>
    private const ulong MaxLeaf = 0xFFFF;

    private const int AnyOperand = -1;

    private SeamcallExplanation(string name, string cause) => (Name, Cause) = (name, cause);

    /// <summary>The status; null where a call or an operand is explained.</summary>
    public CompletionStatus? Completion { get; private init; }

    /// <summary>The number of the call that is explained, or that gave the status, 0 to 65535; null where there
    /// is none.</summary>
    public int? Leaf { get; private init; }

    /// <summary>The number of the operand that is explained, 0 to 255; null for a status or a call.</summary>
    public int? Operand { get; private init; }

    /// <summary>The name of the status, the call or the operand, such as <c>TDX_SYS_NOT_READY</c>.</summary>
    public string Name { get; }

    /// <summary>The name of the call <see cref="Leaf"/>, such as <c>TDH_SYS_RD</c>; null where there is none, or where
    /// it is not known.</summary>
    public string? LeafName => Leaf is { } leaf ? NameOfLeaf((ulong)leaf) : null;

    /// <summary>What statuses of its class are about, and its number: <c>state of the module (0x05)</c>; empty for a
    /// call or an operand.</summary>
    public string Class { get; private init; } = "";

    /// <summary>Whether it is an error, and how bad it is, from bits 63:61: <c>error, not recoverable</c>; empty for a
    /// call or an operand.</summary>
    public string Severity { get; private init; } = "";

    /// <summary>What the status carries, each in a few words, such as <c>TDMR 3</c> or <c>R8</c>.</summary>
    public ValueList<string> Operands { get; private init; }

    /// <summary>What makes the module give the status; what the call does; what the operand is. Without a
    /// full stop.</summary>
    public string Cause { get; }

    /// <summary>What to do about a status, without a full stop; empty for a call or an operand.</summary>
    public string Action { get; private init; } = "";

    /// <summary>The rule in the documents, such as <c>docs/model.md#sys-rd</c>; null where the model does not give the
    /// status or lacks the call.</summary>
    public string? Rule { get; private init; }

    /// <summary>The names of all statuses, calls and operands, in this order.</summary>
    public static IEnumerable<string> Names => CompletionNames.All.Concat(LeafNames.All).Concat(OperandNames.All);

    /// <summary>Explains a status.</summary>
    /// <param name="status">The status; any value is legal.</param>
    /// <param name="leaf">The number of the call that gave it, 0 to 65535; null where it is not known.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in that interval.</exception>
    public static SeamcallExplanation Create(CompletionStatus status, int? leaf = null) =>
        Create(status, CheckLeaf(leaf), hasOperands: true);

    /// <summary>Finds what a word means: a status in hex with all its bits or as its upper 32 bits alone, a call's
    /// number in hex, or the name of a status, a call or an operand.</summary>
    /// <param name="word">The word, in any case; hex with or without <c>0x</c>; a call's name also with dots, and names
    /// also without <c>TDX_</c> or <c>TDH_</c>.</param>
    /// <param name="explanation">The explanation; null where the word means nothing here.</param>
    /// <returns>Whether the word means something.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="word"/> is null.</exception>
    public static bool TryParse(string word, [NotNullWhen(true)] out SeamcallExplanation? explanation)
    {
        string name = Preconditions.NotNull(word, nameof(word)).ToUpperInvariant();
        explanation = OfName(name) ?? (TryHex(name, out ulong value) ? OfNumber(value) : null);
        return explanation is not null;
    }

    /// <summary>The name of a call, such as <c>TDH_SYS_RD</c>.</summary>
    /// <param name="leaf">Its number; bits above 15:0, such as the version, are ignored.</param>
    /// <returns>The name; null where it is not known.</returns>
    public static string? NameOfLeaf(ulong leaf) => LeafNames.Find(leaf & MaxLeaf)?.Name;

    /// <summary>The number of a call.</summary>
    /// <param name="name">Its name, such as <c>TDH_SYS_RD</c>.</param>
    /// <returns>The number; null where the name is not known.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public static int? LeafOfName(string name) => LeafNames.Find(Preconditions.NotNull(name, nameof(name)));

    /// <summary>Cause and action in two sentences.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string cause = $"{char.ToUpperInvariant(Cause[0])}{Cause[1..]}.";
        return Action.Length == 0 ? cause : $"{cause} To do: {Action}.";
    }

    private static SeamcallExplanation Create(CompletionStatus status, int? leaf, bool hasOperands)
    {
        int operand = hasOperands ? status.Info0 : AnyOperand;
        CompletionRule rule = CompletionRules.Find(status.Code, leaf, operand);
        (string about, string action) = CompletionRules.ClassOf(status.Class);
        return new(status.Name, rule.Cause)
        {
            Completion = status,
            Leaf = leaf,
            Class = Invariant($"{about} (0x{status.Class:X2})"),
            Severity = SeverityOf(status),
            Operands = new(hasOperands ? CompletionOperands.Describe(status) : []),
            Action = rule.Action ?? action,
            Rule = RuleAt(rule.Anchor),
        };
    }

    private static SeamcallExplanation? OfName(string name)
    {
        string plain = name.Replace('.', '_');
        if ((CompletionNames.Find(plain) ?? CompletionNames.Find("TDX_" + plain)) is { } code && plain == name)
            return Create(new CompletionStatus((ulong)code << 32), leaf: null, hasOperands: false);
        if ((LeafNames.Find(plain) ?? LeafNames.Find("TDH_" + plain)) is { } leaf)
            return OfLeaf((ulong)leaf);
        return OperandNames.Find(name) is { } operand && OperandNames.Find((ulong)operand) is (_, { } meaning)
            ? new(name, meaning) { Operand = operand, Rule = RuleAt("calls") }
            : null;
    }

    /// <summary>A number of 16 bits is a call's, one of 32 bits a status without operands; 0 is success.</summary>
    private static SeamcallExplanation? OfNumber(ulong value) =>
        value is > 0 and <= MaxLeaf ? OfLeaf(value)
        : value <= uint.MaxValue ? Create(new CompletionStatus(value << 32), leaf: null, hasOperands: value == 0)
        : Create(new CompletionStatus(value));

    private static SeamcallExplanation? OfLeaf(ulong leaf) =>
        LeafNames.Find(leaf) is ({ } name, { } meaning, var anchor)
            ? new(name, meaning) { Leaf = (int)leaf, Rule = RuleAt(anchor) }
            : null;

    private static bool TryHex(string text, out ulong value) => ulong.TryParse(
        text.StartsWith("0X", StringComparison.Ordinal) ? text[2..] : text,
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture,
        out value);

    private static string SeverityOf(CompletionStatus status)
    {
        List<string> words = [status.IsError ? "error" : "no error"];
        if ((status.Value >> 62 & 1) != 0)
            words.Add("not recoverable");
        if ((status.Value >> 61 & 1) != 0)
            words.Add("fatal");
        return string.Join(", ", words);
    }

    private static string? RuleAt(string? anchor) => anchor is null ? null : $"docs/model.md#{anchor}";

    private static int? CheckLeaf(int? leaf) => leaf is < 0 or > (int)MaxLeaf
        ? throw new ArgumentOutOfRangeException(nameof(leaf), leaf, "leaf must be from 0 to 65535")
        : leaf;
}
