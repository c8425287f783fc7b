using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>Explains verdicts from the policies of repository and registry, and decides for actions that were not probed.</summary>
/// <param name="codeBuildArn">The ARN of the build, if CodeBuild runs it.</param>
internal sealed class PolicyAnalysis(
    CallerIdentity identity,
    ImageReference image,
    RepositoryView repository,
    string? codeBuildArn = null
)
{
    private readonly Caller _caller = new(identity.Arn, identity.Account, identity.UserId);

    /// <summary>Adds the analysis to a verdict; a verdict of AWS is kept.</summary>
    public ActionVerdict Complete(ActionVerdict verdict)
    {
        if (repository is { Repository: Presence.Absent, CreatedOnPushBy: null })
        {
            return verdict;
        }

        var decision = Evaluate(verdict.Action, new() { IdentityPolicies = null });
        if (repository.Policy is Presence.NotSeen && decision.Verdict is not Verdict.ExplicitlyDenied)
        {
            // Only a Deny is certain without the repository policy.
            return verdict;
        }

        var explained = verdict with { Analysis = decision };
        return
            verdict.Permission is Permission.Unknown
            && (verdict.RawAnswer is null || repository.CreatedOnPushBy is not null)
            ? Decide(explained, decision)
            : explained;
    }

    /// <summary>Adds the analysis, and what the repository's side alone says: all that its owner can see and change.</summary>
    public ActionVerdict CompleteForAnother(ActionVerdict verdict)
    {
        var completed = Complete(verdict);
        return completed is { Permission: Permission.Unknown, Analysis: not null }
            ? completed with
            {
                RepositorySide = Evaluate(
                    verdict.Action,
                    PolicySet.LeavingItToTheRepository(_caller.Account == image.Registry.Account)
                ),
            }
            : completed;
    }

    private Decision Evaluate(string action, PolicySet callersPolicies) =>
        PolicyEvaluator.Evaluate(
            new()
            {
                Caller = _caller,
                Action = action,
                RepositoryArn = image.RepositoryArn,
                RepositoryAccount = image.Registry.Account,
                Context = PushContext.For(
                    _caller,
                    image.Registry.Account,
                    identity.RoleArn,
                    image.Registry.Region,
                    repository.ResourceTags,
                    codeBuildArn
                ),
            },
            callersPolicies with
            {
                RepositoryPolicy = repository.EffectivePolicy,
                RegistryPolicy = repository.RegistryPolicy.Document,
            }
        );

    private static ActionVerdict Decide(ActionVerdict verdict, Decision decision) =>
        decision.Verdict switch
        {
            Verdict.ExplicitlyDenied or Verdict.ImplicitlyDenied or Verdict.Denied => verdict with
            {
                Permission = Permission.Denied,
            },
            Verdict.Allowed => verdict with { Permission = Permission.Allowed },
            _ => verdict,
        };
}
