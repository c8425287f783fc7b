using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Diagnostics for failed calls about a repository or its policy.</summary>
public static class RepositoryCallDiagnosis
{
    /// <summary>The diagnostic of a failure that can be expected; <see langword="null"/> for any other.</summary>
    /// <param name="failure">The exception of the call.</param>
    /// <param name="session">The session that made the call.</param>
    /// <param name="repository">The repository's name.</param>
    public static EcrDiagnostic? Find(Exception failure, AwsSession session, EcrRegistry registry, string repository) =>
        AwsProblems.From(failure, session) is { } problem
            ? FailureDiagnosis.Find(problem)
            : OfAnswer(failure, registry, repository)?.AskedAs(CallerWords.Describe(session));

    private static EcrDiagnostic? OfAnswer(Exception failure, EcrRegistry registry, string repository) =>
        failure switch
        {
            RepositoryNotFoundException => EcrDiagnostic.Error(
                EcrCode.RepositoryMissing,
                registry.Kind is RegistryKind.Public
                    ? $"The repository {repository} does not exist in the public registry {registry}."
                    : $"The repository {repository} does not exist in account {registry.Account}, region {registry.Region}.",
                "This command creates it:",
                $"  dotnet ecr repository create {registry}/{repository}"
            ),
            InvalidParameterException refused => EcrDiagnostic.Failed(
                refused.Message.Contains("PolicyText", StringComparison.OrdinalIgnoreCase)
                    ? EcrCode.PolicyRefused
                    : EcrCode.ParameterInvalid,
                $"AWS rejected the request for {repository} in account {registry.Account}: {refused.Message}"
            ),
            LimitExceededException or KmsException or AmazonServiceException { ErrorCode: "AccessDeniedException" } =>
                FailureDiagnosis.Find(failure),
            _ => null,
        };
}
