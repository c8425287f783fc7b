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

    private readonly FixRequest _request;
    private readonly RequestContext _known;
    private readonly PolicySet _otherSide;

    public RepositoryQuestion(FixRequest request)
    {
        this._request = request;
        _known = PushContext.For(
            request.Caller,
            request.RepositoryAccount,
            request.RoleArn,
            resourceTags: request.ResourceTags
        );
        _otherSide = request.IsSameAccount
            ? new() { IdentityPolicies = [] }
            : new() { IdentityPolicies = [new("", AllowsEverything)], SessionPolicy = AllowsEverything };
    }

    public Verdict Ask(string action, PolicyDocument? repositoryPolicy) =>
        PolicyEvaluator
            .Evaluate(
                new()
                {
                    Caller = _request.Caller,
                    Action = action,
                    RepositoryArn = _request.RepositoryArn,
                    RepositoryAccount = _request.RepositoryAccount,
                    Context = _known,
                },
                _otherSide with
                {
                    RepositoryPolicy = repositoryPolicy,
                }
            )
            .Verdict;
}
