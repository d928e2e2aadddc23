namespace TdxPamt.Cli;

/// <summary>Finds the word that a mistyped one may stand for.</summary>
internal static class NearestWord
{
    /// <summary>A question whether the nearest word was meant; null where none is near.</summary>
    internal static string? Hint(string typed, IEnumerable<string> words)
    {
        int most = Math.Max(1, typed.TrimStart('-').Length / 3);
        (string Word, int Distance)[] near =
        [
            .. words.Where(word => Math.Abs(word.Length - typed.Length) <= most)
                .Select(word => (word, Distance(typed, word)))
                .Where(pair => pair.Item2 <= most)
                .OrderBy(static pair => pair.Item2)
                .ThenBy(static pair => pair.word, StringComparer.Ordinal),
        ];
        return near.Length == 0 ? null : $"did you mean {near[0].Word}?";
    }

    /// <summary>The optimal string alignment distance: how many letters must be added, removed, replaced or swapped
    /// with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        int[,] distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            distance[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            distance[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                distance[i, j] = Math.Min(replaced, 1 + Math.Min(distance[i - 1, j], distance[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }

        return distance[a.Length, b.Length];
    }
}
