using System.Text.RegularExpressions;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>The statements for the caller's identity policy.</summary>
internal static partial class IdentityFix
{
    /// <summary>The denied actions on exactly this repository.</summary>
    public static IReadOnlyList<PolicyFix> ForRepository(FixRequest request)
    {
        var actions = FixStatement.RepositoryActions(request);
        if (actions.Count == 0)
        {
            return [];
        }

        var repository = SidWord.Create(request.RepositoryName);
        var purpose = FixStatement.Purpose(actions);
        return Fix(
            request,
            FixStatement.ForIdentityPolicy(
                request,
                $"Allow{purpose}{(purpose is "Pull" ? "From" : "To")}{repository}",
                actions,
                request.RepositoryArn
            )
        );
    }

    /// <summary>The token is about no repository: resource <c>*</c>, and no repository policy can grant it.</summary>
    public static IReadOnlyList<PolicyFix> ForToken(FixRequest request) =>
        FixStatement.TokenActionsOf(request) is { Count: > 0 } actions
            ? Fix(request, FixStatement.ForIdentityPolicy(request, "AllowEcrLogin", actions, "*"))
            : [];

    /// <summary>The signature that ECR makes with the identity of the caller, on exactly this signing profile.</summary>
    public static IReadOnlyList<PolicyFix> ForSigning(FixRequest request, string profile) =>
        SigningProfile().Match(profile) is { Success: true } name
            ? Fix(
                request,
                FixStatement.ForIdentityPolicy(
                    request,
                    $"AllowSigningWith{SidWord.Create(name.Groups["name"].Value)}",
                    [SignerActions.SignPayload],
                    profile
                )
            )
            : [];

    [GeneratedRegex($@"^{SigningRule.ProfileArnPattern}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SigningProfile();

    private static IReadOnlyList<PolicyFix> Fix(FixRequest request, Statement? statement) =>
        statement is null
            ? []
            :
            [
                new()
                {
                    Policy = PolicyKind.Identity,
                    OwnerAccount = request.Caller.Account,
                    Statement = statement,
                    Request = request,
                },
            ];
}
