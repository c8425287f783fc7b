using System.Reflection;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>Our client of ECR beside AWS's own.</summary>
public sealed class EcrWireTests : IClassFixture<RecordedAwsCli>
{
    private readonly RecordedAwsCli awscli;

    public EcrWireTests(RecordedAwsCli awscli)
    {
        this.awscli = awscli;
        foreach (var call in WireCalls.All.Where(call => call.NewerThanAwsCli is null))
        {
            var service = call.Kind is RegistryKind.Public ? "ecr-public" : "ecr";
            awscli.Start(call.Name, [service, CommandOf(call.Operation), .. call.AwsCli], new(200, call.Answer));
        }
    }

    public static TheoryData<string> YoungerCalls =>
        [.. WireCalls.All.Where(call => call.NewerThanAwsCli is not null).Select(call => call.Name)];

    public static TheoryData<string> Calls =>
        [.. WireCalls.All.Where(call => call.NewerThanAwsCli is null).Select(call => call.Name)];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Our_request_and_what_is_made_of_the_answer_are_those_of_awscli(string name)
    {
        var call = WireCalls.All.Single(call => call.Name == name);
        await using var service = await StubService.StartAsync(new StubAnswer(200, call.Answer));
        using var ecr = service.CreateEcrClient(call.Kind);

        var answer = await call.RunAsync(ecr);

        var ours = service.Requests.ShouldHaveSingleItem();
        var (theirs, printed) = await awscli.GetAsync(name);
        JsonNode.DeepEquals(ours.Json, theirs.Json).ShouldBeTrue($"ours: {ours.Body}\ntheirs: {theirs.Body}");
        ours.Headers["X-Amz-Target"].ShouldBe(theirs.Headers["X-Amz-Target"]);
        ours.Headers["Content-Type"].ShouldBe(theirs.Headers["Content-Type"]);
        ours.Headers["X-Amz-Security-Token"].ShouldBe(theirs.Headers["X-Amz-Security-Token"]);
        (ours.Method, ours.Path).ShouldBe((theirs.Method, theirs.Path));
        SignedParts.Of(ours).ShouldBeTheSameAs(SignedParts.Of(theirs));

        printed.ExitCode.ShouldBe(0, printed.ToString());
        // Of an answer that holds nothing, awscli prints nothing.
        Decoded
            .Differences(answer, JsonNode.Parse(printed.Output is "" ? "{}" : printed.Output))
            .ShouldBeEmpty(printed.Output);
    }

    [Theory]
    [MemberData(nameof(YoungerCalls))]
    public async Task A_request_that_awscli_has_no_words_for_is_as_the_API_reference_has_it(string name)
    {
        var call = WireCalls.All.Single(call => call.Name == name);
        await using var service = await StubService.StartAsync(new StubAnswer(200, call.Answer));
        using var ecr = service.CreateEcrClient(call.Kind);

        var answer = await call.RunAsync(ecr);

        var request = service.Requests.ShouldHaveSingleItem();
        request.Headers["X-Amz-Target"].ShouldBe("AmazonEC2ContainerRegistry_V20150921." + call.Operation);
        JsonNode.DeepEquals(request.Json, JsonNode.Parse(call.NewerThanAwsCli!)).ShouldBeTrue(request.Body);
        Decoded.Differences(answer, JsonNode.Parse(call.Answer)).ShouldBeEmpty();
    }

    [Fact]
    public void No_operation_and_no_parameter_is_without_a_comparison()
    {
        var operations = typeof(EcrClient)
            .GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly
            )
            .Where(method => !method.IsPrivate && method.ReturnType.IsGenericType)
            .Select(method => (Name: method.Name[..^"Async".Length], Request: method.GetParameters()[0].ParameterType))
            .ToList();
        operations.ShouldNotBeEmpty();

        foreach (var (operation, type) in operations)
        {
            var requests = WireCalls
                .All.Where(call => call.Operation == operation)
                .Select(call => call.Request)
                .ToList();
            requests.ShouldNotBeEmpty(operation);
            requests.ShouldAllBe(request => request.GetType() == type);
            type.GetProperties()
                .Where(parameter => parameter.DeclaringType == type)
                .Where(parameter => requests.TrueForAll(request => parameter.GetValue(request) is null))
                .Select(parameter => parameter.Name)
                .ShouldBeEmpty(operation);
        }
    }

    [Fact]
    public async Task Exceptions_from_immutability_are_read_and_the_request_id_is_kept()
    {
        await using var service = await StubService.StartAsync(
            new StubAnswer(
                200,
                """
                {"repositories":[{"imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":
                [{"filterType":"WILDCARD","filter":"dev-*"}]}]}
                """
            )
        );
        using var ecr = service.CreateEcrClient();

        var answer = await ecr.DescribeRepositoriesAsync(new(), TestContext.Current.CancellationToken);

        answer.ResponseMetadata.RequestId.ShouldBe("request-1");
        var repository = answer.Repositories.ShouldNotBeNull().ShouldHaveSingleItem();
        repository.ImageTagMutability.ShouldBe(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION);
        var filter = repository.ImageTagMutabilityExclusionFilters.ShouldNotBeNull().ShouldHaveSingleItem();
        (filter.FilterType, filter.Filter).ShouldBe(("WILDCARD", "dev-*"));
    }

    private static string CommandOf(string operation) =>
        string.Concat(
                operation.Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}")
            )
            .TrimStart('-');
}
