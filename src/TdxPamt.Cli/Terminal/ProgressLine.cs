using System.Globalization;

namespace TdxPamt.Cli;

/// <summary>A line on the terminal that shows the progress of long work, its rate and the time left.</summary>
internal sealed class ProgressLine(TextWriter terminal, int width, TimeProvider clock)
{
    private const int BarWidth = 20;

    /// <summary>The least time between two updates, in milliseconds; shorter work shows nothing.</summary>
    private const int Interval = 100;

    private readonly long _start = clock.GetTimestamp();
    private long _lastShown = clock.GetTimestamp();
    private int _shown;

    /// <summary>Updates the line, unless that was done less than 100 ms ago.</summary>
    /// <param name="done">How many are done.</param>
    /// <param name="what">What they are, in the plural.</param>
    /// <param name="share">The share of all work that is done, 0 to 1; null where that is not known.</param>
    internal void Show(long done, string what, Func<double?> share)
    {
        if (clock.GetElapsedTime(_lastShown).TotalMilliseconds < Interval)
            return;
        _lastShown = clock.GetTimestamp();
        double seconds = clock.GetElapsedTime(_start).TotalSeconds;
        string line = string.Create(CultureInfo.InvariantCulture, $"{done} {what}, {done / seconds:0.#}/s");
        if (share() is { } known and > 0)
        {
            string bar = new string('#', (int)(BarWidth * known)).PadRight(BarWidth, '.');
            string left = Duration((seconds / known) - seconds);
            line = $"[{bar}] {(int)(100 * known),3} %  {line}, {left} left";
        }

        line = line.Length < width ? line : line[..(width - 1)];
        terminal.Write("\r" + line.PadRight(_shown));
        _shown = line.Length;
    }

    /// <summary>Removes the line from the terminal.</summary>
    internal void Clear()
    {
        if (_shown > 0)
            terminal.Write("\r" + new string(' ', _shown) + "\r");
        _shown = 0;
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds)} s"),
        < 6000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 60)} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 3600)} h"),
    };
}
