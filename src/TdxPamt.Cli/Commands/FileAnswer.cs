using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>The answer to a file, written as far as it can be before its turn comes.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal sealed class FileAnswer<T> : IDisposable
{
    private readonly AnswerBuffer? _answers;

    private FileAnswer(T? value, HostFormatException? refusal, AnswerForm<T> form)
    {
        Value = value;
        Refusal = refusal;
        if (refusal is null && form.ToPage is not null)
            Page = form.ToPage(value!);
        else if (refusal is null)
            form.Write!(value!, _answers = new());
        else
            form.WriteInvalid?.Invoke(refusal, _answers = new());
    }

    /// <summary>The answer, unless the file was refused.</summary>
    internal T? Value { get; }

    /// <summary>Why the file was refused; null where it was not.</summary>
    internal HostFormatException? Refusal { get; }

    /// <summary>The answer as a page; null in other forms.</summary>
    internal Page? Page { get; }

    /// <summary>The answer in other forms.</summary>
    internal ReadOnlySpan<byte> Bytes => _answers is null ? default : _answers.Written;

    /// <summary>Reads a file, answers it and writes the answer.</summary>
    internal static FileAnswer<T> Create(
        string file, Func<string, T> read, AnswerForm<T> form, bool isRefusalThrown)
    {
        T value;
        try
        {
            value = read(file);
        }
        catch (HostFormatException refusal) when (!isRefusalThrown)
        {
            return new(default, refusal, form);
        }
        catch (IOException exception) when (!isRefusalThrown)
        {
            return new(default, RefusalOf(file, exception), form);
        }

        return new(value, refusal: null, form);
    }

    /// <summary>The refusal of a file that cannot be opened or read.</summary>
    internal static HostFormatException RefusalOf(string file, IOException exception)
    {
        string name = Terminal.NameOf(file);
        string reason = exception.Message.StartsWith($"{name}: ", StringComparison.Ordinal)
            ? exception.Message[(name.Length + 2)..]
            : exception.Message;
        return new(name, line: null, property: null, reason, exception);
    }

    public void Dispose() => _answers?.Dispose();
}
