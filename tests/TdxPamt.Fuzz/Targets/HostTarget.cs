using TdxPamt.Hosts;

namespace TdxPamt.Fuzz.Targets;

/// <summary>Boot logs, /proc/iomem and host documents, told apart by their content.</summary>
internal sealed class HostTarget(string name, byte[][] corpus, Func<Chance, byte[]> grammar) : Target
{
    internal override string Name => name;

    internal override byte[] Make(Chance chance)
    {
        byte[] sound = chance.OneIn(2) ? grammar(chance) : chance.Of<byte[]>(corpus);
        return chance.OneIn(3) ? sound : Mutator.Mutate(sound, corpus, chance);
    }

    internal override void Try(byte[] input)
    {
        Chance chance = ChanceOf(input);
        HostDescription? host = Read(() => HostReader.Read(input, Law.File));
        if (chance.OneIn(4))
            IsReadAlike(host, input, chance);
        if (host is not null)
            HostLaws.Check(host, chance);
    }

    /// <summary>A stream is read as the whole is, however it is cut into portions.</summary>
    private static void IsReadAlike(HostDescription? host, byte[] input, Chance chance)
    {
        using TrickleStream stream = new(input, chance.Of(1, 7, 100, 4096, 100_000));
        HostDescription? streamed = Read(() => HostReader.Read(stream, Law.File));
        if (input.Length >= 8 << 20)
            return; // Of text without line ends a stream shows the first bytes only.
        Law.Holds(host is null == streamed is null, "a stream is refused where the whole is");
        Law.Holds(
            host is null || streamed is null || (HostLaws.AreAlike(host, streamed) && host.Reported == streamed.Reported
                && host.Evidence == streamed.Evidence
                && host.Warnings.SequenceEqual(streamed.Warnings, StringComparer.Ordinal)),
            "a stream is read as the whole is");
    }

    private static HostDescription? Read(Func<HostDescription> read)
    {
        try
        {
            return read();
        }
        catch (HostFormatException refusal)
        {
            Law.IsRefusal(refusal);
            return null;
        }
    }
}
