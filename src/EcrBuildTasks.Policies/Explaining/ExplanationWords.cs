using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Policies.Explaining;

public static class ExplanationWords
{
    /// <summary>One line for each principal that can push, or that lacks some of the push actions.</summary>
    public static IReadOnlyList<string> Pushers(PolicyExplanation explanation)
    {
        var able = explanation.Pushers.Where(pusher => pusher.Missing.Count == 0).Select(Pusher).ToList();
        var unable = explanation
            .Pushers.Where(pusher => pusher.Missing.Count > 0 && pusher.IsMeantToPush)
            .Select(Pusher);
        return [.. able.Count > 0 ? able : ["no one under this policy"], .. unable];
    }

    /// <summary>A statement: what it means for a push, for whom, and when.</summary>
    public static string Statement(StatementExplanation statement)
    {
        var (who, when) = (
            PrincipalWords.Describe(statement.Statement.Principal),
            When(statement.Statement.Conditions)
        );
        var name = StatementName.Describe(statement.Reference);
        var isAllow = statement.Statement.Effect is Effect.Allow;
        if (statement.DelegatesOnly)
        {
            return $"{name} names {who}, which owns the repository. It delegates the decision to the identity policies of that account and grants no access by itself{when}.";
        }

        return (isAllow, statement.Part) switch
        {
            (_, PushPart.None) =>
                $"{name} does not affect pushes; it {(isAllow ? "allows" : "denies")} other actions for {who}{when}.",
            (true, PushPart.All) => $"{name} allows all {statement.ActionsOfPush} push actions for {who}{when}.",
            (true, _) =>
                $"{name} is not enough for a push: it allows only {string.Join(", ", statement.PushActions)} for {who}{when}.",
            (false, PushPart.All) =>
                $"{name} denies all push actions for {who}, even if another statement allows them{when}.",
            _ => $"{name} denies {string.Join(", ", statement.PushActions)} for {who}; a push requires them{when}.",
        };
    }

    /// <summary>What the policy means for accounts as a whole.</summary>
    /// <param name="owner">The account of the repository; <see langword="null"/> when it is not known.</param>
    public static IReadOnlyList<string> Accounts(PolicyExplanation explanation, string? owner)
    {
        var others = explanation
            .Pushers.Select(pusher => pusher.Principal)
            .OfType<Principal>()
            .Where(principal => principal.Account.Length > 0 && principal.Account != owner)
            .GroupBy(principal => principal.Account, StringComparer.Ordinal)
            .Select(account => Other(account.Key, account.Any(principal => principal.Kind is PrincipalKind.Account)));
        var own = owner is null
            ? "The account that owns the repository"
            : $"Account {owner}, which owns the repository,";
        return
        [
            .. others,
            $"{own} needs no statement in this policy: the identity policies of its users and roles decide, unless a statement denies the push. A statement that names the account root only delegates to those identity policies.",
        ];
    }

    private static string Other(string account, bool isDelegated) =>
        isDelegated
            ? $"The policy names account {account} as a whole: its users and roles can push if their identity policies also allow it and the conditions match."
            : $"The identity policies of the users and roles in account {account} must also allow the push.";

    private static string Pusher(Pusher pusher)
    {
        var by = string.Join(", ", pusher.By.Select(StatementName.Describe));
        return pusher.IsPartly ? $"{pusher.Who}{When(pusher.Conditions)}, only if {by} all apply"
            : pusher.Missing.Count == 0 ? $"{pusher.Who}{When(pusher.Conditions)}, by {by}"
            : $"not {pusher.Who}{When(pusher.Conditions)}: in addition to {by}, a push requires {string.Join(", ", pusher.Missing)}";
    }

    private static string When(IReadOnlyList<Condition> conditions) =>
        conditions.Count == 0 ? "" : $", when {ConditionWords.Describe(conditions)}";
}
