using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;

namespace EcrBuildTasks.Core.Tests.Failures.Reading;

public sealed class AnswerTests
{
    [Theory]
    [InlineData(
        "denied: User: arn:aws:sts::542754589326:assumed-role/viewer/dsotirho@ucsc.edu is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:542754589326:repository/docker.io/gitlab/gitlab-ce because no identity-based policy allows the ecr:InitiateLayerUpload action",
        nameof(EcrCode.DeniedWithoutReason),
        true
    )]
    [InlineData(
        "denied: User: arn:aws:iam::845828040396:user/s3-staging is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-west-2:845828040396:repository/production/immutable-tls-service",
        nameof(EcrCode.DeniedWithoutReason),
        true
    )]
    [InlineData(
        "error parsing HTTP 403 response body: unexpected end of JSON input: \"\"",
        nameof(EcrCode.DeniedWithoutReason),
        false
    )]
    [InlineData(
        "error parsing HTTP 403 response body: no error details found in HTTP response body: \"{\\\"message\\\":\\\"Missing Authentication Token\\\"}\"",
        nameof(EcrCode.DeniedWithoutReason),
        false
    )]
    [InlineData(
        "failed to resolve reference \"public.ecr.aws/lambda/provided:al2023\": unexpected status from HEAD request to https://public.ecr.aws/v2/lambda/provided/manifests/al2023: 403 Forbidden",
        nameof(EcrCode.DeniedWithoutReason),
        false
    )]
    [InlineData("EOF", nameof(EcrCode.DeniedWithoutReason), false)]
    [InlineData(
        "failed to do request: Post \"https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/dev/db-migration/blobs/uploads/\": EOF",
        nameof(EcrCode.DeniedWithoutReason),
        false
    )]
    [InlineData("no basic auth credentials", nameof(EcrCode.DeniedWithoutReason), false)]
    [InlineData("Get https://public.ecr.aws/v2/: denied: Not Authorized", nameof(EcrCode.DeniedWithoutReason), false)]
    [InlineData(
        "error parsing HTTP 403 response body: invalid character 'Y' looking for beginning of value: \"Your Authorization Token has expired. Please run 'aws ecr get-login' to fetch a new one.\"",
        nameof(EcrCode.TokenUnavailable),
        true
    )]
    [InlineData(
        "denied: Your authorization token has expired. Reauthenticate and try again.",
        nameof(EcrCode.TokenUnavailable),
        true
    )]
    [InlineData(
        "name unknown: The repository with name 'team/hello' does not exist in the registry with id '111122223333'",
        nameof(EcrCode.RepositoryMissing),
        true
    )]
    [InlineData(
        "unexpected status from POST request to https://public.ecr.aws/v2/kafbat/kafka-ui/blobs/uploads/: 404 Not Found",
        nameof(EcrCode.RepositoryMissing),
        true
    )]
    [InlineData(
        "tag invalid: The image tag '1.0' already exists in the 'hello' repository and cannot be overwritten because the repository is immutable.",
        nameof(EcrCode.TagImmutable),
        true
    )]
    [InlineData(
        "denied: The repository with name 'hello' in registry with id '111122223333' already has the maximum allowed number of images which is '1000'",
        nameof(EcrCode.QuotaExceeded),
        true
    )]
    [InlineData(
        "DENIED: Adding tag 'x' to an image in the repository with name 'tool' in registry with id 'xyz' exceeds the maximum allowed number of tags per image which is '1000'",
        nameof(EcrCode.QuotaExceeded),
        true
    )]
    [InlineData("toomanyrequests: Rate exceeded", nameof(EcrCode.Throttled), true)]
    [InlineData("Unknown: Rate exceeded", nameof(EcrCode.Throttled), true)]
    [InlineData("unauthorized: authentication required", nameof(EcrCode.DeniedWithoutReason), false)]
    [InlineData(
        "Get \"https://nowhere.invalid/v2/\": dial tcp: lookup nowhere.invalid on 127.0.0.53:53: no such host",
        nameof(EcrCode.RegistryUnreachable),
        false
    )]
    [InlineData(
        "An image does not exist locally with the tag: 127.0.0.1:5000/team/none",
        nameof(EcrCode.SourceImageMissing),
        true
    )]
    [InlineData(
        "manifest blob unknown: Images with digests '[sha256:88]' required for pushing image into repository with name 'R' in the registry with id 'A' do not exist",
        nameof(EcrCode.ImageRefused),
        true
    )]
    public void The_answer_to_a_push_has_the_code_of_its_failure(string message, string code, bool isCertain)
    {
        var found = FailureText.CodeOfAnswer(message, out var certain);

        (found?.Id, certain).ShouldBe((Code(code).Id, isCertain));
    }

    [Theory]
    [InlineData("")]
    [InlineData("the disk is on fire")]
    public void An_unknown_answer_has_no_code(string message) =>
        FailureText.CodeOfAnswer(message, out _).ShouldBeNull();

    private static EcrCode Code(string name) => (EcrCode)typeof(EcrCode).GetField(name)!.GetValue(null)!;
}
