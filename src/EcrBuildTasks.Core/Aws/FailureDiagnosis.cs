using Amazon.Runtime;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>Words for what a step throws.</summary>
public static class FailureDiagnosis
{
    /// <summary>The diagnostic of a failure that can be expected; <see langword="null"/> for any other.</summary>
    public static EcrDiagnostic? Find(Exception failure) =>
        failure switch
        {
            DiagnosedException diagnosed => diagnosed.Diagnostic,
            ReferenceFormatException format => SettingDiagnosis.NameInvalid(format),
            AwsSessionException session => Describe(session),
            PushException push => push.Describe(),
            AmazonServiceException { ErrorCode: { Length: > 0 } } answer => Describe(answer),
            AmazonClientException refusal => Describe(refusal),
            OperationCanceledException => EcrDiagnostic.Error(
                EcrCode.Cancelled,
                "The push was cancelled. The tag in the registry is unchanged."
            ),
            _ => null,
        };

    public static EcrDiagnostic Describe(AwsSessionException failure)
    {
        var profile = failure.Profile is { } name ? $" --profile {name}" : "";
        var source = failure.CredentialsSource is { } from ? $" from {from}" : "";
        return failure.Problem switch
        {
            AwsProblem.NoCredentials => EcrDiagnostic.Error(
                EcrCode.NoCredentials,
                "No AWS credentials were found. Run `aws configure` or `aws sso login`, or set AWS_PROFILE or the property EcrProfile. In a pipeline, assign a role to the job.",
                failure.InnerException is AwsSessionException last
                    ? $"Checked: environment variables, web identity, the default profile, container credentials and the EC2 instance. {last.Message}"
                    : "Checked: environment variables, web identity, the default profile, container credentials and instance credentials."
            ),
            AwsProblem.ExpiredCredentials => EcrDiagnostic.Error(
                EcrCode.CredentialsExpired,
                $"The AWS credentials{source} have expired. {Renewal(failure, profile)}, then run the build again."
            ),
            AwsProblem.InvalidCredentials => EcrDiagnostic.Error(
                EcrCode.CredentialsInvalid,
                $"AWS does not accept the credentials{source}{Code(failure)}: the access key does not exist, the secret key does not belong to it, or the session token belongs to another session. Check them with `aws sts get-caller-identity{profile}`."
            ),
            AwsProblem.NoRegion => EcrDiagnostic.Error(
                EcrCode.NoRegion,
                "No AWS region is set. Set EcrRegistry to the registry host, or set EcrRegion, AWS_REGION or the region of the profile."
            ),
            AwsProblem.RegionInvalid => EcrDiagnostic.Error(
                EcrCode.NoRegion,
                $"The AWS region is invalid: {failure.Message} Set EcrRegion, AWS_REGION or the region of the profile to a name such as eu-west-1."
            ),
            AwsProblem.ProfileNotFound => EcrDiagnostic.Error(
                EcrCode.ProfileNotFound,
                $"The AWS profile '{failure.Profile}'{(failure.ProfileNamedBy is { } by ? $", set by {by}," : "")} does not exist."
                    + (
                        failure.NearestProfile is { } nearest
                            ? $" Did you mean '{nearest}'?"
                            : " To list the existing profiles, run `aws configure list-profiles`."
                    )
            ),
            AwsProblem.SsoNotLoggedIn => EcrDiagnostic.Error(
                EcrCode.SsoNotLoggedIn,
                $"No IAM Identity Center login for profile '{failure.Profile}' was found on this machine. Run `aws sso login{profile}`, then run the build again. In a pipeline, assign a role to the job instead.",
                failure.Details
            ),
            AwsProblem.SsoUnusable => EcrDiagnostic.Error(
                EcrCode.SsoUnusable,
                $"{failure.Message} Reinstall EcrBuildTasks. As a workaround, export the credentials of the profile to the shell: `eval \"$(aws configure export-credentials{profile} --format env)\"`."
            ),
            AwsProblem.EnvironmentIncomplete => EcrDiagnostic.Error(
                EcrCode.EnvironmentIncomplete,
                $"{failure.Message} Set both, or unset both to use a profile or a role."
            ),
            AwsProblem.WebIdentityRefused => EcrDiagnostic.Error(
                EcrCode.WebIdentityRefused,
                $"The role {failure.RoleArn} could not be assumed by web identity: {failure.Message.TrimEnd('.')}.",
                "Check the job step that requests the token, and the trust policy of the role: `aws iam get-role --role-name "
                    + $"{failure.RoleArn?.Split('/')[^1]} --query Role.AssumeRolePolicyDocument` shows the issuer, subject and audience that it accepts."
            ),
            AwsProblem.RoleCredentialsUnavailable => EcrDiagnostic.Error(
                EcrCode.RoleCredentialsUnavailable,
                $"{failure.Message} Assign a role to the task, pod or instance, or select other credentials with AWS_PROFILE or EcrProfile."
            ),
            AwsProblem.CredentialProcessFailed => EcrDiagnostic.Error(
                EcrCode.CredentialProcessFailed,
                $"{failure.Message} To find the cause, run the command yourself; `aws configure get credential_process{profile}` shows it.",
                "Its output is not shown here because it can contain secrets."
            ),
            AwsProblem.ProfileUnusable => EcrDiagnostic.Error(
                EcrCode.ProfileUnusable,
                $"{failure.Message} `aws configure list{profile}` shows its settings."
            ),
            AwsProblem.ConfigFileMalformed => EcrDiagnostic.Error(
                EcrCode.ProfileUnusable,
                $"{failure.Message} Correct or remove that line.",
                "The line is not shown here because it can contain a secret."
            ),
            AwsProblem.MfaRequired => EcrDiagnostic.Error(
                EcrCode.MfaRequired,
                $"{failure.Message} Run `eval \"$(aws configure export-credentials{profile} --format env)\"`, which prompts for the code and exports the role credentials to the shell, then build in that shell without the profile."
            ),
            AwsProblem.SsoLoginRequired => EcrDiagnostic.Error(
                EcrCode.SsoLoginRequired,
                $"The IAM Identity Center session of profile '{failure.Profile}' has expired. Run `aws sso login{profile}`, then run the build again.",
                failure.Details
            ),
            AwsProblem.AssumeRoleDenied => EcrDiagnostic.Error(
                EcrCode.RoleNotAssumed,
                $"The role {failure.RoleArn} could not be assumed{source}: its trust policy must allow the caller, and the identity policies of the caller must allow {StsActions.AssumeRole}.",
                $"AWS reported: {failure.Message}"
            ),
            AwsProblem.EndpointUnreachable => EcrDiagnostic.Error(
                EcrCode.EndpointUnreachable,
                $"{failure.Message.TrimEnd('.')}. Check the network, the region name, the proxy settings (HTTPS_PROXY, NO_PROXY) and AWS_ENDPOINT_URL."
            ),
            AwsProblem.EndpointSettingsContradict => EcrDiagnostic.Error(
                EcrCode.EndpointSettingsContradict,
                $"{failure.Message}. These settings cannot be combined. Unset one of them, or set AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true to ignore endpoint URLs."
            ),
            AwsProblem.Throttled => EcrDiagnostic.Error(
                EcrCode.Throttled,
                $"AWS throttled the requests of this account, even after retries{Code(failure)}. Try again in a minute, or set AWS_MAX_ATTEMPTS to a higher number of retries."
            ),
            AwsProblem.ServiceFailed => EcrDiagnostic.Error(
                EcrCode.RegistryFailed,
                $"{failure.Message.TrimEnd('.')}. The AWS service failed, even after retries. Try again later."
            ),
            AwsProblem.AnsweredByOther => EcrDiagnostic.Error(
                EcrCode.AnsweredByOther,
                $"{failure.Message}. A proxy, firewall or captive portal probably answered instead of AWS. Check HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL."
            ),
            AwsProblem.ClockSkew => EcrDiagnostic.Error(
                EcrCode.ClockSkewed,
                "The clock of this machine differs too much from the AWS clock, so AWS rejects its signatures. Synchronize the clock, for example with NTP."
            ),
            _ => EcrDiagnostic.Error(
                EcrCode.CredentialsInvalid,
                $"The AWS credentials cannot be used: {failure.Message}"
            ),
        };
    }

    public static EcrDiagnostic Describe(AmazonServiceException answer) =>
        answer switch
        {
            LimitExceededException => RuleDiagnosis.Quota(answer.Message),
            KmsException => RuleDiagnosis.Kms(answer.Message),
            { ErrorCode: "AccessDeniedException" } => OfDenial(answer),
            _ => EcrDiagnostic.Error(
                EcrCode.TokenUnavailable,
                $"AWS rejected a request of the push with {answer.ErrorCode}: {answer.Message}"
            ),
        };

    /// <summary>A denial known only by the message of AWS.</summary>
    public static EcrDiagnostic OfDenial(AmazonServiceException denied) =>
        FailureText.Read(denied.Message).Diagnostic ?? EcrDiagnostic.Error(EcrCode.DeniedWithoutReason, denied.Message);

    /// <summary>A request that the AWS SDK rejects without calling AWS.</summary>
    public static EcrDiagnostic Describe(AmazonClientException refusal) =>
        EcrDiagnostic.Error(EcrCode.TokenUnavailable, $"The request to AWS could not be sent: {refusal.Message}");

    private static string Renewal(AwsSessionException failure, string profile) =>
        failure.CredentialsSource?.StartsWith("environment variables", StringComparison.Ordinal) is true
            ? "Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or set new ones"
            : $"Get new ones, for example with `aws sso login{profile}`";

    private static string Code(AwsSessionException failure) => failure.ErrorCode is { } code ? $" ({code})" : "";
}
