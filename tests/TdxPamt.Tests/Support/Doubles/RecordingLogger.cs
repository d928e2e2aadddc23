using Microsoft.Extensions.Logging;

namespace TdxPamt.Tests.Support;

/// <summary>Remembers what is logged, and throws where it is told to.</summary>
internal sealed class RecordingLogger : ILogger
{
    public List<(LogLevel Level, int Id, string Message, Exception? Exception)> Entries { get; } = [];

    /// <summary>Throws an exception for events that shall fail, after they are remembered.</summary>
    public Action<int>? OnLog { get; init; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        Entries.Add((logLevel, eventId.Id, formatter(state, exception), exception));
        OnLog?.Invoke(eventId.Id);
    }
}
