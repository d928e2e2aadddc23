using System.Diagnostics;
using System.Globalization;

namespace TdxPamt.Cli;

/// <summary>A line on the terminal that grows with the trials that are done.</summary>
internal sealed class TrialProgress(TextWriter terminal, int trials) : IProgress<int>
{
    private const int Width = 30;

    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private string _what = "";
    private int _shown;

    internal void Start(string what) => _what = what;

    /// <summary>Shows how many trials are done, ten times a second at most.</summary>
    public void Report(int value)
    {
        if (_sinceShown.ElapsedMilliseconds < 100)
            return;
        int full = (int)((long)Width * value / trials);
        string bar = new string('#', full).PadRight(Width, '.');
        string line = string.Create(CultureInfo.InvariantCulture, $"[{bar}] {100L * value / trials,3} %  {_what}");
        terminal.Write("\r" + line.PadRight(_shown));
        _shown = line.Length;
        _sinceShown.Restart();
    }

    internal void Clear()
    {
        if (_shown > 0)
            terminal.Write("\r" + new string(' ', _shown) + "\r");
        _shown = 0;
    }
}
