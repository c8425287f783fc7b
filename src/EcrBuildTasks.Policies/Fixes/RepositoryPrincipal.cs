using System.Text.Json.Nodes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>The principal of a repository statement: narrow, but it outlives a recreated role and each new session.</summary>
internal static class RepositoryPrincipal
{
    /// <returns>The <c>Principal</c> and the <c>Condition</c>; <see langword="null"/> when the caller cannot be named.</returns>
    public static (JsonNode Principal, JsonObject? Condition)? Create(FixRequest request)
    {
        var caller = CallerName.FromCaller(request.Caller);
        var account = IamArn(caller, "root");
        if (request.Scope is FixScope.Account)
        {
            return request.IsSameAccount ? null : (Aws(account), null);
        }

        return caller.Kind switch
        {
            CallerName.Type.User or CallerName.Type.FederatedUser => (Aws(request.Caller.Arn), null),
            CallerName.Type.Root => request.IsSameAccount ? null : (Aws(account), PrincipalArnIsLike([account])),
            CallerName.Type.Role when request.IsSameAccount || request.Scope is FixScope.Principal => RoleItself(
                request,
                caller
            ),
            CallerName.Type.Role => (Aws(account), PrincipalArnIsLike(RolePatterns(caller, request.RoleArn))),
            _ => null,
        };
    }

    /// <summary>Patterns that the caller's <c>aws:PrincipalArn</c> matches, and no other caller's.</summary>
    /// <returns><see langword="null"/> when the caller cannot be named by a pattern.</returns>
    public static IReadOnlyList<string>? ArnPatterns(FixRequest request)
    {
        var caller = CallerName.FromCaller(request.Caller);
        return request.InvalidName is not null ? null
            : caller.Kind is CallerName.Type.Role ? RolePatterns(caller, request.RoleArn)
            : [request.Caller.Arn];
    }

    /// <summary>Within the account its root would only delegate, so the role must be named.</summary>
    private static (JsonNode, JsonObject?)? RoleItself(FixRequest request, CallerName caller) =>
        request.RoleArn is { } arn ? (Aws(arn), null)
        // ECR rejects a role that does not exist, so this cannot grant to another role. One of Identity Center has a path.
        : request.IsSameAccount && caller.PermissionSet is null ? (Aws(IamArn(caller, $"role/{caller.Name}")), null)
        : null;

    private static string[] RolePatterns(CallerName caller, string? roleArn)
    {
        var roles = IamArn(caller, "role/");
        if (caller.PermissionSet is { } set)
        {
            // The last 16 characters change when the permission set is assigned again. Only the roles of some regions have
            // the region in their path, and a * before the name would also match another name that ends in this one.
            var path = $"{roles}aws-reserved/sso.amazonaws.com/";
            var name = $"AWSReservedSSO_{set}_{new string('?', 16)}";
            return [path + name, $"{path}*/{name}"];
        }

        // The session's ARN has lost the role's path; names are unique in an account whatever the path.
        return roleArn is not null ? [roleArn] : [roles + caller.Name, $"{roles}*/{caller.Name}"];
    }

    private static string IamArn(CallerName caller, string resource) =>
        Arn.ForIam(caller.Partition, caller.Account, resource).ToString();

    private static JsonObject Aws(string arn) => new() { ["AWS"] = arn };

    private static JsonObject PrincipalArnIsLike(string[] patterns) =>
        new()
        {
            ["ArnLike"] = new JsonObject
            {
                ["aws:PrincipalArn"] = patterns is [var single]
                    ? JsonValue.Create(single)
                    : new JsonArray([.. patterns.Select(pattern => JsonValue.Create(pattern))]),
            },
        };
}
