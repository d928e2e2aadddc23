namespace TdxPamt.Cli;

/// <summary>What the text of an option was read as, or what it must be.</summary>
/// <remarks><c>default</c> is the default of <typeparamref name="T"/>, read without fault.</remarks>
internal readonly record struct OptionValue<T>
{
    private OptionValue(T? value, string? requirement)
    {
        Value = value;
        Requirement = requirement;
    }

    /// <summary>The value; the default where the text is refused.</summary>
    internal T? Value { get; }

    /// <summary>What the text must be, such as <c>must be a number above 0</c>; null where it was read.</summary>
    internal string? Requirement { get; }

    public static implicit operator OptionValue<T>(T value) => new(value, requirement: null);

    internal static OptionValue<T> Refuse(string requirement) => new(default, requirement);
}
