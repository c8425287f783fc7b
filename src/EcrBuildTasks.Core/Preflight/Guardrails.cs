using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Preflight;

/// <summary>Descriptions of the policies that limit what other policies grant.</summary>
internal static class Guardrails
{
    public static string Name(PolicyKind policy) =>
        policy switch
        {
            PolicyKind.PermissionsBoundary => "the caller's permissions boundary",
            PolicyKind.Session => "the session policy of the caller's session",
            PolicyKind.ServiceControl => "a service control policy of the caller's organization",
            PolicyKind.ResourceControl => "a resource control policy of the registry's organization",
            PolicyKind.VpcEndpoint => "the policy of the VPC endpoint",
            PolicyKind.Registry => "the registry policy",
            PolicyKind.RoleTrust => "the trust policy of the role",
            _ => "a policy",
        };

    /// <summary>Who can change the policy; <see langword="null"/> for a repository or identity policy.</summary>
    public static string? Owner(PolicyKind policy, PreflightReport report) =>
        policy switch
        {
            PolicyKind.PermissionsBoundary =>
                $"An administrator of the caller's account {report.Caller.Account} can change the permissions boundary.",
            PolicyKind.Session =>
                "The session policy is passed when the session is created; in a pipeline, by the step that assumes the role.",
            PolicyKind.ServiceControl =>
                $"The management account or a delegated administrator of the organization of account {report.Caller.Account} can change the policy.",
            PolicyKind.ResourceControl =>
                $"The management account or a delegated administrator of the organization of account {report.Image.Registry.Account} can change the policy.",
            PolicyKind.VpcEndpoint => "The owner of the VPC in which the build runs can change the policy.",
            PolicyKind.Registry =>
                $"An administrator of the registry's account {report.Image.Registry.Account} can change the registry policy.",
            PolicyKind.RoleTrust =>
                $"An administrator of the role's account {report.Caller.Account} can change the trust policy.",
            _ => null,
        };

    /// <summary>Names a statement and its policy.</summary>
    public static string Describe(StatementReference statement) =>
        $"{StatementName.Describe(statement)} of {Policy(statement)}";

    private static string Policy(StatementReference statement) =>
        statement.Policy switch
        {
            PolicyKind.Repository => "the repository policy",
            PolicyKind.Identity => $"the caller's identity policy {statement.PolicyName}",
            var other => Name(other),
        };
}
