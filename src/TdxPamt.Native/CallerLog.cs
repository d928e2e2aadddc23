using System.Text;
using Microsoft.Extensions.Logging;

namespace TdxPamt.Native;

/// <summary>Passes on to the caller what the kernel would print.</summary>
internal sealed unsafe class CallerLog(delegate* unmanaged<void*, int, byte*, void> log, void* context) : ILogger
{
    private readonly delegate* unmanaged<void*, int, byte*, void> _log = log;
    private readonly void* _context = context;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        fixed (byte* message = Encoding.UTF8.GetBytes(formatter(state, exception) + '\0'))
            _log(_context, Math.Min((int)logLevel, (int)LogLevel.Error), message);
    }
}
