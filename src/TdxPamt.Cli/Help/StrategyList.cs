using System.Text;
using TdxPamt.Planning;

namespace TdxPamt.Cli;

/// <summary>Every strategy and what it does, for a terminal of 80 columns.</summary>
internal static class StrategyList
{
    private const int Width = 80;

    internal static string Create()
    {
        StringBuilder text = new();
        int indent = PlanStrategyInfo.All.Max(static strategy => strategy.Name.Length) + 1;
        foreach (PlanStrategyInfo strategy in PlanStrategyInfo.All)
        {
            string line = strategy.Name.PadRight(indent);
            foreach (string word in strategy.Description.Split(' '))
            {
                if (line.Length + 1 + word.Length > Width)
                {
                    text.Append(line).Append('\n');
                    line = new string(' ', indent);
                }

                line += " " + word;
            }

            text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}
