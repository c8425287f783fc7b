namespace EcrBuildTasks.Policies.Fixes;

/// <summary>
/// Asks what a repository policy says of the caller: across accounts its own side is taken to allow, within one account the
/// repository policy has to suffice alone.
/// </summary>
internal sealed class RepositoryQuestion
{
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
        _otherSide = PolicySet.LeavingItToTheRepository(request.IsSameAccount);
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
