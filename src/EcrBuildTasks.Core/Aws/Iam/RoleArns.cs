using System.Collections.Concurrent;

namespace EcrBuildTasks.Aws.Iam;

/// <summary>
/// The ARNs of roles with their paths, which the ARNs of the roles' sessions have lost. IAM is asked once for each role, by one
/// attempt; that it refuses or does not answer is no failure, for <c>iam:GetRole</c> is needed for nothing else.
/// </summary>
/// <param name="getAccount">Gives the account of who asks: IAM tells of no other.</param>
/// <param name="connect">Gives the client for a partition.</param>
internal sealed class RoleArns(Func<CancellationToken, Task<string>> getAccount, Func<string, IamClient> connect)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<AssumedRole, Lazy<Task<string?>>> _asked = new();

    /// <returns><see langword="null"/> when it is not known.</returns>
    public async Task<string?> FindAsync(string callerArn, CancellationToken cancellationToken) =>
        AssumedRole.Of(callerArn) is { } role
            ? await _asked.GetOrAdd(role, _ => new(() => AskAsync(role))).Value.WaitAsync(cancellationToken)
            : null;

    private async Task<string?> AskAsync(AssumedRole role)
    {
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            // Credentials may be looked for without heed of the token.
            return await Task.Run(() => GetAsync(role, limit.Token)).WaitAsync(limit.Token);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private async Task<string?> GetAsync(AssumedRole role, CancellationToken cancellationToken)
    {
        if (await getAccount(cancellationToken) != role.Account)
        {
            return null;
        }

        using var iam = connect(role.Partition);
        var answer = await iam.GetRoleAsync(new() { RoleName = role.Name }, cancellationToken);
        return answer.Arn is { } arn && role.IsNamedBy(arn) ? arn : null;
    }

    /// <summary>The role of a session.</summary>
    private sealed record AssumedRole(string Partition, string Account, string Name)
    {
        // Their names end anew with each assignment, so that none of them is named exactly.
        private const string OfIdentityCenter = "AWSReservedSSO_";

        public static AssumedRole? Of(string arn) =>
            arn.Split(':', 6) is ["arn", var partition, "sts", _, var account, var resource]
            && resource.Split('/') is ["assumed-role", var name, _]
            && !name.StartsWith(OfIdentityCenter, StringComparison.Ordinal)
                ? new(partition, account, name)
                : null;

        /// <summary>A path may hold what a policy takes for a wildcard or a variable, and would then name others too.</summary>
        public bool IsNamedBy(string arn) =>
            arn.StartsWith($"arn:{Partition}:iam::{Account}:role/", StringComparison.Ordinal)
            && arn.EndsWith($"/{Name}", StringComparison.Ordinal)
            && !arn.AsSpan().ContainsAny('*', '?', '$');
    }
}
