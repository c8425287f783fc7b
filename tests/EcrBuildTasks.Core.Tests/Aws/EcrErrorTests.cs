using Amazon.Runtime;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Core.Tests.Aws;

public sealed class EcrErrorTests
{
    public static TheoryData<Type> ExceptionTypes =>
        [.. typeof(AmazonECRException).Assembly.GetTypes().Where(type => type.BaseType == typeof(AmazonECRException))];

    [Theory]
    [MemberData(nameof(ExceptionTypes))]
    public async Task An_error_code_becomes_the_exception_of_its_name(Type type)
    {
        // A quota's error counts as throttling to the SDK, which tries again: the answer stays the same.
        await using var service = await StubService.StartAsync(StubAnswer.Error(type.Name, "It is so."));
        using var ecr = service.CreateEcrClient();

        var failure = await Should.ThrowAsync<AmazonECRException>(() =>
            ecr.GetRepositoryPolicyAsync(new(), TestContext.Current.CancellationToken)
        );

        failure.ShouldBeOfType(type);
        failure.ErrorCode.ShouldBe(type.Name);
        failure.Message.ShouldBe("It is so.");
        failure.RequestId.ShouldBe("request-1");
    }

    [Fact]
    public async Task A_denial_keeps_AWSs_sentence_and_is_asked_once()
    {
        const string sentence =
            "User: arn:aws:sts::111122223333:assumed-role/ci/run-7 is not authorized to perform: ecr:PutImage on resource: "
            + "arn:aws:ecr:eu-west-1:444455556666:repository/hello-api because no resource-based policy allows the "
            + "ecr:PutImage action";
        await using var service = await StubService.StartAsync(StubAnswer.Error("AccessDeniedException", sentence));
        using var ecr = service.CreateEcrClient();

        var failure = await Should.ThrowAsync<AmazonServiceException>(() =>
            ecr.PutImageAsync(new() { RepositoryName = "hello-api" }, TestContext.Current.CancellationToken)
        );

        failure.ErrorCode.ShouldBe("AccessDeniedException");
        failure.Message.ShouldBe(sentence);
        service.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("InvalidParameterException")]
    [InlineData("ValidationException")]
    [InlineData("RepositoryNotFoundException")]
    [InlineData("UnrecognizedClientException")]
    public async Task What_asking_again_cannot_change_is_asked_once(string code)
    {
        await using var service = await StubService.StartAsync(StubAnswer.Error(code, "no"));
        using var ecr = service.CreateEcrClient();

        await Should.ThrowAsync<AmazonECRException>(() =>
            ecr.GetRepositoryPolicyAsync(new(), TestContext.Current.CancellationToken)
        );

        service.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("ServerException", 500)]
    [InlineData("ThrottlingException", 400)]
    [InlineData("InternalFailure", 503)]
    public async Task What_passes_is_asked_again(string code, int status)
    {
        await using var service = await StubService.StartAsync(
            StubAnswer.Error(code, "later", status),
            new StubAnswer(200, """{"policyText":"{}"}""")
        );
        using var ecr = service.CreateEcrClient();

        var answer = await ecr.GetRepositoryPolicyAsync(new(), TestContext.Current.CancellationToken);

        answer.PolicyText.ShouldBe("{}");
        service.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_error_without_JSON_still_has_its_status()
    {
        await using var service = await StubService.StartAsync(new StubAnswer(403, "<html>proxy</html>", "text/html"));
        using var ecr = service.CreateEcrClient();

        var failure = await Should.ThrowAsync<AmazonServiceException>(() =>
            ecr.GetRepositoryPolicyAsync(new(), TestContext.Current.CancellationToken)
        );

        failure.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
    }
}
