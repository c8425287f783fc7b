using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Preflight;

/// <summary>Diagnostics for the result of a preflight.</summary>
/// <param name="Diagnostics">The errors and warnings.</param>
/// <param name="Fixes">The statements that fix a denial.</param>
internal sealed record PreflightDiagnosis(IReadOnlyList<EcrDiagnostic> Diagnostics, IReadOnlyList<PolicyFix> Fixes)
{
    /// <summary>The report that it is about.</summary>
    public PreflightReport? Report { get; init; }

    /// <summary>What a preflight's report means for the build.</summary>
    /// <param name="rule">
    /// What happens if a tag exists and cannot be moved; <see langword="null"/> to allow it, because the tag may already point
    /// to the image.
    /// </param>
    public static PreflightDiagnosis FromReport(PreflightReport report, IfTagExists? rule = IfTagExists.Fail)
    {
        if (report.Denied.Count > 0)
        {
            return OfDenials(report);
        }

        if (report.Actions.Any(verdict => verdict.RawAnswer is "RegistryNotFoundException"))
        {
            return FromReport(report, [PublicDiagnosis.NoSuchRegistry(report.Image.Registry, report.Aliases)]);
        }

        return report.Repository.Repository is Presence.Absent
            ? FromReport(
                report,
                report.Repository switch
                {
                    { CreatedOnPushBy: { } template, Creation.LacksRole: true } => [Uncreatable(report, template)],
                    { CreatedOnPushBy: { } template } =>
                    [
                        .. report.StuckTags.Count > 0
                            ? [TagDiagnosis.StuckLater(report.Image, report.StuckTags, template)]
                            : Array.Empty<EcrDiagnostic>(),
                        .. Filled(report),
                    ],
                    _ => report.CreatesRepository ? Filled(report) : [Missing(report)],
                }
            )
            : FromReport(
                report,
                [
                    .. Existing(report, rule),
                    .. Stuck(report),
                    .. Filled(report),
                    .. Undecided(report),
                    .. Disagreement(report),
                ]
            );
    }

    /// <summary>The diagnostics for a push that the registry has denied.</summary>
    /// <param name="report">The report of a preflight after the push.</param>
    /// <param name="registryAnswer">The error message of the registry.</param>
    public static PreflightDiagnosis OfDeniedPush(PreflightReport report, string registryAnswer)
    {
        if (report.Denied.Count > 0)
        {
            return OfDenials(report);
        }

        // The push answers for actions that were not probed. A denial without a reason is attributed to the action that only such pushes need.
        var action =
            DenialMessage.Find(registryAnswer)?.Action
            ?? (report.Repository.CreatedOnPushBy is null ? null : PushAction.CreateRepository);
        if (
            action is not null
            && (
                PushAction.Creates(action)
                || report.Actions.Any(verdict => verdict.IsWithheld && verdict.Action == action)
            )
        )
        {
            return OfDenials(
                report with
                {
                    Actions =
                    [
                        .. report.Actions.Where(verdict => verdict.Action != action),
                        new(action, Permission.Denied, registryAnswer),
                    ],
                }
            );
        }

        return report.Repository.Repository is Presence.Absent
            ? FromReport(report, [Missing(report, $"AWS reported: {registryAnswer}")])
            : FromReport(
                report,
                [
                    EcrDiagnostic.Error(
                        EcrCode.DeniedWithoutReason,
                        $"The registry denied the push to {report.Image}, but AWS does not deny {report.Caller.Arn} any action that a push requires: {registryAnswer}",
                        "A proxy or VPC endpoint between the engine and the registry may deny the push, or a policy has just changed."
                    ),
                ]
            );
    }

    private static PreflightDiagnosis FromReport(
        PreflightReport report,
        IEnumerable<EcrDiagnostic> diagnostics,
        params IEnumerable<PolicyFix> fixes
    ) =>
        new([.. diagnostics.Select(diagnostic => diagnostic.AskedAs(report.CallerWithSource))], [.. fixes])
        {
            Report = report,
        };

    private static PreflightDiagnosis OfDenials(PreflightReport report)
    {
        var explained = Denial
            .AllOf(report)
            .GroupBy(denial => (denial.Code, denial.Policy, denial.IsExplicit))
            .OrderBy(group => group.Key.Code.Id, StringComparer.Ordinal)
            .Select(group => DenialDiagnosis.Explain(report, [.. group]))
            .ToList();
        return FromReport(
            report,
            [
                .. report is { IsAliasOfAnother: true, Aliases: { } own }
                    ? [PublicDiagnosis.OthersRegistry(report.Image.Registry, own)]
                    : Array.Empty<EcrDiagnostic>(),
                .. explained.SelectMany(diagnosis => diagnosis.Diagnostics),
            ],
            explained.SelectMany(diagnosis => diagnosis.Fixes)
        );
    }

    /// <summary>The diagnostic for a push that did not find the repository.</summary>
    /// <param name="report">The report of a preflight after the push.</param>
    /// <param name="registryAnswer">The error message of the registry.</param>
    /// <returns><see langword="null"/> if the preflight did not find it missing.</returns>
    internal static EcrDiagnostic? OfMissingRepository(PreflightReport report, string registryAnswer) =>
        report.Repository.Repository is Presence.Absent
            ? Missing(report, $"AWS reported: {registryAnswer}").AskedAs(report.CallerWithSource)
            : null;

    private static EcrDiagnostic Missing(PreflightReport report, params IReadOnlyList<string> details)
    {
        var (registry, repository) = (report.Image.Registry, report.Image.Repository);
        if (report is { IsAliasOfAnother: true, Aliases: { } own })
        {
            return PublicDiagnosis.OthersRegistry(registry, own);
        }

        var cause = $"The repository {repository} does not exist {PlaceOf(report.Image)}.";
        var missing = report.CreatesRepository
            ? EcrDiagnostic.Error(
                EcrCode.RepositoryMissing,
                $"{cause} EcrCreateRepository (--create-repository) is set, but the repository was not created: check that the caller is allowed to call CreateRepository."
            )
            : EcrDiagnostic.Failed(EcrCode.RepositoryMissing, cause + InsteadOf(report.Repository));
        return missing with
        {
            Details =
            [
                .. details,
                $"With credentials of {report.Owner}, this command creates it:",
                $"  {CreateCommand(report.Image)}",
                .. report.Repository.WhyTemplatesNotSeen is { } why
                    ?
                    [
                        $"It is unknown whether a repository creation template creates the repository on a push ({why}). If one does, set EcrPreflight to Off (--no-preflight) to push anyway.",
                    ]
                    : Array.Empty<string>(),
            ],
        };
    }

    private static string CreateCommand(ImageReference image) =>
        image.Registry.Kind is RegistryKind.Public
            ? $"aws ecr-public create-repository --repository-name {image.Repository} --region {image.Registry.Region}"
            // Short, because a terminal that breaks it would leave a part of the name, which creates another repository.
            : $"dotnet ecr repository create {image.Repository} --region {image.Registry.Region}";

    /// <summary>The creation template covers the repository, but ECR cannot create it.</summary>
    private static EcrDiagnostic Uncreatable(PreflightReport report, CreationTemplate template) =>
        EcrDiagnostic.Error(
            EcrCode.RepositoryMissing,
            $"The repository {report.Image.Repository} does not exist {PlaceOf(report.Image)}, and the push cannot create it: the creation template {template.Prefix} sets tags or a KMS key, which requires a customRoleArn, but has none. Give the template a role, or create the repository.",
            $"With credentials of {report.Owner}, this command creates it without the template:",
            $"  {CreateCommand(report.Image)}"
        );

    internal static string PlaceOf(ImageReference image) =>
        image.Registry.Kind is RegistryKind.Public
            ? $"in the public registry {image.Registry}"
            : $"in account {image.Registry.Account}, region {image.Registry.Region}";

    private static string InsteadOf(RepositoryView repository) =>
        repository switch
        {
            { Elsewhere: [_, ..] places } =>
                $" It exists in {string.Join(" and ", places.Select(place => $"{place.Region} of account {place.Account} ({place.Host})"))}; push there if that is the right one.",
            { SimilarNames: [_, ..] names } => $" Did you mean {string.Join(" or ", names)}?",
            _ => "",
        };

    private static IEnumerable<EcrDiagnostic> Existing(PreflightReport report, IfTagExists? rule) =>
        report.Repository.Tags is { } tags && rule is { } requested && tags.Decide(requested) is TagDecision.Fail
            ?
            [
                tags.Immutable.FirstOrDefault(image => image.IsArchived) is { } archived
                    ? TagDiagnosis.Archived(report.Image, archived.Tag, archived.Digest)
                    : TagDiagnosis.Immutable(report.Image, tags, requested),
            ]
            : [];

    private static IEnumerable<EcrDiagnostic> Stuck(PreflightReport report) =>
        report.StuckTags.Count == 0
            ? []
            : [TagDiagnosis.Stuck(report.Image, report.StuckTags, report.Repository.TagMutability)];

    private static IEnumerable<EcrDiagnostic> Filled(PreflightReport report) =>
        report.Repository.FilledBy is { } rule ? [FilledFromUpstream(report.Image, rule)] : [];

    /// <summary>The push goes to a repository that ECR fills from another registry.</summary>
    /// <param name="rule">The pull through cache rule.</param>
    internal static EcrDiagnostic FilledFromUpstream(ImageReference image, PullThroughCache rule)
    {
        var (account, region) = (image.Registry.Account, image.Registry.Region);
        var what = rule.IsRoot
            ? $"without a rule of their own (prefix {rule.Prefix})"
            : $"under {rule.Prefix.TrimEnd('/')}/";
        return EcrDiagnostic.Warning(
            EcrCode.FilledFromUpstream,
            $"The repositories {what} of account {account}, region {region}, are a pull through cache of {rule.UpstreamRegistry}: a pull can replace a tag in {image.Repository} with the tag from {rule.UpstreamOf(image.Repository)}. {(rule.IsRoot ? "Use a separate prefix for cached repositories, or push tags that do not exist in the upstream registry." : $"Push to a repository whose name does not start with {rule.Prefix.TrimEnd('/')}/.")}",
            "When a tag is pulled, Amazon ECR checks the upstream registry for a newer image, usually once in 24 hours, and copies it to the repository.",
            "This command shows the rules:",
            $"  aws ecr describe-pull-through-cache-rules --registry-id {account} --region {region}"
        );
    }

    private static IEnumerable<EcrDiagnostic> Undecided(PreflightReport report)
    {
        var unknown = report.Verdicts.Where(v => v.Permission is Permission.Unknown).ToList();
        if (unknown.Count > 0 && report.RepositorySide is not Permission.Allowed)
        {
            yield return EcrDiagnostic.Warning(
                EcrCode.Undecided,
                $"Preflight could not determine whether {report.CallerArn} is allowed to push to {report.Image}{(report.IsForAnother ? "" : ", and does not stop the push")}. Undecided: {string.Join(", ", unknown.Select(v => v.Action))}.",
                [
                    .. unknown
                        .SelectMany(verdict =>
                            new[]
                            {
                                verdict.Reason,
                                verdict is { RawAnswer: null, Analysis.Missing: [_, ..] missing }
                                    ? $"Not known: {string.Join(", ", missing)}."
                                    : "",
                            }
                        )
                        .Where(reason => reason.Length > 0)
                        .Distinct(StringComparer.Ordinal),
                    .. report.NotSeen.Select(what => $"Could not read: {what}."),
                ]
            );
        }
    }

    private static IEnumerable<EcrDiagnostic> Disagreement(PreflightReport report)
    {
        var disputed = report
            .Actions.Where(verdict =>
                verdict is { Permission: Permission.Allowed, RawAnswer: not null }
                && verdict.Analysis?.Verdict is Verdict.ExplicitlyDenied or Verdict.ImplicitlyDenied or Verdict.Denied
            )
            .ToList();
        if (disputed.Count > 0)
        {
            yield return EcrDiagnostic.Warning(
                EcrCode.AnalysisDisagrees,
                $"AWS allows {report.Caller.Arn} {string.Join(", ", disputed.Select(v => v.Action))} on {report.Image}, although the repository policy appears not to. The answer of AWS takes precedence.",
                [
                    .. disputed.Select(verdict =>
                        $"{verdict.Action}: AWS returned {verdict.RawAnswer} for the probe; {(verdict.Analysis!.DecidedBy is { } denial ? $"{Guardrails.Describe(denial)} denies it" : "no statement of the repository policy allows it")}."
                    ),
                    report.Repository.RegistryPolicy.Presence is Presence.NotSeen
                        ? "A registry policy may allow it. If none does, please report this with the repository policy."
                        : "The registry policy does not explain it. Please report this with both policies.",
                ]
            );
        }
    }
}
