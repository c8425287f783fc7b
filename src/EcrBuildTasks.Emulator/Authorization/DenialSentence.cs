using System.Security.Cryptography;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Authorization;

/// <summary>Words a denial as AWS does: <see href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"/>.</summary>
internal static class DenialSentence
{
    public static string Explicit(Caller caller, string action, string resource, PolicyKind kind, string? policyArn) =>
        $"{Opening(caller, action, resource)} with an explicit deny in {WithArticle(kind)}"
        + (policyArn is null ? "" : $": {policyArn}");

    public static string Silent(Caller caller, string action, string resource, PolicyKind kind) =>
        $"{Opening(caller, action, resource)} because no {Name(kind)} allows the {action} action";

    public static string Opening(Caller caller, string action, string resource) =>
        $"User: {caller.Arn} is not authorized to perform: {action} on resource: {resource}";

    /// <summary>What the services that have an authorization ID for each denial add since 2026; no other call knows this one.</summary>
    public static string Tail(string region)
    {
        var id = RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 26);
        return $". Go to https://{region}.console.aws.amazon.com/iam/home?region={region}#/authorization-details/{id} for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: {id}";
    }

    private static string WithArticle(PolicyKind kind) => $"{(kind is PolicyKind.Identity ? "an" : "a")} {Name(kind)}";

    private static string Name(PolicyKind kind) =>
        kind switch
        {
            PolicyKind.Repository or PolicyKind.Registry => "resource-based policy",
            PolicyKind.Identity => "identity-based policy",
            PolicyKind.PermissionsBoundary => "permissions boundary",
            PolicyKind.Session => "session policy",
            PolicyKind.ServiceControl => "service control policy",
            PolicyKind.ResourceControl => "resource control policy",
            PolicyKind.VpcEndpoint => "VPC endpoint policy",
            PolicyKind.RoleTrust => "role trust policy",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
}
