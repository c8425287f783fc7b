using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>
/// Asks what a repository policy says of the caller: across accounts its own side is taken to allow, within one account the
/// repository policy has to suffice alone.
/// </summary>
internal sealed class RepositoryQuestion
{
    private static readonly PolicyDocument AllowsEverything = PolicyDocument.Parse(
        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"""
    );

    private readonly FixRequest request;
    private readonly RequestContext known;
    private readonly PolicySet otherSide;

    public RepositoryQuestion(FixRequest request)
    {
        this.request = request;
        known = RequestContext.Partial(KnownContext(request));
        otherSide = request.IsSameAccount
            ? new() { IdentityPolicies = [] }
            : new() { IdentityPolicies = [new("", AllowsEverything)], SessionPolicy = AllowsEverything };
    }

    public Verdict Ask(string action, PolicyDocument? repositoryPolicy) =>
        PolicyEvaluator
            .Evaluate(
                new()
                {
                    Caller = request.Caller,
                    Action = action,
                    RepositoryArn = request.RepositoryArn,
                    RepositoryAccount = request.RepositoryAccount,
                    Context = known,
                },
                otherSide with
                {
                    RepositoryPolicy = repositoryPolicy,
                }
            )
            .Verdict;

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> KnownContext(FixRequest request)
    {
        if (request.RoleArn is not null)
        {
            yield return KeyValuePair.Create<string, IReadOnlyList<string>>("aws:PrincipalArn", [request.RoleArn]);
        }

        yield return KeyValuePair.Create<string, IReadOnlyList<string>>(
            "aws:PrincipalAccount",
            [request.Caller.Account]
        );
        yield return KeyValuePair.Create<string, IReadOnlyList<string>>(
            "aws:ResourceAccount",
            [request.RepositoryAccount]
        );
    }
}
