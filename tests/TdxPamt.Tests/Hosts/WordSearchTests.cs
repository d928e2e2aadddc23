using System.Text;
using CsCheck;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class WordSearchTests
{
    private static readonly string[] Words =
        ["[mem", "e820", "RAM", "emory", "CMR", "tdx", "TDX", "TDMR", "Xen", "node", "Node", "\u0001ab"];

    private static readonly WordSearch Search = new(
        "[mem e820", "RAM", "emory", "CMR", "tdx TDX TDMR", "Xen node", "Node", "\u0001ab");

    private static readonly Gen<byte[]> Texts = Gen.OneOf(
        Gen.Int[0, Words.Length - 1].Select(static i => Encoding.ASCII.GetBytes(Words[i])),
        Gen.Int[0, Words.Length - 1].Select(static i => Encoding.ASCII.GetBytes(Words[i][..^1])),
        Gen.Byte.Array[0, 20],
        Gen.Int[0, 5].Select(static i => "emoTDd"u8[i]).Array[0, 20])
        .Array[0, 8].Select(static parts => parts.SelectMany(static part => part).ToArray());

    [Fact]
    public void every_word_is_found_where_a_search_for_each_alone_finds_the_first() => Texts.Hold(
        2000,
        static text =>
        {
            for (int from = 0; from <= text.Length; from++)
            {
                int first = Search.IndexOf(text, from, out int word);
                (int Place, int Word)[] found =
                [
                    .. Words.Select((it, i) => (text.AsSpan(from).IndexOf(Encoding.ASCII.GetBytes(it)), i))
                        .Where(static it => it.Item1 >= 0),
                ];
                (first, word).Should().Be(found.Length == 0 ? (-1, -1) : (from + found.Min().Place, found.Min().Word));
            }
        });
}
