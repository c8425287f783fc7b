using Amazon.Runtime;
using EcrBuildTasks.Failures;
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
            AwsSessionException session => AwsDiagnosis.Describe(session),
            PushException push => PushDiagnosis.Describe(push),
            AmazonServiceException { ErrorCode: { Length: > 0 } } answer => AwsDiagnosis.Describe(answer),
            AmazonClientException refusal => AwsDiagnosis.Describe(refusal),
            OperationCanceledException => EcrDiagnostic.Error(
                EcrCode.Cancelled,
                "The push was cancelled. The tag in the registry is unchanged."
            ),
            _ => null,
        };
}
