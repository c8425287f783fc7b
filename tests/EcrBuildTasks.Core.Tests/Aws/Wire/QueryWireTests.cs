using Microsoft.AspNetCore.WebUtilities;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>Our calls of STS beside awscli's.</summary>
public sealed class QueryWireTests : IClassFixture<RecordedAwsCli>, IDisposable
{
    private const string Role = "arn:aws:iam::444455556666:role/team/push";
    private const string WebToken = "eyJ.a+b/c=.d";

    private static readonly StubAnswer Assumed = StubAnswer.AssumedRole("ASIAROLE");

    private static readonly StubAnswer AssumedByWebIdentity = Assumed with
    {
        Body = Assumed.Body.Replace("AssumeRoleRes", "AssumeRoleWithWebIdentityRes", StringComparison.Ordinal),
    };

    private readonly RecordedAwsCli awscli;
    private readonly AwsEnvironment environment = new("", ("AWS_REGION", "eu-west-1"));

    public QueryWireTests(RecordedAwsCli awscli)
    {
        this.awscli = awscli;
        string[] role = ["--role-arn", Role, "--role-session-name", "run=7,@x"];
        awscli.Start("GetCallerIdentity", ["sts", "get-caller-identity"], StubAnswer.Caller);
        awscli.Start("AssumeRole", ["sts", "assume-role", .. role, "--external-id", "ü+1 /:="], Assumed);
        awscli.Start(
            "AssumeRoleWithWebIdentity",
            ["sts", "assume-role-with-web-identity", .. role, "--web-identity-token", WebToken],
            AssumedByWebIdentity
        );
    }

    public void Dispose() => environment.Dispose();

    [Fact]
    public async Task Who_calls_is_asked_as_awscli_asks()
    {
        await using var service = await StubService.StartAsync(StubAnswer.Caller);
        WithKeys(service);

        var caller = await environment.Open(new()).GetCallerIdentityAsync(TestContext.Current.CancellationToken);

        var (theirs, printed) = await awscli.GetAsync("GetCallerIdentity");
        ShouldBeTheSame(service.Requests.ShouldHaveSingleItem(), theirs);
        printed.Output.ShouldContain(caller.Arn);
        printed.Output.ShouldContain(caller.UserId);
        printed.Output.ShouldContain(caller.Account);
    }

    [Fact]
    public async Task A_role_is_assumed_as_awscli_assumes_it()
    {
        await using var service = await StubService.StartAsync(Assumed, StubAnswer.Caller);
        WithKeys(service);

        await environment
            .Open(
                new()
                {
                    RoleArn = Role,
                    RoleSessionName = "run=7,@x",
                    ExternalId = "ü+1 /:=",
                }
            )
            .GetCallerIdentityAsync(TestContext.Current.CancellationToken);

        var (theirs, printed) = await awscli.GetAsync("AssumeRole");
        ShouldBeTheSame(service.Requests[0], theirs);
        printed.Output.ShouldContain("ASIAROLE");
        service.Requests[1].Headers["Authorization"].ShouldContain("Credential=ASIAROLE/");
    }

    [Fact]
    public async Task A_role_is_assumed_by_web_identity_as_awscli_does_it_without_a_signature()
    {
        await using var service = await StubService.StartAsync(AssumedByWebIdentity, StubAnswer.Caller);
        environment.Set("AWS_ENDPOINT_URL", service.Url.ToString());
        environment.Set("AWS_WEB_IDENTITY_TOKEN_FILE", environment.File("token", WebToken));
        environment.Set("AWS_ROLE_ARN", Role);
        environment.Set("AWS_ROLE_SESSION_NAME", "run=7,@x");

        await environment.Open(new()).GetCallerIdentityAsync(TestContext.Current.CancellationToken);

        var (theirs, printed) = await awscli.GetAsync("AssumeRoleWithWebIdentity");
        var ours = service.Requests[0];
        ShouldSayTheSame(ours, theirs);
        ours.Headers.ShouldNotContainKey("Authorization");
        theirs.Headers.ShouldNotContainKey("Authorization");
        printed.Output.ShouldContain("ASIAROLE");
    }

    private void WithKeys(StubService service)
    {
        environment.Set("AWS_ENDPOINT_URL", service.Url.ToString());
        environment.Set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        environment.Set("AWS_SECRET_ACCESS_KEY", "secret");
        environment.Set("AWS_SESSION_TOKEN", "session-token");
    }

    private static void ShouldBeTheSame(ReceivedRequest ours, ReceivedRequest theirs)
    {
        ShouldSayTheSame(ours, theirs);
        ours.Headers["X-Amz-Security-Token"].ShouldBe(theirs.Headers["X-Amz-Security-Token"]);
        SignedParts.Of(ours).ShouldBeTheSameAs(SignedParts.Of(theirs));
    }

    private static void ShouldSayTheSame(ReceivedRequest ours, ReceivedRequest theirs)
    {
        (ours.Method, ours.Path).ShouldBe((theirs.Method, theirs.Path));
        ours.Headers["Content-Type"].ShouldBe(theirs.Headers["Content-Type"]);
        Parameters(ours).ShouldBe(Parameters(theirs));
    }

    private static IEnumerable<string> Parameters(ReceivedRequest request) =>
        QueryHelpers.ParseQuery(request.Body).Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal);
}
