using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Diagnostics for a new repository that lacks some of its settings.</summary>
internal static class RepositoryCreationDiagnosis
{
    public static EcrDiagnostic LacksLifecyclePolicy(
        EcrRegistry registry,
        string name,
        LifecyclePolicyFile policy,
        string answer
    ) =>
        Lacks(
            registry,
            name,
            "its lifecycle policy",
            answer,
            $"This command adds it (requires {EcrActions.PutLifecyclePolicy}):",
            $"  aws ecr put-lifecycle-policy --registry-id {registry.Account} --region {registry.Region} --repository-name {name} --lifecycle-policy-text {ShellWord.QuoteForAnyShell($"file://{policy.Path.Replace(Path.DirectorySeparatorChar, '/')}") ?? "\"file://<path of the policy>\""}"
        );

    public static EcrDiagnostic LacksPushStatement(
        EcrRegistry registry,
        string name,
        PolicyFix statement,
        CallerIdentity principal,
        string answer
    ) =>
        Lacks(
            registry,
            name,
            $"the statement that allows {principal.RoleArn ?? principal.Arn} to push",
            answer,
            $"This command adds it (requires {EcrActions.SetRepositoryPolicy}):",
            $"  {statement.AwsCommand()}"
        );

    public static EcrDiagnostic NoLifecycleIn(EcrRegistry registry) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"EcrRepositoryLifecyclePolicy (--lifecycle-policy) cannot be set for {registry}: Amazon ECR Public does not support lifecycle policies."
        );

    private static EcrDiagnostic Lacks(
        EcrRegistry registry,
        string name,
        string what,
        string answer,
        params IReadOnlyList<string> remedy
    ) =>
        EcrDiagnostic.Warning(
            EcrCode.RepositoryIncomplete,
            $"The repository {name} was created in account {registry.Account}, region {registry.Region}, but without {what}: {answer}",
            remedy
        );
}
