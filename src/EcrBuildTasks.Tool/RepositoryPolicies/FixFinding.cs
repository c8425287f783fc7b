using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>What a principal does with a repository.</summary>
internal enum FixUse
{
    Push,
    Pull,
}

/// <summary>Whether a statement in the repository policy allows a principal to push, and which.</summary>
internal abstract record FixFinding
{
    private FixFinding() { }

    /// <summary>What the identity policy of the principal needs, if that was asked for.</summary>
    public PolicyFix? Identity { get; init; }

    /// <summary>A statement to add to the repository's policy.</summary>
    /// <param name="Also">Other denials, which are fixed in other policies.</param>
    public sealed record Found(PolicyFix Fix, IReadOnlyList<EcrDiagnostic> Also) : FixFinding;

    /// <summary>The push is allowed already.</summary>
    public sealed record NotNeeded(string Sentence) : FixFinding;

    /// <summary>No statement in the repository policy helps, or that could not be decided.</summary>
    public sealed record Impossible(IReadOnlyList<EcrDiagnostic> Diagnostics) : FixFinding;

    /// <summary>The arguments have to be changed.</summary>
    public sealed record Misused(string Sentence) : FixFinding;

    /// <summary>Runs a preflight for the principal, and finds the statement.</summary>
    /// <param name="principal">For whom; <see langword="null"/> for the caller.</param>
    /// <param name="use">What the principal has to be allowed in both policies; <see langword="null"/> for a push, in the repository policy.</param>
    /// <param name="actions">The actions to allow the principal; <see langword="null"/> for those of the use.</param>
    /// <param name="scope">Whom the statement allows.</param>
    public static async Task<FixFinding> FindAsync(
        Invocation invocation,
        RepositoryAccess repository,
        CallerIdentity? principal,
        FixUse? use,
        IReadOnlyList<string>? actions,
        FixScope scope,
        CancellationToken cancellationToken
    )
    {
        var isPull = use is FixUse.Pull;
        if (isPull && repository.Registry.Kind is RegistryKind.Public)
        {
            return new NotNeeded($"Everyone is allowed to pull from the public registry {repository.Registry}.");
        }

        var identity = repository.Identity;
        var outcome = await new PushPipeline(invocation.Identities).PreflightAsync(
            new()
            {
                Registry = repository.Registry.ToString(),
                Repository = repository.Repository,
                // No image is pushed: the tag of a request only has to be one.
                Tags = ["latest"],
                Profile = identity.Profile,
                RoleArn = identity.RoleArn,
                ExternalId = identity.ExternalId,
                Principal = principal,
            },
            cancellationToken
        );
        if (
            outcome.Report is not { } report
            // The preflight is about the actions of a push.
            || (
                !isPull
                && outcome.Diagnostics.Any(d => d.Code == EcrCode.ExplicitlyDenied || d.Code == EcrCode.GuardrailDenied)
            )
            || (report.Denied.Count == 0 && report.Repository.Repository is Presence.Absent)
        )
        {
            return new Impossible(outcome.Diagnostics);
        }

        if (report.Image.Registry.Account.Length == 0)
        {
            return OfUnknownOwner(report, outcome.Diagnostics);
        }

        if (principal is null && report.Permission is Permission.Allowed)
        {
            return new NotNeeded(
                $"{report.Caller.Arn} is already allowed to push to {repository.Name}: AWS allows every action."
            );
        }

        var request = RequestFor(report, principal, isPull ? EcrActions.ForPull : actions, scope);
        var finding = Find(request, report, outcome.Diagnostics, isPull ? "pull" : "push");
        return use is null
            ? finding
            : finding with
            {
                Identity = PolicyFixes.ForIdentity(
                    request with
                    {
                        Actions = [.. request.Actions, PushAction.TokenOf(report.Image.Registry.Kind)],
                    }
                ),
            };
    }

    /// <summary>The same fix for the policy as it is at another moment.</summary>
    public static PolicyFix? Anew(PolicyFix fix, PolicyDocument? policy) =>
        PolicyFixes.For(fix.Request with { RepositoryPolicy = policy, RepositoryPolicySeen = true }) is [var anew]
            ? anew
            : null;

    /// <summary>A public registry whose account AWS did not name: no statement can name its repositories.</summary>
    private static Impossible OfUnknownOwner(PreflightReport report, IReadOnlyList<EcrDiagnostic> diagnostics) =>
        new(
            report is { IsAliasOfAnother: true, Aliases: { } own }
            && diagnostics.All(d => d.Severity is not DiagnosticSeverity.Error)
                ? [PublicDiagnosis.OthersRegistry(report.Image.Registry, own)]
                : diagnostics
        );

    private static FixRequest RequestFor(
        PreflightReport report,
        CallerIdentity? principal,
        IReadOnlyList<string>? actions,
        FixScope scope
    ) =>
        new()
        {
            Caller = new(report.Caller.Arn, report.Caller.Account, report.Caller.UserId),
            RoleArn = report.Caller.RoleArn,
            RepositoryArn = report.Image.RepositoryArn,
            RepositoryAccount = report.Image.Registry.Account,
            // What AWS allows the caller needs no statement; of others only the policy is known.
            Actions = principal is null
                ? [.. report.Actions.Where(v => v.Permission is not Permission.Allowed).Select(v => v.Action)]
                : actions ?? PushAction.On(report.Image.Registry.Kind),
            Wanting = [PolicyKind.Repository],
            RepositoryPolicy = report.Repository.PolicyDocument,
            RepositoryPolicySeen = report.Repository.Policy is not Presence.NotSeen,
            Scope = scope,
        };

    private static Arn RoleArn(PreflightReport report, string account, string name) =>
        Arn.ForIam(report.Image.Registry.Partition.Name, account, $"role/{name}");

    private static FixFinding Find(
        FixRequest request,
        PreflightReport report,
        IReadOnlyList<EcrDiagnostic> diagnostics,
        string use
    )
    {
        if (PolicyFixes.For(request) is [var fix, ..])
        {
            return new Found(fix, [.. diagnostics.Where(d => d.Code == EcrCode.TokenDenied)]);
        }

        if (DenyExceptions.For(request).FirstOrDefault(denial => denial.IsCertain) is { } denial)
        {
            return new Impossible([Denied(denial, report, use)]);
        }

        if (request.InvalidName is { } invalid)
        {
            return new Misused(
                $"No statement can be made: {invalid}. Add --principal {RoleArn(report, "<account>", "<name>")}."
            );
        }

        if (request.Actions.Count > 0 && PolicyFixes.For(request with { RepositoryPolicy = null }).Count == 0)
        {
            return new Misused(
                request.Scope is FixScope.Account
                    ? $"--scope account: {report.Caller.Account} owns the repository, and a statement for its own account grants nothing. Use --scope role."
                    : $"{report.Caller.Arn} is a session, whose ARN lacks the path of its role, and the statement must name the role. Add --principal {RoleArn(report, report.Caller.Account, "PATH/NAME")}."
            );
        }

        return report.Denied.Count > 0 && use is "push"
            ? new Impossible(diagnostics)
            : new NotNeeded(
                $"The repository policy of {report.Image} already allows {report.Caller.Arn} every {use} action; the identity policies of the caller decide."
            );
    }

    private static EcrDiagnostic Denied(DenyException denial, PreflightReport report, string use)
    {
        var name = denial.Reference.Sid is { } sid ? $"'{sid}'" : $"{denial.Reference.Index + 1}";
        return EcrDiagnostic.Error(
            EcrCode.ExplicitlyDenied,
            $"{report.Caller.Arn} is not allowed to {(use is "pull" ? "pull from" : "push to")} {report.Image}: statement {name} of its repository policy denies it. An added Allow would not help.",
            denial.Statement is null
                ? []
                :
                [
                    "Replace that statement with this one, which exempts the caller and still denies everyone else:",
                    .. denial.Statement.ToJson(indented: true).Split('\n').Select(line => $"  {line}"),
                ]
        );
    }
}
