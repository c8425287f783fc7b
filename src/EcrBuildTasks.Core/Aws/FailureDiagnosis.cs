using Amazon.Runtime;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
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
            PushException push => EcrDiagnostic.Failed(push.Code, push.Message),
            AmazonServiceException { ErrorCode: { Length: > 0 } } answer => Describe(answer),
            AmazonClientException refusal => Describe(refusal),
            OperationCanceledException => EcrDiagnostic.Error(
                EcrCode.Cancelled,
                "The push was cancelled. The tag in the registry is unchanged."
            ),
            _ => null,
        };

    private static EcrDiagnostic Describe(AwsSessionException failure)
    {
        var diagnostic = EcrDiagnostic.Failed(
            failure.Code,
            failure.Message,
            failure.Profile,
            failure.RoleArn?.Split('/')[^1]
        );
        return diagnostic with { Details = [.. diagnostic.Details, .. failure.Details] };
    }

    /// <summary>An answer of AWS; its sentence follows the meaning of the code.</summary>
    internal static EcrDiagnostic Describe(AmazonServiceException answer) =>
        answer switch
        {
            LimitExceededException => Refused(EcrCode.QuotaExceeded, answer),
            KmsException => Refused(EcrCode.KmsRefused, answer),
            { ErrorCode: "AccessDeniedException" } => OfDenial(answer),
            _ => EcrDiagnostic.Error(
                EcrCode.TokenUnavailable,
                $"AWS rejected a request of the push with {answer.ErrorCode}: {answer.Message}"
            ),
        };

    private static EcrDiagnostic Refused(EcrCode code, AmazonServiceException answer) =>
        EcrDiagnostic.Failed(code, $"{code.Title}: {answer.Message}");

    /// <summary>A denial known only by the message of AWS.</summary>
    public static EcrDiagnostic OfDenial(AmazonServiceException denied) =>
        (FailureText.Read(denied.Message) with { IsAnswer = true }).Diagnostic
        ?? EcrDiagnostic.Error(EcrCode.DeniedWithoutReason, denied.Message);

    /// <summary>A request that the AWS SDK rejects without calling AWS.</summary>
    private static EcrDiagnostic Describe(AmazonClientException refusal) =>
        EcrDiagnostic.Error(EcrCode.TokenUnavailable, $"The request to AWS could not be sent: {refusal.Message}");
}
