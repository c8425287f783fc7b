using System.Diagnostics;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Core.Tests.Aws.Retries;

/// <summary>How a call ends that somebody stops waiting for.</summary>
public sealed class PatienceTests
{
    private static readonly CallLimit Limit = new(TimeSpan.FromSeconds(2));

    [Theory]
    [InlineData("ThrottlingException", 400)]
    [InlineData("ServiceUnavailable", 503)]
    public async Task A_throttled_call_ends_at_the_limit_with_what_AWS_answered(string code, int status)
    {
        await using var service = await StubService.StartAsync(StubAnswer.Error(code, "Rate exceeded", status));
        using var ecr = service.CreateEcrClient();
        var clock = Stopwatch.StartNew();

        var failure = await Should.ThrowAsync<AmazonServiceException>(() =>
            Limit.RunAsync(
                cancellation => ecr.GetRepositoryPolicyAsync(new(), cancellation),
                TestContext.Current.CancellationToken
            )
        );

        failure.ErrorCode.ShouldBe(code);
        failure.Message.ShouldBe("Rate exceeded");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_call_that_is_only_swallowed_ends_as_not_answered()
    {
        await using var service = await StubService.StartAsync(_ =>
        {
            Thread.Sleep(TimeSpan.FromSeconds(4));
            return new(200, "{}");
        });
        using var ecr = service.CreateEcrClient();

        await Should.ThrowAsync<TimeoutException>(() =>
            new CallLimit(TimeSpan.FromSeconds(0.5)).RunAsync(
                cancellation => ecr.GetRepositoryPolicyAsync(new(), cancellation),
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task A_throttled_call_that_is_cancelled_is_cancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var service = await StubService.StartAsync(_ =>
        {
            cancel.CancelAfter(TimeSpan.FromMilliseconds(100));
            return StubAnswer.Error("ThrottlingException", "Rate exceeded");
        });
        using var ecr = service.CreateEcrClient();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            Limit.RunAsync(cancellation => ecr.GetRepositoryPolicyAsync(new(), cancellation), cancel.Token)
        );
    }
}
