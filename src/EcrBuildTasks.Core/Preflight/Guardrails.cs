using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Preflight;

/// <summary>Words for the policies that limit what others grant.</summary>
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
                $"The boundary is set by whoever administers account {report.Caller.Account}, where the caller is.",
            PolicyKind.Session =>
                "The session policy is set by whoever started the session, in a pipeline the step that assumes the role.",
            PolicyKind.ServiceControl =>
                $"The policy is set in the management account of the organization that account {report.Caller.Account} belongs to, or by its delegated administrator.",
            PolicyKind.ResourceControl =>
                $"The policy is set in the management account of the organization that account {report.Image.Registry.Account} belongs to, or by its delegated administrator.",
            PolicyKind.VpcEndpoint => "The policy is set by whoever owns the VPC that the build runs in.",
            PolicyKind.Registry =>
                $"The registry policy is set in account {report.Image.Registry.Account}, where the registry is.",
            PolicyKind.RoleTrust =>
                $"The trust policy is set by whoever administers account {report.Caller.Account}, where the role is.",
            _ => null,
        };
}
