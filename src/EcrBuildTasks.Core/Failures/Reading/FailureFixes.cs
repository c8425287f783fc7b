using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Finds the statements that fix a denial of which only AWS's sentence is known.</summary>
internal static class FailureFixes
{
    public static IReadOnlyList<PolicyFix> Find(FailureReading reading) =>
        RequestFor(reading) is { } request ? PolicyFixes.For(request) : [];

    /// <summary>
    /// Why there is no fix, or what to check before one is applied: anyone can write a text that names their own account.
    /// </summary>
    public static string? Note(FailureReading reading) =>
        RequestFor(reading) is not { } request ? null
        : request.InvalidName is { } invalid
            ? $"No statement is suggested: {invalid}. `dotnet ecr check` with the same credentials shows what is missing."
        : reading.IsAnswer || PolicyFixes.For(request).Count == 0 ? null
        : $"Account {request.Caller.Account} and the names in the statement come from this text. Make sure that you know them before you apply it.";

    /// <summary>The note, the statements and the commands that apply them, for people.</summary>
    public static IEnumerable<string> Lines(FailureReading reading)
    {
        if (Note(reading) is { } note)
        {
            yield return note;
        }

        foreach (
            var line in Find(reading).SelectMany(fix => fix.ToLines(PolicyFix.TerminalWidth).Concat(AwsCommand(fix)))
        )
        {
            yield return line;
        }
    }

    private static IEnumerable<string> AwsCommand(PolicyFix fix) =>
        fix is not { ToolCommand: null } || fix.AwsCommand() is not { } command ? []
        // A script, which nobody would read here.
        : fix.Policy is PolicyKind.Repository
            ? [$"With credentials of account {fix.OwnerAccount}: the command that `--output json` prints."]
        : command
            .Split('\n')
            .Select(line => $"  {line.TrimEnd('\r')}")
            .Prepend($"With credentials of account {fix.OwnerAccount}:");

    private static FixRequest? RequestFor(FailureReading reading)
    {
        if (reading is not { Principal: { } principal, Action: { } action })
        {
            return null;
        }

        var account = reading.CallerAccount ?? "";
        var wanting = Wanting(reading, account);
        return wanting.Count == 0
            ? null
            : new()
            {
                Caller = new(principal, account, ""),
                RepositoryArn = reading.Resource ?? "",
                Image = ImageOf(reading.Resource),
                RepositoryAccount = reading.RepositoryAccount ?? account,
                Actions = Actions(reading.Operation, action),
                Wanting = wanting,
            };
    }

    /// <summary>AWS names the first action only; a caller that lacks one of a push, or of a pull, mostly lacks all.</summary>
    private static IReadOnlyList<string> Actions(Operation? operation, string action) =>
        EcrActions.ForPull.Contains(action, StringComparer.OrdinalIgnoreCase)
        && (operation is Operation.Pull || !PushAction.OnRepository.Contains(action, StringComparer.OrdinalIgnoreCase))
            ? EcrActions.ForPull
        : PushAction.OnRepository.Contains(action, StringComparer.OrdinalIgnoreCase) ? PushAction.OnRepository
        : PushAction.On(RegistryKind.Public).Contains(action, StringComparer.OrdinalIgnoreCase)
            ? PushAction.On(RegistryKind.Public)
        : [action];

    private static IReadOnlyList<PolicyKind> Wanting(FailureReading reading, string account) =>
        reading.Kind switch
        {
            "denied-no-resource-policy" => [PolicyKind.Repository],
            "denied-no-identity-policy" or "denied-token-api" => [PolicyKind.Identity],
            "denied-unspecified" or "denied-preflight-api" when reading.RepositoryAccount == account =>
            [
                PolicyKind.Identity,
            ],
            "denied-unspecified" or "denied-preflight-api" => [PolicyKind.Repository, PolicyKind.Identity],
            _ => [],
        };

    private static string? ImageOf(string? resource) =>
        Arn.Parse(resource) is { IsPublic: false, IsInOneAccount: true, Repository: { } name } repository
            ? $"{EcrRegistry.Create(repository.Account, repository.Region).Host}/{name}"
            : null;
}
