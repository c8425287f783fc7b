using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Lint;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Explaining;

/// <summary>Who can push under a repository policy, and which statements decide that.</summary>
public sealed class PolicyExplanation
{
    private PolicyExplanation(IReadOnlyList<StatementExplanation> statements, IReadOnlyList<Pusher> pushers)
    {
        Statements = statements;
        Pushers = pushers;
    }

    /// <summary>Each statement, in the order of the policy.</summary>
    public IReadOnlyList<StatementExplanation> Statements { get; }

    /// <summary>The principals to which the policy allows some or all push actions, after denials are subtracted.</summary>
    public IReadOnlyList<Pusher> Pushers { get; }

    /// <param name="owner">The account of the repository; <see langword="null"/> when it is not known.</param>
    /// <param name="kind">The kind of registry that the repository is in.</param>
    public static PolicyExplanation Create(
        PolicyDocument policy,
        string? owner,
        RegistryKind kind = RegistryKind.Private
    )
    {
        var actions = PushAction.On(kind);
        List<StatementExplanation> statements =
        [
            .. policy.Statements.Select(
                (statement, index) =>
                    new StatementExplanation(
                        new(PolicyKind.Repository, PolicyName: null, index, statement.Sid),
                        statement,
                        [.. actions.Where(statement.Action.Matches)],
                        actions.Count
                    )
                    {
                        DelegatesOnly =
                            statement is { Effect: Effect.Allow, Principal: { IsNegated: false } element }
                            && element.Principals.All(principal => IsOwnAccount(principal, owner)),
                    }
            ),
        ];
        return new(statements, PushersOf(statements, owner, actions));
    }

    private static IReadOnlyList<Pusher> PushersOf(
        List<StatementExplanation> statements,
        string? owner,
        IReadOnlyList<string> actions
    )
    {
        var ofPush = statements.Where(statement => statement.PushActions.Count > 0).ToList();
        var allows = ofPush.Where(statement => statement.Statement.Effect is Effect.Allow).ToList();
        var denials = ofPush.Where(statement => statement.Statement.Effect is Effect.Deny).ToList();
        var candidates = allows
            .SelectMany(allow =>
                (allow.Statement.Principal is { } element ? NamedCallers.In(element) : [])
                    .Where(callers => callers.Principal is not { } principal || !IsOwnAccount(principal, owner))
                    .Select(callers => Find(allow, callers))
            )
            .ToList();
        // Several statements may each allow a part, to callers of whom some are named by all of them.
        var incomplete = candidates.Where(candidate => candidate.Actions.Count < actions.Count).ToList();
        return
        [
            .. candidates
                .Select(candidate =>
                    candidate.Actions.Count < actions.Count ? candidate.With(incomplete, actions) : candidate
                )
                .Where(candidate => candidate.Actions.Count > 0)
                // Of two that are called the same, the one that can push counts.
                .OrderByDescending(candidate => candidate.Actions.Count)
                .ThenBy(candidate => candidate.IsPartly)
                .Select(candidate => candidate.ToPusher(actions))
                .DistinctBy(pusher => (pusher.Who, ConditionWords.Describe(pusher.Conditions))),
        ];

        Candidate Find(StatementExplanation allow, NamedCallers callers)
        {
            var by = allows.Where(other => other.Statement.Reaches(allow.Statement, callers)).ToList();
            // It denies wherever the Allow allows, so that nothing is left of it.
            var denied = denials
                .Where(denial => denial.Statement.Reaches(allow.Statement, callers))
                .SelectMany(denial => denial.PushActions)
                .ToList();
            return new(
                allow,
                callers,
                by,
                [.. by.SelectMany(statement => statement.PushActions).Except(denied, StringComparer.Ordinal)],
                denied
            );
        }
    }

    private static bool IsOwnAccount(Principal principal, string? owner) =>
        principal.Kind is PrincipalKind.Account && principal.Account == owner;

    /// <summary>Callers that a statement names, and what it and those that reach all of them allow.</summary>
    private sealed record Candidate(
        StatementExplanation Allow,
        NamedCallers Callers,
        IReadOnlyList<StatementExplanation> By,
        IReadOnlyList<string> Actions,
        IReadOnlyList<string> Denied
    )
    {
        public bool IsPartly { get; private init; }

        /// <summary>
        /// The same with the statements that reach some of its callers or only under conditions of their own, if together they
        /// allow a push. Where only narrower callers get what is missing, these are named instead.
        /// </summary>
        public Candidate With(IReadOnlyList<Candidate> incomplete, IReadOnlyList<string> needed)
        {
            var missing = needed.Except(Actions, StringComparer.Ordinal).ToList();
            var suppliers = incomplete
                .Where(other =>
                    other.Callers.MayMeet(Callers) && other.Actions.Intersect(missing, StringComparer.Ordinal).Any()
                )
                .ToList();
            return missing.TrueForAll(action =>
                !Denied.Contains(action, StringComparer.Ordinal)
                && suppliers.Exists(other =>
                    other.Actions.Contains(action, StringComparer.Ordinal) && !IsNarrower(other)
                )
            )
                ? this with
                {
                    Actions = needed,
                    By =
                    [
                        .. By.Union(suppliers.SelectMany(other => other.By))
                            .OrderBy(statement => statement.Reference.Index),
                    ],
                    IsPartly = true,
                }
                : this;
        }

        public Pusher ToPusher(IReadOnlyList<string> needed) =>
            new(
                PrincipalWords.Describe(Allow.Statement.Principal, Callers.Principal),
                Callers.Principal,
                Callers.Except,
                Allow.Statement.Conditions,
                [.. needed.Intersect(Actions, StringComparer.Ordinal)],
                [.. By.Select(statement => statement.Reference)],
                needed
            )
            {
                IsPartly = IsPartly,
            };

        private bool IsNarrower(Candidate other) => Callers.Covers(other.Callers) && !other.Callers.Covers(Callers);
    }
}

/// <summary>How much of a push a statement is about.</summary>
internal enum PushPart
{
    /// <summary>No action of a push.</summary>
    None,

    /// <summary>Some actions, with which alone nobody can push.</summary>
    Some,

    /// <summary>All actions on the repository.</summary>
    All,
}

/// <summary>A statement, and the actions of a push that it is about.</summary>
/// <param name="PushActions">Those of <see cref="PushAction.On"/> that it allows or denies.</param>
/// <param name="ActionsOfPush">How many actions a push needs.</param>
public sealed record StatementExplanation(
    StatementReference Reference,
    Statement Statement,
    IReadOnlyList<string> PushActions,
    int ActionsOfPush
)
{
    /// <summary>Whether it names nobody but the repository's own account, which grants nothing.</summary>
    public bool DelegatesOnly { get; init; }

    /// <summary>How much of a push that is.</summary>
    internal PushPart Part =>
        PushActions.Count == 0 ? PushPart.None
        : PushActions.Count == ActionsOfPush ? PushPart.All
        : PushPart.Some;
}

/// <summary>Somebody whom a policy allows actions of a push.</summary>
/// <param name="Who">Who it is, in words.</param>
/// <param name="Principal">The principal; <see langword="null"/> for everyone but <paramref name="Except"/>.</param>
/// <param name="Actions">What the policy's statements allow together.</param>
/// <param name="By">The statements that do.</param>
/// <param name="Needed">What a push needs.</param>
public sealed record Pusher(
    string Who,
    Principal? Principal,
    IReadOnlyList<Principal> Except,
    IReadOnlyList<Condition> Conditions,
    IReadOnlyList<string> Actions,
    IReadOnlyList<StatementReference> By,
    IReadOnlyList<string> Needed
)
{
    // A pull needs the others too, and who may only pull was not meant to push.
    /// <summary>Whether only those can push for whom all statements of <see cref="By"/> apply.</summary>
    public bool IsPartly { get; init; }

    /// <summary>Whether an action is among them that nobody needs who does not push.</summary>
    public bool IsMeantToPush => Actions.Any(PushAction.IsForPushOnly);

    /// <summary>What is missing for a push.</summary>
    public IReadOnlyList<string> Missing => [.. Needed.Except(Actions, StringComparer.Ordinal)];
}
