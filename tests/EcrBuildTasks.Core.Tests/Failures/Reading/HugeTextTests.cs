using EcrBuildTasks.Failures.Reading;

namespace EcrBuildTasks.Core.Tests.Failures.Reading;

/// <summary>The process's memory is measured, so nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessMemoryCollection
{
    public const string Name = "The process's memory";
}

[Collection(ProcessMemoryCollection.Name)]
public sealed class HugeTextTests
{
    private const int Length = 4_000_000;

    [Theory]
    [InlineData("User: a is not authorized to perform: a:b because no ")]
    [InlineData("User: a is not authorized to perform: a:b because no \n")]
    [InlineData("x 403 \nb ecr\n")]
    [InlineData("<")]
    [InlineData("\\")]
    [InlineData("\n")]
    [InlineData("&#")]
    [InlineData("\u001b[")]
    public void A_huge_text_is_read_in_memory_that_does_not_grow_with_it(string piece)
    {
        var (nextLook, most) = (Length / 8, 0L);
        using (var shorter = new Repetition(piece, Length / 8))
        {
            // What is kept once, such as the states of expressions.
            FailureText.Read(shorter);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var text = new Repetition(piece, Length)
        {
            OnRead = at =>
            {
                if (at >= nextLook)
                {
                    nextLook += Length / 8;
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                }
            },
        };

        FailureText.Read(text);

        nextLook.ShouldBeGreaterThan(Length / 2);
        most.ShouldBeLessThan(Length / 4);
    }
}
