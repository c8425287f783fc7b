using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Preflight;

/// <summary>One denied action, and the kind of policy that denies it or does not allow it.</summary>
/// <param name="IsExplicit">Whether a statement denies it.</param>
/// <param name="Sentence">The parsed message of AWS; <see langword="null"/> if not probed.</param>
internal sealed record Denial(ActionVerdict Verdict, PolicyKind Policy, bool IsExplicit, DenialMessage? Sentence)
{
    public EcrCode Code =>
        (Verdict.Action, Policy, IsExplicit) switch
        {
            (_, not (PolicyKind.Repository or PolicyKind.Identity), _) => EcrCode.GuardrailDenied,
            (_, _, true) => EcrCode.ExplicitlyDenied,
            _ when PushAction.IsOfToken(Verdict.Action) => EcrCode.TokenDenied,
            (_, PolicyKind.Repository, _) => EcrCode.RepositoryPolicySilent,
            _ => EcrCode.IdentityPolicySilent,
        };

    /// <summary>
    /// The denials of a report. The actions that were withheld join the first one of a push that no policy allows: most likely none is
    /// allowed, and the fix should not take two builds.
    /// </summary>
    public static IReadOnlyList<Denial> AllOf(PreflightReport report)
    {
        Denial[] denials = [.. report.Denied.Select(verdict => FromVerdict(verdict, report))];
        var first = denials.FirstOrDefault(denial =>
            denial.IsSilence && PushAction.OnRepository.Contains(denial.Verdict.Action, StringComparer.Ordinal)
        );
        return first is null
            ? denials
            :
            [
                .. denials,
                .. report
                    .Actions.Where(verdict => verdict.IsWithheld)
                    .Select(verdict => first with { Verdict = verdict }),
            ];
    }

    /// <summary>Whether a policy of the repository or of the caller does not allow it; AWS also reports a missing repository this way.</summary>
    public bool IsSilence => Code == EcrCode.RepositoryPolicySilent || Code == EcrCode.IdentityPolicySilent;

    /// <summary>The message of AWS takes precedence over the analysis; without either, the side that has to change first.</summary>
    public static Denial FromVerdict(ActionVerdict verdict, PreflightReport report)
    {
        var sentence = DenialMessage.Find(verdict.Reason);
        var analysed = verdict.Analysis;
        // AWS calls the policies of the repository and of the registry resource-based alike.
        var isByRegistry =
            analysed is { Verdict: Policies.Verdict.ExplicitlyDenied, DecidedBy.Policy: PolicyKind.Registry }
            && sentence is null or { PolicyKind: null or PolicyKind.Repository };
        var policy =
            (isByRegistry ? PolicyKind.Registry : sentence?.PolicyKind)
            ?? analysed?.DecidedBy?.Policy
            ?? (
                report.IsCrossAccount && !PushAction.IsOfToken(verdict.Action)
                    ? PolicyKind.Repository
                    : PolicyKind.Identity
            );
        var isExplicit = sentence is { PolicyKind: not null } or { IsExplicit: true }
            ? sentence.IsExplicit
            : analysed?.Verdict is Policies.Verdict.ExplicitlyDenied;
        // The policy of the registry is the only one of a resource that can rule what does not exist yet.
        var isOfRegistry = PushAction.Creates(verdict.Action) && policy is PolicyKind.Repository;
        return new(verdict, isOfRegistry ? PolicyKind.Registry : policy, isExplicit, sentence);
    }
}
