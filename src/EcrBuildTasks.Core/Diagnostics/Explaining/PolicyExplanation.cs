using EcrBuildTasks.Fixes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Diagnostics.Explaining;

/// <summary>What a repository policy says of a push: who may, and which statement makes it so.</summary>
public sealed class PolicyExplanation
{
    private PolicyExplanation(IReadOnlyList<StatementExplanation> statements, IReadOnlyList<Pusher> pushers)
    {
        Statements = statements;
        Pushers = pushers;
    }

    /// <summary>Each statement, in the order of the policy.</summary>
    public IReadOnlyList<StatementExplanation> Statements { get; }

    /// <summary>Whom the policy allows all or some of a push, denials aside.</summary>
    public IReadOnlyList<Pusher> Pushers { get; }

    /// <summary>Explains a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="owner">The account of the repository; <see langword="null"/> when it is not known.</param>
    /// <param name="kind">The kind of registry that the repository is in.</param>
    public static PolicyExplanation Of(PolicyDocument policy, string? owner, RegistryKind kind = RegistryKind.Private)
    {
        ArgumentNullException.ThrowIfNull(policy);
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
        var found = new Dictionary<string, Pusher>(StringComparer.Ordinal);
        foreach (var allow in allows)
        {
            foreach (var principal in PrincipalsOf(allow.Statement).Where(p => p is null || !IsOwnAccount(p, owner)))
            {
                var by = allows.Where(other => other.Statement.Reaches(allow.Statement, principal)).ToList();
                // It denies wherever the Allow allows, so that nothing is left of it.
                var taken = denials
                    .Where(denial => denial.Statement.Reaches(allow.Statement, principal))
                    .SelectMany(denial => denial.PushActions)
                    .ToHashSet(StringComparer.Ordinal);
                var pusher = new Pusher(
                    PrincipalWords.Of(allow.Statement.Principal, principal),
                    principal,
                    allow.Statement.Conditions,
                    [
                        .. actions.Where(action =>
                            by.Exists(statement => statement.PushActions.Contains(action, StringComparer.Ordinal))
                            && !taken.Contains(action)
                        ),
                    ],
                    [.. by.Select(statement => statement.Reference)],
                    actions
                );
                if (pusher.Actions.Count > 0)
                {
                    found.TryAdd($"{pusher.Who}\n{ConditionWords.Of(pusher.Conditions)}", pusher);
                }
            }
        }

        return [.. found.Values];
    }

    private static bool IsOwnAccount(Principal principal, string? owner) =>
        principal.Kind is PrincipalKind.Account && principal.Account == owner;

    private static IReadOnlyList<Principal?> PrincipalsOf(Statement statement) =>
        statement.Principal is { IsNegated: false } element ? [.. element.Principals] : [null];
}

/// <summary>How much of a push a statement is about.</summary>
public enum PushPart
{
    /// <summary>No action of a push.</summary>
    None,

    /// <summary>Some actions, with which alone nobody can push.</summary>
    Some,

    /// <summary>All actions on the repository.</summary>
    All,
}

/// <summary>A statement, and the actions of a push that it is about.</summary>
/// <param name="Reference">Its place.</param>
/// <param name="Statement">The statement.</param>
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
    public PushPart Part =>
        PushActions.Count == 0 ? PushPart.None
        : PushActions.Count == ActionsOfPush ? PushPart.All
        : PushPart.Some;
}

/// <summary>Somebody whom a policy allows actions of a push.</summary>
/// <param name="Who">Who it is, in words.</param>
/// <param name="Principal">The principal; <see langword="null"/> for everyone but some.</param>
/// <param name="Conditions">Under which conditions.</param>
/// <param name="Actions">What the policy's statements allow together.</param>
/// <param name="By">The statements that do.</param>
/// <param name="Needed">What a push needs.</param>
public sealed record Pusher(
    string Who,
    Principal? Principal,
    IReadOnlyList<Condition> Conditions,
    IReadOnlyList<string> Actions,
    IReadOnlyList<StatementReference> By,
    IReadOnlyList<string> Needed
)
{
    // A pull needs the others too, and who may only pull was not meant to push.
    private static readonly string[] OfPushAlone =
    [
        PushAction.InitiateLayerUpload,
        PushAction.UploadLayerPart,
        PushAction.CompleteLayerUpload,
        PushAction.PutImage,
    ];

    /// <summary>Whether an action is among them that nobody needs who does not push.</summary>
    public bool IsMeantToPush =>
        Actions.Any(action => OfPushAlone.Contains(PushAction.InPrivate(action), StringComparer.Ordinal));

    /// <summary>What is missing for a push.</summary>
    public IReadOnlyList<string> Missing => [.. Needed.Except(Actions, StringComparer.Ordinal)];
}
