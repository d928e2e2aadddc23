namespace TdxPamt.Cli;

/// <summary>Finds the word that a mistyped one may stand for.</summary>
internal static class NearestWord
{
    /// <summary>A question whether the nearest word was meant; null where none is near.</summary>
    internal static string? Hint(string typed, IEnumerable<string> words)
    {
        int maxDistance = Math.Max(1, typed.TrimStart('-').Length / 3);
        string? nearest = words
            .Where(word => Math.Abs(word.Length - typed.Length) <= maxDistance)
            .Select(word => (Word: word, Distance: Distance(typed, word)))
            .Where(near => near.Distance <= maxDistance)
            .OrderBy(static near => near.Distance)
            .ThenBy(static near => near.Word, StringComparer.Ordinal)
            .FirstOrDefault().Word;
        return nearest is null ? null : $"did you mean {nearest}?";
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
