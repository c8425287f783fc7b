using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Diagnostics;

/// <summary>Words for an AWS that cannot be asked, or refuses something else than the push.</summary>
internal static class AwsDiagnosis
{
    public static EcrDiagnostic Of(AwsSessionException failure)
    {
        var profile = failure.Profile is { } name ? $" --profile {name}" : "";
        var source = failure.CredentialsSource is { } from ? $" from {from}" : "";
        return failure.Problem switch
        {
            AwsProblem.NoCredentials => EcrDiagnostic.Error(
                EcrCode.NoCredentials,
                "No AWS credentials were found. Run `aws configure` or `aws sso login`, set AWS_PROFILE (or the property EcrProfile), or in a pipeline give the job a role.",
                "Looked at: environment variables, web identity, the default profile, container and instance credentials."
            ),
            AwsProblem.ExpiredCredentials => EcrDiagnostic.Error(
                EcrCode.CredentialsExpired,
                $"The AWS credentials{source} have expired. Get new ones, for example with `aws sso login{profile}`, and run the build again."
            ),
            AwsProblem.InvalidCredentials => EcrDiagnostic.Error(
                EcrCode.CredentialsInvalid,
                $"AWS does not accept the credentials{source}{Code(failure)}: the access key does not exist, the secret key does not belong to it, or the session token is not of the same session. Check them with `aws sts get-caller-identity{profile}`."
            ),
            AwsProblem.NoRegion => EcrDiagnostic.Error(
                EcrCode.NoRegion,
                "No AWS region is known. Set EcrRegistry to the registry's host, or EcrRegion, AWS_REGION or the profile's region."
            ),
            AwsProblem.ProfileNotFound => EcrDiagnostic.Error(
                EcrCode.ProfileNotFound,
                $"The AWS profile '{failure.Profile}' does not exist."
                    + (
                        failure.NearestProfile is { } nearest
                            ? $" Did you mean '{nearest}'?"
                            : " `aws configure list-profiles` lists those that do."
                    )
            ),
            AwsProblem.SsoLoginRequired => EcrDiagnostic.Error(
                EcrCode.SsoLoginRequired,
                $"The IAM Identity Center session of profile '{failure.Profile}' has ended. Run `aws sso login{profile}` and build again."
            ),
            AwsProblem.AssumeRoleDenied => EcrDiagnostic.Error(
                EcrCode.RoleNotAssumed,
                $"The role {failure.RoleArn} could not be assumed{source}: its trust policy must allow the caller, and the caller's own policies sts:AssumeRole.",
                $"AWS says: {failure.Message}"
            ),
            AwsProblem.EndpointUnreachable => EcrDiagnostic.Error(
                EcrCode.EndpointUnreachable,
                $"{failure.Message.TrimEnd('.')}. Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and AWS_ENDPOINT_URL."
            ),
            AwsProblem.Throttled => EcrDiagnostic.Error(
                EcrCode.Throttled,
                $"AWS throttles the requests of this account, after retries too{Code(failure)}. Build again in a minute; AWS_MAX_ATTEMPTS lets the build wait for longer."
            ),
            AwsProblem.ServiceFailed => EcrDiagnostic.Error(
                EcrCode.RegistryFailed,
                $"{failure.Message.TrimEnd('.')}. AWS fails by itself, after retries too; build again later."
            ),
            AwsProblem.AnsweredByOther => EcrDiagnostic.Error(
                EcrCode.AnsweredByOther,
                $"{failure.Message}. A proxy, a firewall or a captive portal seems to answer in its place: check HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL."
            ),
            AwsProblem.ClockSkew => EcrDiagnostic.Error(
                EcrCode.ClockSkewed,
                "The clock of this machine differs too much from that of AWS for a signature to be accepted. Set it, best by NTP."
            ),
            _ => EcrDiagnostic.Error(
                EcrCode.CredentialsInvalid,
                $"The AWS credentials cannot be used: {failure.Message}"
            ),
        };
    }

    public static EcrDiagnostic Of(AmazonServiceException answer) =>
        answer is LimitExceededException
            ? EcrDiagnostic.Error(EcrCode.QuotaExceeded, answer.Message)
            : EcrDiagnostic.Error(
                EcrCode.TokenUnavailable,
                $"AWS refused a request of the push with {answer.ErrorCode}: {answer.Message}"
            );

    public static EcrDiagnostic Of(AmazonClientException failure) =>
        EcrDiagnostic.Error(EcrCode.TokenUnavailable, $"AWS could not be asked: {failure.Message}");

    private static string Code(AwsSessionException failure) => failure.ErrorCode is { } code ? $" ({code})" : "";
}
