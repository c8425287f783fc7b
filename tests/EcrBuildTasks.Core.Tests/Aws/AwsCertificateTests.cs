using System.Security.Authentication;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>AWS behind a proxy that opens TLS, as many companies have one.</summary>
public sealed class AwsCertificateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_certificates_of_the_bundle_are_trusted()
    {
        await using var service = await StubService.StartAsync(StubAnswer.Caller);
        await using var front = new TlsFront(service.Url);
        using var environment = Environment(front, front.BundlePath);

        var caller = await environment.Open(new AwsSettings()).GetCallerIdentityAsync(Cancellation);

        caller.Account.ShouldBe("111122223333");
    }

    [Fact]
    public async Task Without_the_bundle_the_failure_says_that_the_certificate_is_not_trusted()
    {
        await using var service = await StubService.StartAsync(StubAnswer.Caller);
        await using var front = new TlsFront(service.Url);
        using var environment = Environment(front, bundle: null);

        var failure = await Should.ThrowAsync<AwsSessionException>(() =>
            environment.Open(new AwsSettings()).GetCallerIdentityAsync(Cancellation)
        );

        failure.Code.ShouldBe(EcrCode.EndpointUnreachable);
        failure.GetBaseException().ShouldBeOfType<AuthenticationException>();
    }

    [Fact]
    public async Task A_bundle_that_cannot_be_read_is_named()
    {
        await using var service = await StubService.StartAsync(StubAnswer.Caller);
        await using var front = new TlsFront(service.Url);
        using var environment = Environment(front, "/nowhere/bundle.pem");

        var failure = await Should.ThrowAsync<AwsSessionException>(() =>
            environment.Open(new AwsSettings()).GetCallerIdentityAsync(Cancellation)
        );

        failure.Code.ShouldBe(EcrCode.EndpointUnreachable);
        failure.Message.ShouldContain("AWS_CA_BUNDLE");
        failure.Message.ShouldContain("/nowhere/bundle.pem");
    }

    private static AwsEnvironment Environment(TlsFront front, string? bundle)
    {
        var environment = new AwsEnvironment(
            "",
            [
                .. AwsEnvironment.Keys,
                ("AWS_REGION", "eu-west-1"),
                ("AWS_MAX_ATTEMPTS", "1"),
                ("AWS_ENDPOINT_URL_STS", $"https://{front.Host}/"),
            ]
        );
        environment.Set("AWS_CA_BUNDLE", bundle);
        return environment;
    }
}
