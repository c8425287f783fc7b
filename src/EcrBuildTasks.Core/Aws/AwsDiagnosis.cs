using Amazon.Runtime;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Aws;

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
                failure.InnerException is AwsSessionException last
                    ? $"Looked at: environment variables, web identity, the default profile, container credentials, and the EC2 instance. {last.Message}"
                    : "Looked at: environment variables, web identity, the default profile, container and instance credentials."
            ),
            AwsProblem.ExpiredCredentials => EcrDiagnostic.Error(
                EcrCode.CredentialsExpired,
                $"The AWS credentials{source} have expired. {Renewal(failure, profile)}, and run the build again."
            ),
            AwsProblem.InvalidCredentials => EcrDiagnostic.Error(
                EcrCode.CredentialsInvalid,
                $"AWS does not accept the credentials{source}{Code(failure)}: the access key does not exist, the secret key does not belong to it, or the session token is not of the same session. Check them with `aws sts get-caller-identity{profile}`."
            ),
            AwsProblem.NoRegion => EcrDiagnostic.Error(
                EcrCode.NoRegion,
                "No AWS region is known. Set EcrRegistry to the registry's host, or EcrRegion, AWS_REGION or the profile's region."
            ),
            AwsProblem.RegionInvalid => EcrDiagnostic.Error(
                EcrCode.NoRegion,
                $"The AWS region cannot be used: {failure.Message} Set EcrRegion, AWS_REGION or the profile's region to a name such as eu-west-1."
            ),
            AwsProblem.ProfileNotFound => EcrDiagnostic.Error(
                EcrCode.ProfileNotFound,
                $"The AWS profile '{failure.Profile}'{(failure.ProfileNamedBy is { } by ? $", which {by} names," : "")} does not exist."
                    + (
                        failure.NearestProfile is { } nearest
                            ? $" Did you mean '{nearest}'?"
                            : " `aws configure list-profiles` lists those that do."
                    )
            ),
            AwsProblem.SsoNotLoggedIn => EcrDiagnostic.Error(
                EcrCode.SsoNotLoggedIn,
                $"Nobody has logged in to IAM Identity Center for profile '{failure.Profile}' on this machine. Run `aws sso login{profile}` and build again; in a pipeline give the job a role instead.",
                failure.Details
            ),
            AwsProblem.SsoUnusable => EcrDiagnostic.Error(
                EcrCode.SsoUnusable,
                $"{failure.Message} Install EcrBuildTasks anew; until then `eval \"$(aws configure export-credentials{profile} --format env)\"` gives a shell the profile's credentials."
            ),
            AwsProblem.EnvironmentIncomplete => EcrDiagnostic.Error(
                EcrCode.EnvironmentIncomplete,
                $"{failure.Message} Set both, or unset both so that a profile or a role is used."
            ),
            AwsProblem.WebIdentityRefused => EcrDiagnostic.Error(
                EcrCode.WebIdentityRefused,
                $"The role {failure.RoleArn} could not be assumed by web identity: {failure.Message.TrimEnd('.')}.",
                "Look at the step of the job that gets the token, and at the trust policy: `aws iam get-role --role-name "
                    + $"{failure.RoleArn?.Split('/')[^1]} --query Role.AssumeRolePolicyDocument` shows which issuer, subject and audience it takes."
            ),
            AwsProblem.RoleCredentialsUnavailable => EcrDiagnostic.Error(
                EcrCode.RoleCredentialsUnavailable,
                $"{failure.Message} Give the task, the pod or the instance a role, or choose other credentials with AWS_PROFILE or EcrProfile."
            ),
            AwsProblem.CredentialProcessFailed => EcrDiagnostic.Error(
                EcrCode.CredentialProcessFailed,
                $"{failure.Message} Run it yourself to see why: `aws configure get credential_process{profile}` shows its command.",
                "What it printed is not shown here: it may hold secrets."
            ),
            AwsProblem.ProfileUnusable => EcrDiagnostic.Error(
                EcrCode.ProfileUnusable,
                $"{failure.Message} `aws configure list{profile}` shows what it has."
            ),
            AwsProblem.ConfigFileMalformed => EcrDiagnostic.Error(
                EcrCode.ProfileUnusable,
                $"{failure.Message} Correct or remove that line.",
                "What it says is not shown here: it may be a secret."
            ),
            AwsProblem.MfaRequired => EcrDiagnostic.Error(
                EcrCode.MfaRequired,
                $"{failure.Message} `eval \"$(aws configure export-credentials{profile} --format env)\"` asks for the code and gives a shell the role's credentials; build there, without the profile."
            ),
            AwsProblem.SsoLoginRequired => EcrDiagnostic.Error(
                EcrCode.SsoLoginRequired,
                $"The IAM Identity Center session of profile '{failure.Profile}' has ended. Run `aws sso login{profile}` and build again.",
                failure.Details
            ),
            AwsProblem.AssumeRoleDenied => EcrDiagnostic.Error(
                EcrCode.RoleNotAssumed,
                $"The role {failure.RoleArn} could not be assumed{source}: its trust policy must allow the caller, and the caller's own policies must allow {StsActions.AssumeRole}.",
                $"AWS says: {failure.Message}"
            ),
            AwsProblem.EndpointUnreachable => EcrDiagnostic.Error(
                EcrCode.EndpointUnreachable,
                $"{failure.Message.TrimEnd('.')}. Check the network, the name of the region, the proxy (HTTPS_PROXY, NO_PROXY) and AWS_ENDPOINT_URL."
            ),
            AwsProblem.EndpointSettingsContradict => EcrDiagnostic.Error(
                EcrCode.EndpointSettingsContradict,
                $"{failure.Message}. AWS takes no such request. Unset one of them; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true leaves endpoint URLs aside."
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
        answer switch
        {
            LimitExceededException => RuleDiagnosis.Quota(answer.Message),
            KmsException => RuleDiagnosis.Kms(answer.Message),
            { ErrorCode: "AccessDeniedException" } => OfDenial(answer),
            _ => EcrDiagnostic.Error(
                EcrCode.TokenUnavailable,
                $"AWS refused a request of the push with {answer.ErrorCode}: {answer.Message}"
            ),
        };

    /// <summary>A denial of which no more is known than AWS's sentence.</summary>
    public static EcrDiagnostic OfDenial(AmazonServiceException denied) =>
        FailureText.Read(denied.Message).Diagnostic ?? EcrDiagnostic.Error(EcrCode.DeniedWithoutReason, denied.Message);

    /// <summary>What the AWS SDK refuses without asking AWS.</summary>
    public static EcrDiagnostic Of(AmazonClientException refusal) =>
        EcrDiagnostic.Error(EcrCode.TokenUnavailable, $"AWS could not be asked: {refusal.Message}");

    private static string Renewal(AwsSessionException failure, string profile) =>
        failure.CredentialsSource?.StartsWith("environment variables", StringComparison.Ordinal) is true
            ? "Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or set new ones"
            : $"Get new ones, for example with `aws sso login{profile}`";

    private static string Code(AwsSessionException failure) => failure.ErrorCode is { } code ? $" ({code})" : "";
}
