using System.Collections.Concurrent;

namespace TdxPamt.Tests.Properties;

public class PipelineProperties(ITestOutputHelper output)
{
    [Fact]
    public void on_random_hosts_the_pipeline_answers_as_the_model_does() =>
        new RandomHosts(tiny: false).Hold(RandomHosts.Iterations, static random =>
            Compare(random, new CandidateAllocator(random.Host)));

    [Fact]
    public void on_tiny_random_hosts_the_pipeline_answers_as_the_page_by_page_model_does() =>
        new RandomHosts(tiny: true).Hold(RandomHosts.Iterations, static random =>
            Compare(random, new PageByPageAllocator(random.Host)));

    [Fact]
    public void on_tiny_random_hosts_both_models_of_the_allocator_agree() =>
        new RandomHosts(tiny: true).Hold(RandomHosts.Iterations / 10, static random =>
            Answer(random, new CandidateAllocator(random.Host)).ToString()
                .Should().Be(Answer(random, new PageByPageAllocator(random.Host)).ToString()));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void random_hosts_meet_every_answer_and_every_limit(bool tiny)
    {
        ConcurrentDictionary<string, int> seen = new(StringComparer.Ordinal);
        new RandomHosts(tiny).Hold(2000, random =>
        {
            ModelAnswer answer = Answer(random, new CandidateAllocator(random.Host));
            foreach (string what in WhatHappens(random, answer))
                seen.AddOrUpdate(what, 1, static (_, count) => count + 1);
        }, least: 2000);
        foreach ((string what, int count) in seen.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            output.WriteLine($"{what}: {count}");
        seen.Should().HaveCount(14).And.OnlyContain(static pair => pair.Value >= 5);
    }

    private static ModelAnswer Answer(RandomHost random, IModelAllocator allocator) =>
        PipelineModel.Run(random.Host, random.Module, random.Kernel.Name, allocator);

    private static IEnumerable<string> WhatHappens(RandomHost random, ModelAnswer answer)
    {
        yield return answer.Code ?? "constructed";
        if (answer.Allowed is { } allowed && answer.Needed == allowed + 1)
            yield return $"{answer.Code} by one";
        if (answer.Tdmr > 0 && answer.Code is "PamtAllocationFailed")
            yield return "PAMTs to free";
        if (answer.Tdmrs.Count == 0)
            yield break;
        if (answer.Tdmrs.Count == random.Module.MaxTdmrs)
            yield return "exactly as many TDMRs as allowed";
        if (answer.Tdmrs.Exists(tdmr => tdmr.Areas.Count == random.Module.MaxReserved))
            yield return "exactly as many reserved areas as allowed";
        if (answer.Tdmrs.Exists(tdmr => !random.Host.Memory.Any(range =>
                range.Node == tdmr.Node && tdmr.Chunk >= range.Start && tdmr.Chunk < range.End)))
        {
            yield return "off-node";
        }

        if (answer.Tdmrs.Exists(tdmr => answer.Tdmrs.Exists(other =>
                other.Start < tdmr.Chunk + (tdmr.ChunkPages * 4096) && tdmr.Chunk < other.Start)))
        {
            yield return "a PAMT across a border";
        }

        if (answer.Tdmrs.Exists(static tdmr => tdmr.Areas.Zip(tdmr.Areas.Skip(1)).Any(static pair =>
                pair.First.Offset + pair.First.Size == pair.Second.Offset)))
        {
            yield return "contiguous areas";
        }

    }

    private static void Compare(RandomHost random, IModelAllocator modelAllocator)
    {
        HostMemory host = random.ToHostMemory();
        LinuxPageAllocator allocator = new(host);
        TdmrConstructor constructor = new(allocator, random.Kernel, random.ToModuleParameters());

        ModelAnswer model = Answer(random, modelAllocator);
        using TdmrConstruction? first = Construct(constructor, host, allocator, model);
        if (first is null)
        {
            Construct(constructor, host, allocator, model);
            return;
        }

        CompareChunks(first, model);

        // A second time while the first pages are held, and as the first time once they are free again.
        ModelAnswer secondModel = Answer(random, modelAllocator);
        TdmrConstruction? second = Construct(constructor, host, allocator, secondModel, first.PamtPages);
        first.Free();
        second?.Free();
        if (allocator.PagesInUse != 0)
            throw new InvalidOperationException($"{allocator.PagesInUse} pages are left");
        Construct(constructor, host, allocator, model)!.Free();
    }

    private static void CompareChunks(TdmrConstruction construction, ModelAnswer model)
    {
        ulong[] chunks = [.. model.Tdmrs.Select(static tdmr => tdmr.Chunk).Order()];
        if (!construction.TdmrsByPamt.Select(static tdmr => tdmr.PamtChunk.Start).SequenceEqual(chunks))
            throw new InvalidOperationException("the TDMRs are not in the order of their PAMTs");
        foreach (ModelTdmr tdmr in model.Tdmrs)
        {
            ulong end = tdmr.Chunk + (tdmr.ChunkPages * 4096);
            foreach (ulong address in (ulong[])[tdmr.Chunk - 1, tdmr.Chunk, tdmr.Chunk + tdmr.Size4K, end - 1, end])
            {
                bool isPamt = model.Tdmrs.Exists(
                    other => address >= other.Chunk && address < other.Chunk + (other.ChunkPages * 4096));
                if (construction.IsPamtPage(address) != isPamt)
                    throw new InvalidOperationException($"0x{address:x} is {(isPamt ? "a" : "no")} PAMT's page");
            }
        }
    }

    private static TdmrConstruction? Construct(
        TdmrConstructor constructor, HostMemory host, LinuxPageAllocator allocator, ModelAnswer model, ulong held = 0)
    {
        constructor.TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure);
        string answer = construction is null ? Answers.Text(failure!) : Answers.Text(construction);
        string expected = model.ToString();
        if (answer != expected)
            throw new InvalidOperationException($"expected\n{expected}\nbut the library answers\n{answer}");
        if (model.Message is not null && failure!.Message != model.Message)
            throw new InvalidOperationException($"expected {model.Message}, but the library says {failure.Message}");
        ulong pages = held + (construction?.PamtPages ?? 0);
        if (allocator.PagesInUse != pages)
            throw new InvalidOperationException($"expected {pages} pages in use, but {allocator.PagesInUse} are");
        return construction;
    }
}
