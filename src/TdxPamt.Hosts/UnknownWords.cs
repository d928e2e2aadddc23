namespace TdxPamt.Hosts;

/// <summary>What is not known, in the words of documents and of sentences.</summary>
internal static class UnknownWords
{
    internal static string Name(HostUnknown unknown) => unknown switch
    {
        HostUnknown.Ram => "memoryMap",
        HostUnknown.Nodes => "nodes",
        _ => "cmrs",
    };

    /// <summary>Why an answer is not known: <c>the nodes are not known, the CMRs are not known</c>.</summary>
    internal static string Because(IEnumerable<HostUnknown> unknown) => string.Join(", ", unknown.Select(
        static it => it switch
        {
            HostUnknown.Ram => "there is no memory map",
            HostUnknown.Nodes => "the nodes are not known",
            _ => "the CMRs are not known",
        }));
}
