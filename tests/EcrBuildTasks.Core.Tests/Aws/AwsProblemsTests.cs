using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Aws;

public sealed class AwsProblemsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "ExpiredTokenException",
        "The security token included in the request is expired",
        nameof(EcrCode.CredentialsExpired)
    )]
    [InlineData(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        nameof(EcrCode.CredentialsInvalid)
    )]
    [InlineData(
        "InvalidSignatureException",
        "The request signature we calculated does not match",
        nameof(EcrCode.CredentialsInvalid)
    )]
    [InlineData("ThrottlingException", "Rate exceeded", nameof(EcrCode.Throttled))]
    public async Task What_ECR_answers_about_the_identity_is_told(string code, string message, string expected)
    {
        await using var service = await StubService.StartAsync(StubAnswer.Error(code, message));
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL_ECR", service.Url.ToString()), ("AWS_MAX_ATTEMPTS", "1")]
        );
        var session = environment.Open(new AwsSettings { Region = "eu-west-1" });

        var problem = await Should.ThrowAsync<AwsSessionException>(() =>
            session.GetAuthorizationAsync(session.RegistryOf("444455556666"), Cancellation)
        );

        problem.Code.ShouldBe((EcrCode)typeof(EcrCode).GetField(expected)!.GetValue(null)!);
        problem.ErrorCode.ShouldBe(code);
        problem.Endpoint.ShouldBe(service.Url);
        problem.CredentialsSource.ShouldBe("environment variables");
        problem.ToString().ShouldNotContain("env-secret");
    }

    [Theory]
    [InlineData("ExpiredToken", nameof(EcrCode.CredentialsExpired))]
    [InlineData("InvalidClientTokenId", nameof(EcrCode.CredentialsInvalid))]
    [InlineData("SignatureDoesNotMatch", nameof(EcrCode.CredentialsInvalid))]
    public async Task What_STS_answers_about_the_identity_is_told(string code, string expected)
    {
        await using var service = await StubService.StartAsync(StubAnswer.StsError(code, "no"));
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL_STS", service.Url.ToString())]
        );
        var session = environment.Open(new AwsSettings { Region = "eu-west-1" });

        var problem = await Should.ThrowAsync<AwsSessionException>(() => session.GetCallerIdentityAsync(Cancellation));

        problem.Code.ShouldBe((EcrCode)typeof(EcrCode).GetField(expected)!.GetValue(null)!);
    }

    [Fact]
    public void A_signature_that_is_too_old_is_the_clocks_fault()
    {
        using var environment = new AwsEnvironment("", AwsEnvironment.Keys);
        var session = environment.Open(new AwsSettings { Region = "eu-west-1" });
        var failure = new AmazonServiceException(
            "Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z",
            ErrorType.Sender,
            "InvalidSignatureException",
            "r",
            HttpStatusCode.BadRequest
        );

        AwsProblems.From(failure, session)!.Code.ShouldBe(EcrCode.ClockSkewed);
    }

    [Fact]
    public async Task A_role_that_may_not_be_assumed_is_named_whichever_service_was_to_be_asked()
    {
        await using var service = await StubService.StartAsync(
            StubAnswer.StsError("AccessDenied", "User: u is not authorized to perform: sts:AssumeRole on resource: r")
        );
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL", service.Url.ToString())]
        );
        const string role = "arn:aws:iam::444455556666:role/push";
        var session = environment.Open(new AwsSettings { Region = "eu-west-1", RoleArn = role });
        using var ecr = session.CreateEcrClient();

        var failure = await Should.ThrowAsync<Exception>(() => ecr.GetRepositoryPolicyAsync(new(), Cancellation));
        var problem = AwsProblems.From(failure, session).ShouldNotBeNull();

        problem.Code.ShouldBe(EcrCode.RoleNotAssumed);
        problem.RoleArn.ShouldBe(role);
        FailureDiagnosis.Find(problem)!.ToString().ShouldContain("sts:AssumeRole");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("arn:aws:iam::444455556666:role/push")]
    public async Task A_well_formed_page_is_neither_a_caller_nor_a_role(string? role)
    {
        await using var portal = await StubService.StartAsync(
            new StubAnswer(200, "<html><head><title>Log in to the network</title></head></html>", "text/html")
        );
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL", portal.Url.ToString()), ("AWS_MAX_ATTEMPTS", "1")]
        );
        var session = environment.Open(new AwsSettings { Region = "eu-west-1", RoleArn = role });

        var problem = await Should.ThrowAsync<AwsSessionException>(() => session.GetCallerIdentityAsync(Cancellation));

        problem.Code.ShouldBe(EcrCode.AnsweredByOther);
    }

    [Fact]
    public async Task An_endpoint_that_nobody_serves_is_named()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        listener.Dispose();
        using var environment = new AwsEnvironment("", [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL", url)]);
        var session = environment.Open(new AwsSettings { Region = "eu-west-1" });

        var problem = await Should.ThrowAsync<AwsSessionException>(() =>
            session.GetAuthorizationAsync(session.RegistryOf("444455556666"), Cancellation)
        );

        problem.Code.ShouldBe(EcrCode.EndpointUnreachable);
        problem.Endpoint.ShouldBe(new Uri(url));
    }

    [Fact]
    public void A_misspelled_profile_is_reported_with_the_nearest_one()
    {
        using var environment = new AwsEnvironment(
            """
            [profile production]
            aws_access_key_id = A
            aws_secret_access_key = B
            [profile staging]
            aws_access_key_id = A
            aws_secret_access_key = B
            """
        );

        var problem = Should.Throw<AwsSessionException>(() =>
            environment.Open(new AwsSettings { Profile = "prodution" })
        );

        problem.Code.ShouldBe(EcrCode.ProfileNotFound);
        problem.Profile.ShouldBe("prodution");
        problem.Message.ShouldContain("'production'");
        Should
            .Throw<AwsSessionException>(() => environment.Open(new AwsSettings { Profile = "zzz" }))
            .Message.ShouldNotContain("production");
    }

    [Fact]
    public void AWS_PROFILE_that_does_not_exist_is_told_instead_of_looking_further()
    {
        using var environment = new AwsEnvironment("", ("AWS_PROFILE", "gone"));

        Should
            .Throw<AwsSessionException>(() => environment.Open(new AwsSettings()))
            .Code.ShouldBe(EcrCode.ProfileNotFound);
    }

    [Fact]
    public void A_profile_that_wants_a_device_code_cannot_be_used_in_a_build()
    {
        using var environment = new AwsEnvironment(
            """
            [profile base]
            aws_access_key_id = A
            aws_secret_access_key = B
            [profile careful]
            role_arn = arn:aws:iam::444455556666:role/deploy
            source_profile = base
            mfa_serial = arn:aws:iam::111122223333:mfa/me
            """
        );

        Should
            .Throw<AwsSessionException>(() => environment.Open(new AwsSettings { Profile = "careful" }))
            .Code.ShouldBe(EcrCode.MfaRequired);
    }

    [Fact]
    public void Profiles_that_lead_back_to_themselves_are_unusable()
    {
        using var environment = new AwsEnvironment(
            """
            [profile a]
            role_arn = arn:aws:iam::444455556666:role/a
            source_profile = b
            [profile b]
            role_arn = arn:aws:iam::444455556666:role/b
            source_profile = a
            """
        );

        Should
            .Throw<AwsSessionException>(() => environment.Open(new AwsSettings { Profile = "a" }))
            .Code.ShouldBe(EcrCode.ProfileUnusable);
    }

    [Theory]
    [InlineData("eu west")]
    [InlineData("eu_west_1")]
    [InlineData("EU-WEST-1")]
    [InlineData("eu-west-1.example.com")]
    [InlineData("-eu-west-1")]
    [InlineData("***")]
    public void A_region_that_cannot_be_one_is_said_to_be_invalid(string region)
    {
        using var environment = new AwsEnvironment("", AwsEnvironment.Keys);
        var session = environment.Open(new AwsSettings { Region = region });

        var failure = Should.Throw<AwsSessionException>(() => session.CreateEcrClient());

        failure.Code.ShouldBe(EcrCode.NoRegion);
        FailureDiagnosis.Find(failure)!.Code.ShouldBe(EcrCode.NoRegion);
        FailureDiagnosis.Find(failure)!.Message.ShouldContain($"'{region}'");
    }

    [Fact]
    public void Without_a_region_no_client_is_made()
    {
        using var environment = new AwsEnvironment("", AwsEnvironment.Keys);
        var session = environment.Open(new AwsSettings());

        session.Region.ShouldBeNull();
        Should.Throw<AwsSessionException>(() => session.CreateEcrClient()).Code.ShouldBe(EcrCode.NoRegion);
        session
            .CreateEcrClient(EcrRegistry.Create("444455556666", "eu-west-1"))
            .Config.RegionEndpoint.SystemName.ShouldBe("eu-west-1");
    }

    [Fact]
    public void A_cancellation_is_no_problem_of_AWS()
    {
        using var environment = new AwsEnvironment("", AwsEnvironment.Keys);

        AwsProblems.From(new TaskCanceledException(), environment.Open(new AwsSettings())).ShouldBeNull();
    }
}
