namespace EcrBuildTasks.Policies;

/// <summary>A request while it is evaluated.</summary>
internal readonly ref struct Question
{
    public required AuthorizationRequest Request { get; init; }

    public required PolicySet Policies { get; init; }

    public required RequestContext Context { get; init; }

    public required CallerPrincipal Caller { get; init; }

    /// <summary>Where to note what is not known; <see langword="null"/> when they are not collected.</summary>
    public ISet<string>? Missing { get; init; }

    public bool IsSameAccount => Request.RepositoryAccount == Request.Caller.Account;

    /// <summary>What the action is on: a token is requested on <c>*</c>, whichever repository it is for.</summary>
    public string Resource => IsAboutNoRepository ? "*" : Request.RepositoryArn;

    /// <summary>Such as <c>ecr:GetAuthorizationToken</c>: no resource-based policy applies.</summary>
    public bool IsAboutNoRepository => Request.RepositoryArn == "*" || PushAction.IsOfToken(Request.Action);

    public Question Quiet() => With(Context, missing: null);

    public Question With(RequestContext context, ISet<string>? missing) =>
        new()
        {
            Request = Request,
            Policies = Policies,
            Context = context,
            Caller = Caller,
            Missing = missing,
        };

    public void Lacks(string knowledge) => Missing?.Add(knowledge);
}
