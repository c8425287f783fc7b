using System.Collections.ObjectModel;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies;

/// <summary>The context keys whose values are the same in each request of a push.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html</remarks>
public static class PushContext
{
    // A service role of CodeBuild only has the keys of the build in the sessions that CodeBuild itself creates.
    private const string CodeBuildSession = "/AWSCodeBuild-";

    /// <param name="roleArn">The ARN of the caller's role with its path; <see langword="null"/> when it is not known.</param>
    /// <param name="region">The region of the registry; <see langword="null"/> when it is not known.</param>
    /// <param name="resourceTags">The tags of the repository; <see langword="null"/> when they are not known.</param>
    /// <param name="codeBuildArn">The ARN of the build, if CodeBuild runs it.</param>
    public static RequestContext For(
        Caller caller,
        string repositoryAccount,
        string? roleArn = null,
        string? region = null,
        IReadOnlyDictionary<string, string>? resourceTags = null,
        string? codeBuildArn = null
    )
    {
        var known = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["aws:PrincipalAccount"] = [caller.Account],
            ["aws:PrincipalIsAWSService"] = ["false"],
            ["aws:ResourceAccount"] = [repositoryAccount],
            // ECR has no endpoint without TLS.
            ["aws:SecureTransport"] = ["true"],
            ["aws:ViaAWSService"] = ["false"],
        };
        var parsed = CallerArn.Parse(caller.Arn);
        Add("aws:PrincipalArn", roleArn ?? (parsed is null or { Type: "assumed-role" } ? null : caller.Arn));
        Add("aws:PrincipalType", TypeOf(parsed?.Type));
        Add("aws:RequestedRegion", region);
        Add("aws:userid", caller.UserId is { Length: > 0 } id ? id : null);
        Add("aws:username", parsed is { Type: "user" } user ? user.Name : null);
        if (
            Arn.Parse(codeBuildArn) is { Service: "codebuild", Resource: var build } arn
            && arn.Account == caller.Account
            && caller.Arn.Contains(CodeBuildSession, StringComparison.Ordinal)
            && build.Split('/', ':') is ["build", var project, _]
        )
        {
            Add("codebuild:buildArn", arn.ToString());
            Add("codebuild:projectArn", (arn with { Resource = $"project/{project}" }).ToString());
        }

        foreach (var (key, value) in ResourceTags.Keys(resourceTags ?? ReadOnlyDictionary<string, string>.Empty))
        {
            Add(key, value);
        }

        return RequestContext.Partial(known, tagsAreKnown: resourceTags is not null);

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                known[key] = [value];
            }
        }
    }

    private static string? TypeOf(string? callerType) =>
        callerType switch
        {
            "root" => "Account",
            "user" => "User",
            "federated-user" => "FederatedUser",
            "assumed-role" or "role" => "AssumedRole",
            _ => null,
        };
}
