namespace EcrBuildTasks.Policies;

/// <summary>Decides a request as IAM does, from the policies at hand.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html</remarks>
public static class PolicyEvaluator
{
    /// <remarks>
    /// Service control, resource control and VPC endpoint policies are not looked at: they can still deny what is
    /// <see cref="Verdict.Allowed"/> here.
    /// </remarks>
    public static Decision Evaluate(AuthorizationRequest request, PolicySet policies)
    {
        var question = new Question
        {
            Request = request,
            Policies = policies,
            Context = request.Context,
            Caller = CallerPrincipal.FromCaller(request.Caller),
        };
        var decision = Decide(question);
        if (decision.Verdict is Verdict.Unknown or Verdict.Denied)
        {
            decision = PossibleContexts.Settle(question) ?? decision;
        }

        return decision.Verdict is Verdict.Unknown or Verdict.Denied
            ? decision with
            {
                Missing = MissingKnowledge.Find(question),
            }
            : decision;
    }

    internal static Decision Decide(in Question question)
    {
        // Everything starts as an implicit deny; a matching Deny on either side ends it.
        var resource = ResourceSide.Evaluate(question);
        if (resource.Denies is Truth.True)
        {
            return new Decision { Verdict = Verdict.ExplicitlyDenied, DecidedBy = resource.DeniedBy };
        }

        var caller = CallerSide.Evaluate(question);
        if (caller.Denies is Truth.True)
        {
            return new Decision { Verdict = Verdict.ExplicitlyDenied, DecidedBy = caller.DeniedBy };
        }

        return Grant.Evaluate(resource, caller, question) switch
        {
            Truth.Unknown => new Decision { Verdict = Verdict.Unknown },
            Truth.False => Denied(resource, caller, question),
            _ => Allowed(resource, caller, question),
        };
    }

    private static Decision Denied(in ResourceSide resource, in CallerSide caller, in Question question) =>
        new()
        {
            Verdict = resource.Denies.Or(caller.Denies) is Truth.Unknown ? Verdict.Denied : Verdict.ImplicitlyDenied,
            Silent = SilentPolicies.Find(resource, caller, question),
        };

    private static Decision Allowed(in ResourceSide resource, in CallerSide caller, in Question question)
    {
        // An identity policy that was not seen may deny, as may a statement that is not understood.
        var mayBeDenied =
            resource.Denies.Or(caller.Denies) is Truth.Unknown || question.Policies.IdentityPolicies is null;
        return new Decision
        {
            Verdict = mayBeDenied ? Verdict.Unknown : Verdict.Allowed,
            DecidedBy = mayBeDenied ? null : DecidedBy(resource, caller, question),
        };
    }

    private static StatementReference? DecidedBy(in ResourceSide resource, in CallerSide caller, in Question question)
    {
        if (question.Caller.Kind is CallerKind.Root && (question.IsSameAccount || question.IsAboutNoRepository))
        {
            // Root is allowed without any statement.
            return null;
        }

        var grants = resource.Grants.Certain;
        var isByResource =
            !question.IsSameAccount
            || grants is Reach.Direct
            || (grants is Reach.Limited && caller.WithinLimits is Truth.True);
        return isByResource && resource.GrantedBy is not null ? resource.GrantedBy : caller.AllowedBy;
    }
}
