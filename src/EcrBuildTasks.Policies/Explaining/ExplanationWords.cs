using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Policies.Explaining;

public static class ExplanationWords
{
    /// <summary>Who may push, a line each.</summary>
    public static IReadOnlyList<string> Pushers(PolicyExplanation explanation)
    {
        var able = explanation.Pushers.Where(pusher => pusher.Missing.Count == 0).Select(Pusher).ToList();
        var unable = explanation
            .Pushers.Where(pusher => pusher.Missing.Count > 0 && pusher.IsMeantToPush)
            .Select(Pusher);
        return [.. able.Count > 0 ? able : ["nobody, by this policy"], .. unable];
    }

    /// <summary>A statement: what it means for a push, for whom, and when.</summary>
    public static string Statement(StatementExplanation statement)
    {
        var (who, when) = (PrincipalWords.Of(statement.Statement.Principal), When(statement.Statement.Conditions));
        var name = StatementName.Of(statement.Reference);
        var isAllow = statement.Statement.Effect is Effect.Allow;
        if (statement.DelegatesOnly)
        {
            return $"{name} names the repository's own {who}, which delegates to its users' and roles' own policies and grants nothing{when}.";
        }

        return (isAllow, statement.Part) switch
        {
            (_, PushPart.None) =>
                $"{name} is not about a push; it {(isAllow ? "allows" : "denies")} {who} other actions{when}.",
            (true, PushPart.All) => $"{name} lets {who} push: it allows all {statement.ActionsOfPush} actions{when}.",
            (true, _) =>
                $"{name} alone lets nobody push: it allows {who} {string.Join(", ", statement.PushActions)} only{when}.",
            (false, PushPart.All) => $"{name} denies {who} the push, whatever else allows it{when}.",
            _ =>
                $"{name} denies {who} {string.Join(", ", statement.PushActions)}, without which nobody can push{when}.",
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
            $"{own} needs no statement here: the own policies of its users and roles decide, unless a statement denies. A statement that names its root delegates to them and grants nothing.",
        ];
    }

    private static string Other(string account, bool isDelegated) =>
        isDelegated
            ? $"Account {account} is named as a whole, which delegates to it: its users and roles may push if their own policies allow it as well, within the conditions."
            : $"Account {account} has to allow the push in its users' and roles' own policies as well.";

    private static string Pusher(Pusher pusher)
    {
        var by = string.Join(", ", pusher.By.Select(StatementName.Of));
        return pusher.IsPartly ? $"{pusher.Who}{When(pusher.Conditions)}, but only where {by} apply together"
            : pusher.Missing.Count == 0 ? $"{pusher.Who}{When(pusher.Conditions)}, by {by}"
            : $"not {pusher.Who}{When(pusher.Conditions)}: beside what {by} allows, a push needs {string.Join(", ", pusher.Missing)}";
    }

    private static string When(IReadOnlyList<Condition> conditions) =>
        conditions.Count == 0 ? "" : $", when {ConditionWords.Of(conditions)}";
}
