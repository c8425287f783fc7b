using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>AWS's sentence about a denied request, which <see cref="DenialMessage"/> takes apart.</summary>
internal static partial class Denials
{
    /// <summary>The denial in the most complete of several readings of the same lines.</summary>
    public static FailureReading? Find(IEnumerable<string> readings)
    {
        string[] texts = [.. readings];
        var (sentence, text) = texts
            .Select(text => (Sentence: DenialMessage.Find(text), Text: text))
            .MaxBy(reading => Completeness(reading.Sentence));
        if (sentence is not null)
        {
            // Reporters mask the action too, but not the operation.
            var action =
                sentence.Action.Contains('<', StringComparison.Ordinal)
                && Calling().Match(text) is { Success: true } call
                    ? EcrActions.ForOperation(RegistryKind.Private, call.Groups["operation"].Value)
                    : sentence.Action;
            return new(Select(action, sentence.Reason))
            {
                Denial = sentence,
                Reason = sentence.Reason,
                Authorization = AuthorizationDetails.Find(text),
                Operation = OperationOf(action) ?? FailureCatalog.OperationOf(text),
            };
        }

        return texts.Select(DenialReason.Find).FirstOrDefault(reason => reason is not null) is { } tail
            ? new(Select(tail.Action ?? "", tail)) { Reason = tail }
            : null;
    }

    /// <summary>Of the actions that a push or a pull alone needs.</summary>
    private static Operation? OperationOf(string action) =>
        action switch
        {
            PushAction.InitiateLayerUpload
            or PushAction.UploadLayerPart
            or PushAction.CompleteLayerUpload
            or PushAction.PutImage => Operation.Push,
            EcrActions.GetDownloadUrlForLayer => Operation.Pull,
            _ => null,
        };

    private static Failure Select(string action, DenialReason? reason) =>
        FailureCatalog.Get(
            (reason?.PolicyKind, reason?.IsExplicit) switch
            {
                (PolicyKind.RoleTrust, _) => "denied-assume-role",
                (PolicyKind.ServiceControl, true) => "denied-explicit-scp",
                (PolicyKind.ServiceControl, _) => "denied-no-scp",
                (PolicyKind.ResourceControl, true) => "denied-explicit-rcp",
                (PolicyKind.ResourceControl, _) => "denied-no-rcp",
                (PolicyKind.VpcEndpoint, true) => "denied-explicit-vpce",
                (PolicyKind.VpcEndpoint, _) => "denied-no-vpce-policy",
                (PolicyKind.PermissionsBoundary, true) => "denied-explicit-boundary",
                (PolicyKind.PermissionsBoundary, _) => "denied-no-boundary",
                (PolicyKind.Session, true) => "denied-explicit-session",
                (PolicyKind.Session, _) => "denied-no-session-policy",
                (PolicyKind.Repository, true) => "denied-explicit-resource-policy",
                (PolicyKind.Identity, true) => "denied-explicit-identity",
                (_, true) => "denied-explicit",
                _ when StsActions.AssumesRole(action) => "denied-assume-role",
                _ when PushAction.IsOfToken(action) => "denied-token-api",
                (PolicyKind.Identity, _) => "denied-no-identity-policy",
                _ when action.StartsWith("kms:", StringComparison.OrdinalIgnoreCase) => "kms-refused",
                (PolicyKind.Repository, _) => "denied-no-resource-policy",
                _ when EcrActions.IsLookUp(action) => "denied-preflight-api",
                _ => "denied-unspecified",
            }
        );

    private static int Completeness(DenialMessage? sentence) =>
        sentence is null
            ? 0
            : 1
                + (sentence.HasBeginning ? 1 : 0)
                + (sentence.Resource is not null ? 2 : 0)
                + (sentence.Reason is not null ? 4 : 0);

    [GeneratedRegex(
        @"calling\s+the\s+(?<operation>\w+)\s+operation",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Calling();
}
