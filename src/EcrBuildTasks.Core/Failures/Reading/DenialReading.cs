using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Reads AWS's sentence about a denied request in a log.</summary>
internal static partial class DenialReading
{
    public static FailureReading? Of(Passage passage)
    {
        // A sentence torn apart in mid-word is whole in one of the readings only.
        var (sentence, text) = passage
            .Sentences.Select(text => (Sentence: DenialMessage.Find(text), Text: text))
            .MaxBy(reading => Completeness(reading.Sentence));
        if (sentence is not null)
        {
            return new(KindOf(sentence, text)) { Denial = sentence, Reason = sentence.Reason };
        }

        return passage.Sentences.Select(DenialReason.Find).FirstOrDefault(reason => reason is not null) is { } tail
            ? new(KindOf(tail.Action ?? "", tail)) { Reason = tail }
            : null;
    }

    private static int Completeness(DenialMessage? sentence) =>
        sentence is null
            ? 0
            : 1
                + (sentence.HasBeginning ? 1 : 0)
                + (sentence.Resource is not null ? 2 : 0)
                + (sentence.Reason is not null ? 4 : 0);

    private static FailureKind KindOf(DenialMessage sentence, string text) =>
        KindOf(
            sentence.Action.Contains('<', StringComparison.Ordinal)
            && Operation().Match(text) is { Success: true } operation
                ? EcrActions.ForOperation(RegistryKind.Private, operation.Groups["name"].Value)
                : sentence.Action,
            sentence.Reason
        );

    private static FailureKind KindOf(string action, DenialReason? reason) =>
        (reason?.PolicyKind, reason?.IsExplicit) switch
        {
            (PolicyKind.ServiceControl, _) => FailureKind.ExplicitDenyInServiceControlPolicy,
            (PolicyKind.ResourceControl, _) => FailureKind.ExplicitDenyInResourceControlPolicy,
            (PolicyKind.VpcEndpoint, true) => FailureKind.ExplicitDenyInEndpointPolicy,
            (PolicyKind.PermissionsBoundary, true) => FailureKind.ExplicitDenyInBoundary,
            (PolicyKind.Session, true) => FailureKind.ExplicitDenyInSessionPolicy,
            (PolicyKind.Repository, true) => FailureKind.ExplicitDenyInResourcePolicy,
            (PolicyKind.Identity, true) => FailureKind.ExplicitDenyInIdentityPolicy,
            (_, true) => FailureKind.ExplicitDeny,
            (PolicyKind.VpcEndpoint, _) => FailureKind.NoEndpointPolicy,
            (PolicyKind.PermissionsBoundary, _) => FailureKind.NoBoundary,
            (PolicyKind.Session, _) => FailureKind.NoSessionPolicy,
            (PolicyKind.RoleTrust, _) => FailureKind.AssumeRoleDenied,
            _ when StsActions.AssumesRole(action) => FailureKind.AssumeRoleDenied,
            _ when IsAnyOf(
                    action,
                    PushAction.TokenOf(RegistryKind.Private),
                    PushAction.TokenOf(RegistryKind.Public),
                    PushAction.GetServiceBearerToken
                ) => FailureKind.TokenApiDenied,
            (PolicyKind.Repository, _) => FailureKind.NoResourcePolicy,
            (PolicyKind.Identity, _) => FailureKind.NoIdentityPolicy,
            _ when EcrActions.IsLookUp(action) => FailureKind.PreflightApiDenied,
            _ => FailureKind.DeniedUnspecified,
        };

    private static bool IsAnyOf(string action, params IReadOnlyList<string> actions) =>
        actions.Contains(action, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"calling\s+the\s+(?<name>\w+)\s+operation",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Operation();
}
