using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Repositories;

/// <param name="Presence">Whether the registry has a policy.</param>
/// <param name="Document">The policy, if it could be read.</param>
public sealed record RegistryPolicy(Presence Presence, PolicyDocument? Document)
{
    // A build should not wait long for what it does without.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    internal static RegistryPolicy NotSeen { get; } = new(Presence.NotSeen, null);

    /// <summary>
    /// Reads the policy of the caller's own registry; AWS returns no other. Requires a permission that no push needs: what cannot be
    /// read is not seen.
    /// </summary>
    internal static async Task<RegistryPolicy> ReadAsync(EcrClient ecr, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await new CallLimit(Longest).RunAsync(
                cancellation => ecr.GetRegistryPolicyAsync(new(), cancellation),
                cancellationToken
            );
            return new(Presence.Present, PolicyDocument.Parse(answer.PolicyText ?? ""));
        }
        catch (AmazonServiceException failure) when (failure.ErrorCode is "RegistryPolicyNotFoundException")
        {
            return new(Presence.Absent, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return NotSeen;
        }
    }
}
